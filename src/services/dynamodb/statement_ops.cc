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

// The reply grows while rows are read: they come first.
class SelectReply {
 public:
  explicit SelectReply(const statements::SelectPlan& plan) : plan_(plan), out_(&reply_) {
    reply_.reserve(kRoom);
    out_.BeginObject().Key("Items").BeginArray();
  }

  void Add(ItemView item) { WriteRow(plan_, item, out_); }

  std::string Finish(json::Value body, const ReadStatement& read, const statements::SelectResult& result) {
    out_.EndArray();
    if (result.next) WritePlace(body, read, *result.next, out_);
    WriteStatementCapacity(body, SourceOf(*read.statement).table, result.capacity, out_);
    out_.EndObject();
    return std::move(reply_);
  }

 private:
  static constexpr size_t kRoom = 1024;  // for a row and what stands around it

  const statements::SelectPlan& plan_;
  std::string reply_;
  json::Writer out_;
};

Answer RunGet(const Items& items, const Call& call, const ReadStatement& read, const statements::SelectPlan& plan,
              bool consistent) {
  SelectReply reply(plan);
  const auto add = [&](ItemView item) { reply.Add(item); };
  STATOR_TRY(const statements::SelectResult result, statements::RunGet(items.tables.engine(), plan, consistent, add));
  return reply.Finish(call.body, read, result);
}

Task<Answer> RunPage(Items items, const Call& call, const ReadStatement& read, const statements::SelectPlan& plan,
                     statements::SelectOptions options) {
  SelectReply reply(plan);
  const auto add = [&](ItemView item) { reply.Add(item); };
  const dataplane::Reader reader{items.tables.engine(), items.workers};
  STATOR_CO_TRY(const statements::SelectResult result,
                co_await statements::RunSelect(reader, plan, std::move(options), call.lane, add));
  co_return reply.Finish(call.body, read, result);
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
  if (const auto* select = std::get_if<partiql::Select>(&*read.statement)) {
    STATOR_CO_TRY(statements::SelectOptions options, ReadOptions(call.body, read));
    STATOR_CO_TRY(const statements::SelectPlan plan, PlanSelectOf(items.catalog, *select, options.consistent));
    if (plan.kind == statements::SelectPlan::Kind::kGet) co_return RunGet(items, call, read, plan, options.consistent);
    Answer answer = co_await RunPage(items, call, read, plan, std::move(options));
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
