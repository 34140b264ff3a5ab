// ExecuteStatement: read the statement, plan it, make the typed calls, write the reply.
#include "errors/statements.h"
#include "item/wire.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/next_token.h"
#include "services/dynamodb/reply.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/statement.h"
#include "statements/select.h"
#include "statements/write.h"

namespace stator::services::dynamodb {
namespace {

using dispatch::Answer;
using dispatch::Call;
using item::ItemView;

void WriteStatementCapacity(json::Value body, Bytes table, const dataplane::Capacity& capacity, json::Writer& out) {
  const CapacityDetail detail = ReadCapacityDetail(body);
  if (detail == CapacityDetail::kNone) return;
  out.Key("ConsumedCapacity");
  WriteCapacity(table, capacity, detail, out);
}

// --- SELECT. ---

Result<statements::SelectOptions> ReadOptions(json::Value body, const ReadStatement& read) {
  statements::SelectOptions options;
  options.consistent = FlagField(body, "ConsistentRead");
  options.limit = NumberField(body, "Limit");
  if (const json::Value token = Field(body, "NextToken"); token.valid()) {
    const StatementPrint print = PrintOf(TextField(body, "Statement"), read.parameters);
    STATOR_TRY(options.after, ReadNextToken(print, token.text()));
  }
  return options;
}

void WritePlace(json::Value body, const ReadStatement& read, const statements::Position& place, json::Writer& out) {
  const StatementPrint print = PrintOf(TextField(body, "Statement"), read.parameters);
  out.Key("NextToken").String(WriteNextToken(print, place));
  out.Key("LastEvaluatedKey");
  item::WriteItem(ItemView(place.key), out);
}

Task<Answer> RunSelect(Items items, const Call& call, const ReadStatement& read) {
  const auto& select = std::get<partiql::Select>(*read.statement);
  STATOR_CO_TRY(statements::SelectOptions options, ReadOptions(call.body, read));
  STATOR_CO_TRY(const statements::SelectPlan plan, PlanSelectOf(items.catalog, select, options.consistent));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Items").BeginArray();
  const auto add = [&](ItemView item) { WriteRow(plan, item, out); };
  const dataplane::Reader reader{items.tables.engine(), items.workers};
  STATOR_CO_TRY(const statements::SelectResult result,
                co_await statements::RunSelect(reader, plan, std::move(options), call.lane, add));
  out.EndArray();
  if (result.next) WritePlace(call.body, read, *result.next, out);
  WriteStatementCapacity(call.body, select.from.table, result.capacity, out);
  out.EndObject();
  co_return reply;
}

// --- INSERT, UPDATE, DELETE. ---

Task<Answer> RunWrite(Items items, const Call& call, const ReadStatement& read) {
  if (std::holds_alternative<partiql::Exists>(*read.statement)) co_return Fail(errors::kExistsOutsideTransaction);
  if (Field(call.body, "NextToken").valid()) co_return Fail(errors::kNextTokenInvalid);
  STATOR_CO_TRY(const dataplane::TransactAction action,
                PlanWriteOf(items.catalog, *read.statement, WantsItemOnFailure(call.body)));
  STATOR_CO_TRY(const dataplane::WriteResult result,
                co_await statements::RunWrite(items.tables.mutator(), action, call.lane));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  if (result.return_values != dataplane::ReturnValues::kNone) {
    out.Key("Items").BeginArray();
    if (const ItemView item = result.attributes(); item.valid()) item::WriteItem(item, out);
    out.EndArray();
  }
  WriteStatementCapacity(call.body, SourceOf(*read.statement).table, result.capacity, out);
  out.EndObject();
  co_return reply;
}

Task<Answer> ExecuteStatement(Items items, const Call& call) {
  STATOR_CO_TRY(const ReadStatement read, ReadStatementOf(call.body));
  if (!read.statement.ok()) co_return read.statement.error();
  if (IsRead(*read.statement)) {
    Answer answer = co_await RunSelect(items, call, read);
    co_return answer;
  }
  Answer answer = co_await RunWrite(items, call, read);
  co_return answer;
}

}  // namespace

void RegisterStatementOps(dispatch::Registry& registry, Items items) {
  registry.Add({kTargetPrefix, "ExecuteStatement", &model::kExecuteStatementInput, true,
                [items](const Call& call) { return ExecuteStatement(items, call); }, &WriteErrorDetail});
}

}  // namespace stator::services::dynamodb
