// ExecuteStatement: read the statement, plan it, make the typed calls, write the reply.
#include "errors/statements.h"
#include "item/wire.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/next_token.h"
#include "services/dynamodb/reply.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/statement.h"
#include "statements/key_select.h"
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

using Parameters = std::vector<std::string>;

Result<statements::SelectOptions> ReadOptions(json::Value body, const Parameters& parameters) {
  statements::SelectOptions options;
  options.consistent = FlagField(body, "ConsistentRead");
  options.limit = NumberField(body, "Limit");
  if (const json::Value token = Field(body, "NextToken"); token.valid()) {
    STATOR_TRY(options.after, ReadNextToken(PrintOf(TextField(body, "Statement"), parameters), token.text()));
  }
  return options;
}

void WritePlace(json::Value body, const Parameters& parameters, const statements::Position& place, json::Writer& out) {
  out.Key("NextToken").String(WriteNextToken(PrintOf(TextField(body, "Statement"), parameters), place));
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

  // `table`: its name in the statement.
  std::string Finish(json::Value body, Bytes table, const Parameters& parameters,
                     const statements::SelectResult& result) {
    out_.EndArray();
    if (result.next) WritePlace(body, parameters, *result.next, out_);
    WriteStatementCapacity(body, table, result.capacity, out_);
    out_.EndObject();
    return std::move(reply_);
  }

 private:
  static constexpr size_t kRoom = 1024;  // for a row and what stands around it

  const statements::SelectPlan& plan_;
  std::string reply_;
  json::Writer out_;
};

Answer RunGet(const Items& items, const Call& call, const statements::SelectPlan& plan, Bytes table) {
  SelectReply reply(plan);
  const auto add = [&](ItemView item) { reply.Add(item); };
  const bool consistent = FlagField(call.body, "ConsistentRead");
  STATOR_TRY(const statements::SelectResult result, statements::RunGet(items.tables.engine(), plan, consistent, add));
  return reply.Finish(call.body, table, {}, result);
}

// The answer if the text is known for a SELECT by key.
std::optional<Answer> RunKnown(const Items& items, const Call& call, const Parameters& parameters) {
  const auto* known = statements::KeySelects::OfThread().Find(TextField(call.body, "Statement"), parameters.size());
  if (!known || Field(call.body, "NextToken").valid()) return std::nullopt;
  Result<catalog::TableRef> table = TableOf(items.catalog, known->table);
  if (!table.ok()) return Answer(std::move(table).error());
  const auto plan = statements::PlanKeySelect(*known, parameters, std::move(table).value());
  return plan ? std::optional(RunGet(items, call, *plan, known->table)) : std::nullopt;
}

Task<Answer> RunSelect(Items items, const Call& call, const ReadStatement& read) {
  const auto& select = std::get<partiql::Select>(*read.statement);
  STATOR_CO_TRY(statements::SelectOptions options, ReadOptions(call.body, read.parameters));
  STATOR_CO_TRY(const statements::SelectPlan plan, PlanSelectOf(items.catalog, select, options.consistent));
  if (plan.kind == statements::SelectPlan::Kind::kGet) {
    const bool again = !plan.filter && !read.parameters.empty();
    if (again) statements::KeySelects::OfThread().Saw(TextField(call.body, "Statement"), read.parameters.size());
    co_return RunGet(items, call, plan, select.from.table);
  }
  SelectReply reply(plan);
  const auto add = [&](ItemView item) { reply.Add(item); };
  const dataplane::Reader reader{items.tables.engine(), items.workers};
  STATOR_CO_TRY(const statements::SelectResult result,
                co_await statements::RunSelect(reader, plan, std::move(options), call.lane, add));
  co_return reply.Finish(call.body, select.from.table, read.parameters, result);
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
  // There is always a list: it is empty without RETURNING (API reference, ExecuteStatement, Items).
  out.BeginObject().Key("Items").BeginArray();
  if (const ItemView item = result.attributes(); item.valid()) item::WriteItem(item, out);
  out.EndArray();
  WriteStatementCapacity(call.body, SourceOf(*read.statement).table, result.capacity, out);
  out.EndObject();
  co_return reply;
}

Task<Answer> ExecuteStatement(Items items, const Call& call) {
  STATOR_CO_TRY(Parameters parameters, ReadParameters(call.body));
  if (std::optional<Answer> known = RunKnown(items, call, parameters)) co_return std::move(*known);
  const ReadStatement read = ParseStatement(call.body, std::move(parameters));
  if (!read.statement.ok()) co_return read.statement.error();
  Answer answer(std::string{});
  if (IsRead(*read.statement)) {
    answer = co_await RunSelect(items, call, read);
  } else {
    answer = co_await RunWrite(items, call, read);
  }
  co_return answer;
}

}  // namespace

void RegisterStatementOps(dispatch::Registry& registry, Items items) {
  registry.Add({kTargetPrefix, "ExecuteStatement", &model::kExecuteStatementInput, true,
                [items](const Call& call) { return ExecuteStatement(items, call); }, &WriteErrorDetail});
}

}  // namespace stator::services::dynamodb
