// TransactWriteItems and TransactGetItems: read the fields, make the typed call, write the reply.
#include <map>

#include "dataplane/limits.h"
#include "dataplane/transact.h"
#include "errors/dataplane.h"
#include "item/wire.h"
#include "json/fingerprint.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/parameters.h"
#include "services/dynamodb/reply.h"
#include "services/dynamodb/service.h"

namespace stator::services::dynamodb {
namespace {

using dataplane::TransactAction;
using dispatch::Answer;
using dispatch::Call;
using expression::Condition;
using item::ItemView;

constexpr Bytes kConditionAbsent = "ConditionExpression is null";
constexpr Bytes kUpdateAbsent = "UpdateExpression and ConditionExpression are null";

// ---------------------------------------------------------------- TransactWriteItems
// Legacy parameters are no members of these shapes, so they are ignored like any unknown member.

Status ReadOptions(json::Value wire, expression::Binder& binder, dataplane::WriteRequest* write) {
  if (const json::Value text = Field(wire, "ConditionExpression"); text.valid()) {
    STATOR_TRY(Condition condition, Condition::Parse(expression::Parameter::kCondition, text.text(), binder));
    write->condition = std::move(condition);
  }
  write->return_item_on_failure = TextField(wire, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
  return binder.CheckAllUsed();
}

Result<TransactAction> ReadPut(json::Value wire) {
  STATOR_TRY(expression::Binder binder, ReadBinder(wire, {"ConditionExpression"}, kConditionAbsent));
  dataplane::PutRequest put;
  STATOR_TRY(put.item, item::ReadItem(Field(wire, "Item")));
  if (ItemView(put.item).size_bytes() > dataplane::kMaxItemBytes) return Fail(errors::kItemTooLarge);
  STATOR_OK(ReadOptions(wire, binder, &put));
  return TransactAction(std::move(put));
}

Result<TransactAction> ReadUpdate(json::Value wire) {
  STATOR_TRY(expression::Binder binder, ReadBinder(wire, {"UpdateExpression", "ConditionExpression"}, kUpdateAbsent));
  dataplane::UpdateRequest update;
  STATOR_TRY(update.key, ReadKey(Field(wire, "Key")));
  STATOR_TRY(update.update, expression::Update::Parse(Field(wire, "UpdateExpression").text(), binder));
  STATOR_OK(ReadOptions(wire, binder, &update));
  return TransactAction(std::move(update));
}

// Of a Delete and a ConditionCheck.
template <class Request>
Result<TransactAction> ReadKeyed(json::Value wire) {
  STATOR_TRY(expression::Binder binder, ReadBinder(wire, {"ConditionExpression"}, kConditionAbsent));
  Request request;
  STATOR_TRY(request.key, ReadKey(Field(wire, "Key")));
  STATOR_OK(ReadOptions(wire, binder, &request));
  return TransactAction(std::move(request));
}

// The one member of a TransactWriteItem, and how it is read.
struct Part {
  json::Value wire;
  Result<TransactAction> (*read)(json::Value wire) = nullptr;
};

Result<Part> FindPart(json::Value wire) {
  static constexpr std::pair<Bytes, Result<TransactAction> (*)(json::Value)> kParts[] = {
      {"ConditionCheck", &ReadKeyed<dataplane::CheckRequest>},
      {"Put", &ReadPut},
      {"Delete", &ReadKeyed<dataplane::DeleteRequest>},
      {"Update", &ReadUpdate},
  };
  Part part;
  for (const auto& [name, read] : kParts) {
    const json::Value found = Field(wire, name);
    if (!found.valid()) continue;
    if (part.read) return Fail(errors::kTransactionManyActions);
    part = {found, read};
  }
  if (!part.read) return Fail(errors::kTransactionNoAction);
  return part;
}

// What a token stands for: the members that mean something, whatever else the request carries.
table::RequestContent ContentOf(json::Value list) {
  static constexpr Bytes kParts[] = {"ConditionCheck", "Put", "Delete", "Update"};
  static constexpr Bytes kMembers[] = {"TableName",
                                       "Item",
                                       "Key",
                                       "UpdateExpression",
                                       "ConditionExpression",
                                       "ExpressionAttributeNames",
                                       "ExpressionAttributeValues",
                                       "ReturnValuesOnConditionCheckFailure"};
  table::RequestContent content{};
  for (const json::Value element : list.elements()) {
    for (const Bytes part : kParts) {
      const json::Value wire = Field(element, part);
      for (const Bytes member : kMembers) {
        const json::Value value = wire.valid() ? Field(wire, member) : json::Value();
        const auto hash = value.valid() ? json::Fingerprint(value) : std::array<uint64_t, 2>{};
        for (size_t i = 0; i < content.size(); ++i) content[i] = content[i] * 0x9e3779b97f4a7c15 + hash[i];
      }
    }
  }
  return content;
}

// A transaction and the names its tables have in the request.
struct NamedTransaction {
  dataplane::TransactWriteRequest request;
  std::vector<Bytes> names;
};

// Everything but the tables first, of all actions.
Result<NamedTransaction> ReadTransactWrite(const Items& items, json::Value body) {
  const json::Value list = Field(body, "TransactItems");
  std::vector<Part> parts;
  parts.reserve(list.size());
  for (const json::Value wire : list.elements()) {
    STATOR_TRY(const Part part, FindPart(wire));
    parts.push_back(part);
  }
  NamedTransaction read;
  read.request.actions.reserve(parts.size());
  for (const Part& part : parts) {
    STATOR_TRY(TransactAction action, part.read(part.wire));
    read.request.actions.push_back(std::move(action));
    read.names.push_back(TextField(part.wire, "TableName"));
  }
  STATOR_OK(dataplane::CheckTransactSize(read.request.actions));
  for (size_t i = 0; i < parts.size(); ++i) {
    STATOR_TRY(const catalog::TableRef table, TableOf(items.catalog, read.names[i]));
    std::visit([&table](auto& write) { write.table = table; }, read.request.actions[i]);
  }
  read.request.token = TextField(body, "ClientRequestToken");
  if (!read.request.token.empty()) read.request.content = ContentOf(list);
  return read;
}

// The item collections that were written to, by table; nothing if no table has them.
void WriteTransactMetrics(const NamedTransaction& read, json::Writer& out) {
  std::map<Bytes, std::map<std::string, const TransactAction*>> tables;
  for (size_t i = 0; i < read.names.size(); ++i) {
    const TransactAction& action = read.request.actions[i];
    const catalog::TableSchema& table = *dataplane::WriteOf(action).table;
    if (!table.has_local_index() || std::holds_alternative<dataplane::CheckRequest>(action)) continue;
    const ItemView item(dataplane::ItemOrKey(action));
    std::string hash;
    for (const auto& attribute : table.key.hash) hash += item.Find(attribute.name).encoded();
    tables[read.names[i]].try_emplace(std::move(hash), &action);
  }
  if (tables.empty()) return;
  out.Key("ItemCollectionMetrics").BeginObject();
  for (const auto& [name, collections] : tables) {
    out.Key(name).BeginArray();
    for (const auto& [hash, action] : collections) {
      WriteCollectionMetrics(*dataplane::WriteOf(*action).table, ItemView(dataplane::ItemOrKey(*action)), out);
    }
    out.EndArray();
  }
  out.EndObject();
}

Task<Answer> TransactWriteItems(Items items, const Call& call) {
  STATOR_CO_TRY(const NamedTransaction read, ReadTransactWrite(items, call.body));
  STATOR_CO_TRY(const dataplane::TransactWriteResult result,
                co_await dataplane::TransactWrite(items.tables.mutator(), items.tables.tokens(), read.request, call.now,
                                                  call.lane));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  const CapacityKind kind = result.replayed ? CapacityKind::kRead : CapacityKind::kWrite;
  WriteCapacities(read.names, result.capacity, ReadCapacityDetail(call.body), kind, out);
  if (TextField(call.body, "ReturnItemCollectionMetrics") == "SIZE") WriteTransactMetrics(read, out);
  out.EndObject();
  co_return reply;
}

// ---------------------------------------------------------------- TransactGetItems

struct NamedGets {
  std::vector<dataplane::TransactGetRequest> requests;
  std::vector<std::optional<expression::Projection>> projections;
  std::vector<Bytes> names;
};

Result<NamedGets> ReadTransactGet(const Items& items, json::Value body) {
  NamedGets read;
  for (const json::Value element : Field(body, "TransactItems").elements()) {
    const json::Value wire = Field(element, "Get");
    STATOR_TRY(expression::Binder binder, ReadBinder(wire, {"ProjectionExpression"}));
    dataplane::TransactGetRequest& request = read.requests.emplace_back();
    STATOR_TRY(request.key, ReadKey(Field(wire, "Key")));
    std::optional<expression::Projection>& projection = read.projections.emplace_back();
    if (const json::Value text = Field(wire, "ProjectionExpression"); text.valid()) {
      STATOR_TRY(projection, expression::Projection::Parse(text.text(), binder));
    }
    STATOR_OK(binder.CheckAllUsed());
    request.nested = binder.NestedNames();
    read.names.push_back(TextField(wire, "TableName"));
  }
  for (size_t i = 0; i < read.names.size(); ++i) {
    STATOR_TRY(read.requests[i].table, TableOf(items.catalog, read.names[i]));
  }
  return read;
}

Task<Answer> TransactGetItems(Items items, const Call& call) {
  STATOR_CO_TRY(const NamedGets read, ReadTransactGet(items, call.body));
  STATOR_CO_TRY(const std::vector<dataplane::TransactGetResult> results,
                co_await dataplane::TransactGet(items.tables.mutator(), read.requests, call.lane));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Responses").BeginArray();
  std::vector<dataplane::Capacity> capacity;
  capacity.reserve(results.size());
  for (size_t i = 0; i < results.size(); ++i) {
    capacity.push_back(results[i].capacity);
    out.BeginObject();
    if (results[i].found.exists) {
      const ItemView item(results[i].found.value.bytes);
      out.Key("Item");
      if (read.projections[i]) {
        read.projections[i]->Write(item, out);
      } else {
        item::WriteItem(item, out);
      }
    }
    out.EndObject();
  }
  out.EndArray();
  WriteCapacities(read.names, capacity, ReadCapacityDetail(call.body), CapacityKind::kRead, out);
  out.EndObject();
  co_return reply;
}

}  // namespace

void RegisterTransactOps(dispatch::Registry& registry, Items items) {
  registry.Add({kTargetPrefix, "TransactGetItems", &model::kTransactGetItemsInput, false,
                [items](const Call& call) { return TransactGetItems(items, call); }, &WriteErrorDetail});
  registry.Add({kTargetPrefix, "TransactWriteItems", &model::kTransactWriteItemsInput, true,
                [items](const Call& call) { return TransactWriteItems(items, call); }, &WriteErrorDetail});
}

}  // namespace stator::services::dynamodb
