// BatchExecuteStatement: statements each for itself, and each with its own error. Only what concerns the batch as a
// whole (reads beside writes, an item twice) is an error of the request.
#include <set>

#include "errors/dataplane.h"
#include "errors/statements.h"
#include "item/wire.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/reply.h"
#include "services/dynamodb/service.h"
#include "services/dynamodb/statement.h"
#include "statements/select.h"
#include "statements/write.h"
#include "table/key_layout.h"

namespace stator::services::dynamodb {
namespace {

using dispatch::Answer;
using dispatch::Call;
using item::ItemView;
using statements::SelectPlan;

// One statement on its way to its response.
struct Part {
  json::Value wire;
  ReadStatement read;
  std::optional<SelectPlan> select;
  std::optional<dataplane::TransactAction> action;
  std::optional<Error> error;
  bool names_table = false;  // in the response
  std::string item;          // stored form; empty: none
  dataplane::Capacity capacity;

  bool planned() const { return select || action; }
  Bytes table() const { return SourceOf(*read.statement).table; }
};

// The short names of the model's BatchStatementErrorCodeEnum.
Bytes CodeOf(const Error& error) {
  switch (error.type()) {
    case ErrorType::ResourceNotFoundException:
      return "ResourceNotFound";
    case ErrorType::RequestLimitExceeded:
      return "RequestLimitExceeded";
    case ErrorType::AccessDeniedException:
      return "AccessDenied";
    case ErrorType::InternalServerError:
      return "InternalServerError";
    default:
      return table::CodeOf(error);
  }
}

Result<std::vector<Part>> ReadAll(json::Value body) {
  std::vector<Part> parts;
  bool reads = false;
  bool writes = false;
  for (const json::Value wire : Field(body, "Statements").elements()) {
    STATOR_TRY(ReadStatement read, ReadStatementOf(wire));
    if (read.statement.ok()) (IsRead(*read.statement) ? reads : writes) = true;
    parts.push_back({wire, std::move(read), {}, {}, {}, false, {}, {}});
  }
  if (reads && writes) return Fail(errors::kBatchMixed);
  return parts;
}

// --- Plan. ---

Status PlanPart(const Items& items, Part& part) {
  if (!part.read.statement.ok()) return part.read.statement.error();
  const partiql::Statement& statement = *part.read.statement;
  if (std::holds_alternative<partiql::Exists>(statement)) return Fail(errors::kExistsOutsideTransaction);
  if (!IsRead(statement)) {
    STATOR_TRY(part.action, PlanWriteOf(items.catalog, statement, false));
    // For what a failure costs; the response does not show it.
    std::visit([](auto& write) { write.return_item_on_failure = true; }, *part.action);
    return {};
  }
  const bool consistent = FlagField(part.wire, "ConsistentRead");
  STATOR_TRY(SelectPlan plan, PlanSelectOf(items.catalog, std::get<partiql::Select>(statement), consistent));
  if (plan.kind != SelectPlan::Kind::kGet) return Fail(errors::kBatchSelectNeedsKey);
  part.select = std::move(plan);
  return {};
}

// The space and row of a planned part.
Result<std::pair<engine::Space, std::string>> RowOf(const Part& part) {
  if (part.select) {
    const catalog::TableSchema& table = *part.select->table;
    STATOR_TRY(std::string row, table::TableKey(table, ItemView(part.select->key), table::KeySource::kKey));
    return std::pair(table.space, std::move(row));
  }
  const catalog::TableSchema& table = *dataplane::WriteOf(*part.action).table;
  const bool put = std::holds_alternative<dataplane::PutRequest>(*part.action);
  STATOR_TRY(std::string row, table::TableKey(table, ItemView(dataplane::ItemOrKey(*part.action)),
                                              put ? table::KeySource::kItem : table::KeySource::kKey));
  return std::pair(table.space, std::move(row));
}

Status PlanAll(const Items& items, std::vector<Part>& parts) {
  std::set<std::pair<engine::Space, std::string>> seen;
  for (Part& part : parts) {
    Status planned = PlanPart(items, part);
    if (planned.ok()) {
      auto row = RowOf(part);
      if (row.ok()) {
        if (!seen.insert(std::move(row).value()).second) return Fail(errors::kBatchDuplicates);
        part.names_table = true;
        continue;
      }
      planned = std::move(row).error();
    }
    part.names_table = planned.error().type() == ErrorType::ResourceNotFoundException;
    part.error = std::move(planned).error();
    part.select.reset();
    part.action.reset();
  }
  return {};
}

// --- Run. ---

Status RunRead(const Items& items, Part& part) {
  const bool consistent = FlagField(part.wire, "ConsistentRead");
  const auto keep = [&](ItemView item) { part.item = item.stored(); };
  STATOR_TRY(statements::SelectResult result,
             statements::RunGet(items.tables.engine(), *part.select, consistent, keep));
  part.capacity = std::move(result.capacity);
  return {};
}

// A write whose condition failed costs as much as one of the item it met.
double FailureUnits(const Error& error) {
  if (!error.id.OneOf({errors::kConditionFailed, errors::kDuplicateItem})) return 0;
  const auto* failure = dynamic_cast<const dataplane::ConditionFailure*>(error.detail.get());
  return dataplane::WriteUnits(failure ? ItemView(failure->item).size_bytes() : 0);
}

Task<bool> RunWritePart(Items items, Part& part, Lane& lane) {
  Result<dataplane::WriteResult> done = co_await statements::RunWrite(items.tables.mutator(), *part.action, lane);
  if (!done.ok()) {
    part.capacity.table = FailureUnits(done.error());
    part.error = std::move(done).error();
    co_return false;
  }
  part.capacity = done->capacity;
  if (const ItemView item = done->attributes(); item.valid()) part.item = item.stored();
  co_return true;
}

Task<Status> RunAll(Items items, std::vector<Part>& parts, Lane& lane) {
  // All at once: the writes share the syncs of the log.
  std::vector<Task<bool>> writes;
  for (Part& part : parts) {
    if (part.select) {
      if (Status status = RunRead(items, part); !status.ok()) part.error = std::move(status).error();
    } else if (part.action) {
      writes.push_back(RunWritePart(items, part, lane));
    }
  }
  for (Task<bool>& write : writes) co_await write;
  co_return Status();
}

// --- Write the reply. ---

void WriteResponse(const Part& part, json::Writer& out) {
  out.BeginObject();
  if (part.error) {
    out.Key("Error").BeginObject();
    out.Key("Code").String(CodeOf(*part.error)).Key("Message").String(part.error->text).EndObject();
  }
  if (part.names_table) out.Key("TableName").String(part.table());
  if (!part.error && !part.item.empty()) {
    out.Key("Item");
    if (part.select) {
      WriteRow(*part.select, ItemView(part.item), out);
    } else {
      item::WriteItem(ItemView(part.item), out);
    }
  }
  out.EndObject();
}

Task<Answer> BatchExecuteStatement(Items items, const Call& call) {
  STATOR_CO_TRY(std::vector<Part> parts, ReadAll(call.body));
  STATOR_CO_OK(PlanAll(items, parts));
  STATOR_CO_OK(co_await RunAll(items, parts, call.lane));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Responses").BeginArray();
  std::vector<Bytes> tables;
  std::vector<dataplane::Capacity> capacity;
  for (const Part& part : parts) {
    WriteResponse(part, out);
    if (!part.planned()) continue;
    tables.push_back(part.table());
    capacity.push_back(part.capacity);
  }
  out.EndArray();
  WriteCapacities(tables, capacity, ReadCapacityDetail(call.body), CapacityKind::kUnsaid, out);
  out.EndObject();
  co_return reply;
}

}  // namespace

void RegisterStatementBatchOps(dispatch::Registry& registry, Items items) {
  registry.Add({kTargetPrefix, "BatchExecuteStatement", &model::kBatchExecuteStatementInput, true,
                [items](const Call& call) { return BatchExecuteStatement(items, call); }, &WriteErrorDetail});
}

}  // namespace stator::services::dynamodb
