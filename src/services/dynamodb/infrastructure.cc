#include "services/dynamodb/infrastructure.h"

#include "catalog/name.h"
#include "errors/infrastructure.h"
#include "errors/statements.h"
#include "json/lenient.h"

namespace stator::services::dynamodb {

using dispatch::Answer;
using dispatch::Call;

Result<catalog::TableRef> FindTable(const TableAccess& tables, json::Value body, ErrorId missing) {
  STATOR_TRY(const Bytes name, ReadTableName(body));
  catalog::TableRef table = tables.catalog.Find(catalog::kSharedNamespace, name);
  if (!table) return Fail(missing, name);
  return table;
}

Status CheckChildArn(Bytes arn, Bytes kind, Bytes member) {
  const std::string mark = std::string("/").append(kind).append("/");
  const size_t at = arn.find(mark);
  const bool of_table =
      at != Bytes::npos && at + mark.size() < arn.size() && catalog::TableNameOfResource(arn.substr(0, at)).ok();
  return of_table ? Status() : Status(Fail(errors::kResourceArnInvalid, member, arn));
}

Answer EmptyPage(json::Value body, Bytes member) {
  if (json::Given(body, "NextToken").valid()) return Fail(errors::kNextTokenInvalid);
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key(member).BeginArray().EndArray().EndObject();
  return reply;
}

void AddReply(dispatch::Registry& registry, const TableAccess& tables, std::string_view name,
              const dispatch::Shape& input, Reply reply, dispatch::Support support) {
  const auto run = [tables, reply](const Call& call) -> Task<Answer> { co_return reply(tables, call); };
  registry.Add({.target_prefix = "DynamoDB_20120810", .name = name, .input = &input, .run = run, .support = support});
}

void RegisterInfrastructureOps(dispatch::Registry& registry, const TableAccess& tables) {
  RegisterBackupOps(registry, tables);
  RegisterTransferOps(registry, tables);
  RegisterInsightOps(registry, tables);
  RegisterGlobalOps(registry, tables);
}

}  // namespace stator::services::dynamodb
