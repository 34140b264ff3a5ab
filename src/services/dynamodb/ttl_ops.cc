// Expiry is a part of the table's schema (catalog/time_to_live.h); table/expiry.h removes the items.
#include "catalog/time_to_live.h"
#include "errors/catalog.h"
#include "json/lenient.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/table_ops.h"

namespace stator::services::dynamodb {
namespace {

using catalog::kSharedNamespace;
using catalog::TableRef;
using catalog::TableSchema;
using catalog::TimeToLive;
using catalog::TimeToLiveStatus;
using dispatch::Answer;
using dispatch::Call;
using Change = std::function<Result<TableSchema>(const TableSchema&)>;

// --- Act. ---

std::string SpecificationReply(bool enabled, Bytes attribute) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("TimeToLiveSpecification").BeginObject();
  out.Key("AttributeName").String(attribute).Key("Enabled").Bool(enabled);
  out.EndObject().EndObject();
  return reply;
}

// A table whose items do not expire names no attribute.
std::string DescriptionReply(const TimeToLive& ttl, TimeToLiveStatus status) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("TimeToLiveDescription").BeginObject();
  if (status != TimeToLiveStatus::kDisabled) out.Key("AttributeName").String(ttl.attribute);
  out.Key("TimeToLiveStatus").String(NameOf(status));
  out.EndObject().EndObject();
  return reply;
}

// --- Read fields, run, reply. ---

Task<Answer> UpdateTimeToLive(TableAccess tables, const Call& call) {
  const Result<Bytes> name = ReadTableName(call.body);
  if (!name.ok()) co_return Answer(name.error());
  const json::Value specification = json::Given(call.body, "TimeToLiveSpecification");
  const bool enable = json::Truth(json::Given(specification, "Enabled"));
  const std::string attribute(json::Given(specification, "AttributeName").text());
  Change change = [&](const TableSchema& newest) { return WithTimeToLive(newest, enable, attribute, call.now); };
  std::string table(*name);
  const Result<TableRef> changed =
      co_await tables.catalog.Change(kSharedNamespace, std::move(table), std::move(change), call.lane);
  if (!changed.ok()) co_return Answer(changed.error());
  co_return Answer(SpecificationReply(enable, attribute));
}

Answer RunDescribe(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const Bytes name, ReadTableName(call.body));
  const TableRef table = tables.catalog.Find(kSharedNamespace, name);
  if (!table) return Fail(errors::kTableNotFound, name);
  return DescriptionReply(table->ttl, StatusOf(table->ttl, tables.catalog.state_delay(), call.now));
}
Task<Answer> DescribeTimeToLive(TableAccess tables, const Call& call) { co_return RunDescribe(tables, call); }

}  // namespace

// --- Register. ---

void RegisterTimeToLiveOps(dispatch::Registry& registry, TableAccess tables) {
  using Run = Task<Answer> (*)(TableAccess, const Call&);
  const auto add = [&](Bytes name, const dispatch::Shape& input, bool writes, Run run) {
    AddControlOperation(registry, name, input, writes, [tables, run](const Call& call) { return run(tables, call); });
  };
  add("UpdateTimeToLive", model::kUpdateTimeToLiveInput, true, UpdateTimeToLive);
  add("DescribeTimeToLive", model::kDescribeTimeToLiveInput, false, DescribeTimeToLive);
}

}  // namespace stator::services::dynamodb
