// The catalog may publish the last state of a change at once (no state delay); an answer then still shows the state in
// between, as the service's would: what is shown is a schema made for the answer.
#include "services/dynamodb/table_ops.h"

#include "catalog/create_schema.h"
#include "catalog/name.h"
#include "catalog/update_schema.h"
#include "errors/catalog.h"
#include "json/lenient.h"
#include "services/dynamodb/model.h"

namespace stator::services::dynamodb {
namespace {

using catalog::IndexSchema;
using catalog::kSharedNamespace;
using catalog::State;
using catalog::TableRef;
using catalog::TableSchema;
using dispatch::Answer;
using dispatch::Call;
using Change = std::function<Result<TableSchema>(const TableSchema&)>;

constexpr int64_t kListLimit = 100;

// --- Act. ---

TableSchema ShownCreated(const TableSchema& table) {
  TableSchema shown = table;
  shown.state = State::kCreating;
  return shown;
}

// An update answers with the units the table still has, indexes that change as UPDATING and those that leave as
// DELETING.
TableSchema ShownUpdated(const TableSchema& before, const TableSchema& after) {
  TableSchema shown = after;
  const auto show_old_units = [](const catalog::Throughput& old, catalog::Throughput* units) {
    if (units->read == 0 && units->write == 0) return false;
    const bool changed = old.read != units->read || old.write != units->write;
    units->read = old.read;
    units->write = old.write;
    return changed;
  };
  show_old_units(before.throughput, &shown.throughput);
  for (IndexSchema& index : shown.indexes) {
    const IndexSchema* old = before.FindIndex(index.name);
    if (old && show_old_units(old->throughput, &index.throughput)) index.state = State::kUpdating;
  }
  for (const IndexSchema& index : before.indexes) {
    if (after.FindIndex(index.name)) continue;
    shown.indexes.push_back(index);
    shown.indexes.back().state = State::kDeleting;
    shown.indexes.back().backfilling = false;
  }
  return shown;
}

std::string DescriptionReply(Bytes member, const TableSchema& table, const TableAccess& tables, Time now) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key(member);
  WriteTable(table, {tables.size_of, now}, out);
  out.EndObject();
  return reply;
}

std::string DeletedReply(const TableSchema& table, const TableAccess& tables, Time now) {
  TableSchema shown = table;
  shown.state = State::kDeleting;
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("TableDescription");
  WriteDeletedTable(shown, {tables.size_of, now}, out);
  out.EndObject();
  return reply;
}

std::string ListReply(const std::vector<TableRef>& tables, bool more) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("TableNames").BeginArray();
  for (const TableRef& table : tables) out.String(table->name);
  out.EndArray();
  if (more) out.Key("LastEvaluatedTableName").String(tables.back()->name);
  out.EndObject();
  return reply;
}

// --- Read fields, run, reply. ---

catalog::Origin OriginOf(const Call& call) {
  return {std::string(call.principal.region), std::string(call.principal.account), call.now};
}

Task<Answer> CreateTable(TableAccess tables, const Call& call) {
  Result<TableSchema> schema = catalog::SchemaOfCreate(call.body, OriginOf(call));
  if (!schema.ok()) co_return Answer(schema.error());
  TableSchema wanted = *std::move(schema);
  const Result<TableRef> created = co_await tables.catalog.Create(std::move(wanted), call.lane);
  if (!created.ok()) co_return Answer(created.error());
  co_return Answer(DescriptionReply("TableDescription", ShownCreated(**created), tables, call.now));
}

Answer RunDescribe(const TableAccess& tables, const Call& call) {
  STATOR_TRY(const Bytes name, ReadTableName(call.body));
  const TableRef table = tables.catalog.Find(kSharedNamespace, name);
  if (!table) return Fail(errors::kTableNotFound, name);
  return DescriptionReply("Table", *table, tables, call.now);
}
Task<Answer> DescribeTable(TableAccess tables, const Call& call) { co_return RunDescribe(tables, call); }

Answer RunList(const TableAccess& tables, const Call& call) {
  const json::Value after = json::Given(call.body, "ExclusiveStartTableName");
  const json::Value given = json::Given(call.body, "Limit");
  const auto limit = static_cast<size_t>(given.valid() ? json::WholeNumber(given) : kListLimit);
  std::vector<TableRef> found =
      tables.catalog.List(kSharedNamespace, after.valid() ? after.text() : Bytes(), limit + 1);
  const bool more = found.size() > limit;
  if (more) found.pop_back();
  return ListReply(found, more);
}
Task<Answer> ListTables(TableAccess tables, const Call& call) { co_return RunList(tables, call); }

Task<Answer> UpdateTable(TableAccess tables, const Call& call) {
  const Result<Bytes> name = ReadTableName(call.body);
  if (!name.ok()) co_return Answer(name.error());
  const Status checked = catalog::CheckUpdate(call.body);
  if (!checked.ok()) co_return Answer(checked.error());
  TableSchema before;
  TableSchema wanted;
  Change change = [&](const TableSchema& newest) -> Result<TableSchema> {
    STATOR_TRY(TableSchema next, catalog::SchemaOfUpdate(newest, call.body, OriginOf(call)));
    before = newest;
    wanted = next;
    return next;
  };
  std::string table(*name);
  const Result<TableRef> changed =
      co_await tables.catalog.Change(kSharedNamespace, std::move(table), std::move(change), call.lane);
  if (!changed.ok()) co_return Answer(changed.error());
  TableSchema shown = ShownUpdated(before, **changed);
  shown.state = wanted.state;
  co_return Answer(DescriptionReply("TableDescription", shown, tables, call.now));
}

Status PermitRemoval(const TableSchema& table) {
  if (table.deletion_protection) return Fail(errors::kTableProtected);
  return {};
}

Task<Answer> DeleteTable(TableAccess tables, const Call& call) {
  const Result<Bytes> name = ReadTableName(call.body);
  if (!name.ok()) co_return Answer(name.error());
  std::string table(*name);
  std::function<Status(const TableSchema&)> permit = PermitRemoval;
  const Result<TableRef> removed =
      co_await tables.catalog.Remove(kSharedNamespace, std::move(table), std::move(permit), call.lane);
  if (!removed.ok()) co_return Answer(removed.error());
  co_return Answer(DeletedReply(**removed, tables, call.now));
}

}  // namespace

Result<Bytes> ReadTableName(json::Value body) {
  const json::Value given = json::Given(body, "TableName");
  if (!given.valid()) return Fail(errors::kTableNameMissing);
  return catalog::TableNameOf(given.text(), catalog::NameFor::kTable);
}

// --- Register. ---

void RegisterTableOps(dispatch::Registry& registry, TableAccess tables) {
  using Run = Task<Answer> (*)(TableAccess, const Call&);
  const auto add = [&](Bytes name, const dispatch::Shape& input, bool writes, Run run) {
    AddControlOperation(registry, name, input, writes, [tables, run](const Call& call) { return run(tables, call); });
  };
  add("CreateTable", model::kCreateTableInput, true, CreateTable);
  add("DescribeTable", model::kDescribeTableInput, false, DescribeTable);
  add("ListTables", model::kListTablesInput, false, ListTables);
  add("UpdateTable", model::kUpdateTableInput, true, UpdateTable);
  add("DeleteTable", model::kDeleteTableInput, true, DeleteTable);
}

}  // namespace stator::services::dynamodb
