// ExecuteTransaction: the statements become the actions of one TransactWriteItems, or the gets of one TransactGetItems.
#include "dataplane/transact.h"
#include "errors/dataplane.h"
#include "errors/statements.h"
#include "item/key.h"
#include "item/wire.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/next_token.h"
#include "services/dynamodb/reply.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/statement.h"

namespace stator::services::dynamodb {
namespace {

using dispatch::Answer;
using dispatch::Call;
using item::ItemView;
using statements::SelectPlan;

struct ReadTransaction {
  std::vector<ReadStatement> statements;  // all of them well
  std::vector<json::Value> wires;
  std::vector<Bytes> tables;  // as the statements name them
  bool writes = false;

  const partiql::Statement& at(size_t i) const { return *statements[i].statement; }
};

bool Returns(const partiql::Statement& statement) {
  const auto* update = std::get_if<partiql::Update>(&statement);
  const auto* erase = std::get_if<partiql::Delete>(&statement);
  return (update && update->returning != partiql::Returning::kNone) ||
         (erase && erase->returning != partiql::Returning::kNone);
}

Result<ReadTransaction> ReadAll(json::Value body) {
  ReadTransaction all;
  bool reads = false;
  for (const json::Value wire : Field(body, "TransactStatements").elements()) {
    STATOR_TRY(ReadStatement read, ReadStatementOf(wire));
    if (!read.statement.ok()) return std::move(read.statement).error();
    const bool read_only = IsRead(*read.statement);
    (read_only ? reads : all.writes) = true;
    if (Returns(*read.statement)) return Fail(errors::kReturningInTransaction, uint64_t{all.statements.size()});
    all.statements.push_back(std::move(read));
    all.wires.push_back(wire);
  }
  if (reads && all.writes) return Fail(errors::kStatementsMixed);
  for (size_t i = 0; i < all.statements.size(); ++i) all.tables.emplace_back(SourceOf(all.at(i)).table);
  return all;
}

// What a plan failed for: a table that is not there is the request's fault, the rest is the statement's.
Status AddReason(size_t statement, size_t count, Error error, table::Reasons* reasons) {
  if (error.type() == ErrorType::ResourceNotFoundException) return error;
  reasons->resize(count);
  (*reasons)[statement] = std::move(error);
  return {};
}

// --- Reads. ---

Result<std::vector<SelectPlan>> PlanReads(const Items& items, const ReadTransaction& all) {
  std::vector<SelectPlan> plans;
  table::Reasons reasons;
  const size_t count = all.statements.size();
  for (size_t i = 0; i < count; ++i) {
    auto plan = PlanSelectOf(items.catalog, std::get<partiql::Select>(all.at(i)), false);
    if (plan.ok() && plan->kind != SelectPlan::Kind::kGet) plan = Fail(errors::kTransactSelectNeedsKey);
    if (plan.ok()) {
      plans.push_back(std::move(plan).value());
    } else {
      STATOR_OK(AddReason(i, count, std::move(plan).error(), &reasons));
    }
  }
  if (!reasons.empty()) return table::Cancel(std::move(reasons));
  return plans;
}

void WriteFound(const SelectPlan& plan, const table::Found& found, json::Writer& out) {
  out.BeginObject();
  const ItemView item = found.exists ? ItemView(found.value.bytes) : ItemView();
  if (item.valid() && (!plan.filter || plan.filter->Evaluate(item))) {
    out.Key("Item");
    WriteRow(plan, item, out);
  }
  out.EndObject();
}

Task<Answer> RunReads(Items items, const Call& call, const ReadTransaction& all) {
  STATOR_CO_TRY(const std::vector<SelectPlan> plans, PlanReads(items, all));
  std::vector<dataplane::TransactGetRequest> requests;
  requests.reserve(plans.size());
  for (const SelectPlan& plan : plans) requests.push_back({plan.table, plan.key, plan.nested});
  STATOR_CO_TRY(const std::vector<dataplane::TransactGetResult> results,
                co_await dataplane::TransactGet(items.tables.mutator(), requests, call.lane));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Responses").BeginArray();
  std::vector<dataplane::Capacity> capacity;
  for (size_t i = 0; i < results.size(); ++i) {
    WriteFound(plans[i], results[i].found, out);
    capacity.push_back(results[i].capacity);
  }
  out.EndArray();
  WriteCapacities(all.tables, capacity, ReadCapacityDetail(call.body), CapacityKind::kRead, out);
  out.EndObject();
  co_return reply;
}

// --- Writes. ---

// What a token stands for: every statement with its parameters and options.
table::RequestContent ContentOf(const ReadTransaction& all) {
  table::RequestContent content{};
  for (size_t i = 0; i < all.statements.size(); ++i) {
    const StatementPrint print = PrintOf(TextField(all.wires[i], "Statement"), all.statements[i].parameters);
    for (size_t k = 0; k < content.size(); ++k) {
      content[k] = content[k] * 0x9e3779b97f4a7c15 + print[k] + (WantsItemOnFailure(all.wires[i]) ? 1 : 0);
    }
  }
  return content;
}

Result<dataplane::TransactWriteRequest> PlanWrites(const Items& items, json::Value body, const ReadTransaction& all) {
  dataplane::TransactWriteRequest request;
  const size_t count = all.statements.size();
  request.actions.resize(count);
  for (size_t i = 0; i < count; ++i) {
    auto action = PlanWriteOf(items.catalog, all.at(i), WantsItemOnFailure(all.wires[i]));
    if (action.ok()) {
      request.actions[i] = std::move(action).value();
    } else if (action.error().id == errors::kItemTooLarge) {
      return std::move(action).error();
    } else {
      STATOR_OK(AddReason(i, count, std::move(action).error(), &request.unmade));
    }
  }
  STATOR_OK(dataplane::CheckTransactSize(request.actions));
  request.token = TextField(body, "ClientRequestToken");
  if (!request.token.empty()) request.content = ContentOf(all);
  return request;
}

Task<Answer> RunWrites(Items items, const Call& call, const ReadTransaction& all) {
  STATOR_CO_TRY(const dataplane::TransactWriteRequest request, PlanWrites(items, call.body, all));
  STATOR_CO_TRY(
      const dataplane::TransactWriteResult result,
      co_await dataplane::TransactWrite(items.tables.mutator(), items.tables.tokens(), request, call.now, call.lane));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Responses").BeginArray();
  for (size_t i = 0; i < all.statements.size(); ++i) out.BeginObject().EndObject();
  out.EndArray();
  const CapacityKind kind = result.replayed ? CapacityKind::kRead : CapacityKind::kWrite;
  WriteCapacities(all.tables, result.capacity, ReadCapacityDetail(call.body), kind, out);
  out.EndObject();
  co_return reply;
}

Task<Answer> ExecuteTransaction(Items items, const Call& call) {
  STATOR_CO_TRY(const ReadTransaction all, ReadAll(call.body));
  if (all.writes) {
    Answer answer = co_await RunWrites(items, call, all);
    co_return answer;
  }
  Answer answer = co_await RunReads(items, call, all);
  co_return answer;
}

}  // namespace

void RegisterStatementTransactOps(dispatch::Registry& registry, Items items) {
  registry.Add({kTargetPrefix, "ExecuteTransaction", &model::kExecuteTransactionInput, true,
                [items](const Call& call) { return ExecuteTransaction(items, call); }, &WriteErrorDetail});
}

}  // namespace stator::services::dynamodb
