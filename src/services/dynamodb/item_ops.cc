// PutItem, GetItem, UpdateItem, DeleteItem: read the fields, make the typed call, write the reply.
#include "dataplane/limits.h"
#include "dataplane/read.h"
#include "dataplane/write.h"
#include "errors/dataplane.h"
#include "item/wire.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/parameters.h"
#include "services/dynamodb/reply.h"
#include "services/dynamodb/service.h"

namespace stator::services::dynamodb {
namespace {

using dispatch::Answer;
using dispatch::Call;
using item::ItemView;

constexpr Bytes kConditionAbsent = "ConditionExpression is null";
constexpr Bytes kUpdateAbsent = "UpdateExpression and ConditionExpression are null";

// --- Read the fields. Everything but the table is decided before the table is looked up. ---

Status ReadWriteOptions(json::Value body, bool update, expression::Binder& binder, dataplane::WriteRequest* request) {
  STATOR_OK(ReadReturnValues(body, update, request));
  STATOR_TRY(request->condition, ReadCondition(body, binder));
  return {};
}

Result<dataplane::PutRequest> ReadPut(const Items& items, json::Value body) {
  STATOR_OK(expression::RefuseMixed(body));
  STATOR_TRY(expression::Binder binder, ReadBinder(body, {"ConditionExpression"}, kConditionAbsent));
  dataplane::PutRequest request;
  STATOR_TRY(request.item, item::ReadItem(Field(body, "Item")));
  if (ItemView(request.item).size_bytes() > dataplane::kMaxItemBytes) return Fail(errors::kItemTooLarge);
  STATOR_OK(ReadWriteOptions(body, false, binder, &request));
  STATOR_OK(binder.CheckAllUsed());
  STATOR_TRY(request.table, TableOf(items.catalog, TextField(body, "TableName")));
  return request;
}

Result<dataplane::DeleteRequest> ReadDelete(const Items& items, json::Value body) {
  STATOR_OK(expression::RefuseMixed(body));
  STATOR_TRY(expression::Binder binder, ReadBinder(body, {"ConditionExpression"}, kConditionAbsent));
  dataplane::DeleteRequest request;
  STATOR_TRY(request.key, ReadKey(Field(body, "Key")));
  STATOR_OK(ReadWriteOptions(body, false, binder, &request));
  STATOR_OK(binder.CheckAllUsed());
  STATOR_TRY(request.table, TableOf(items.catalog, TextField(body, "TableName")));
  return request;
}

Result<std::optional<expression::Update>> ReadUpdateAction(json::Value body, expression::Binder& binder) {
  if (const json::Value text = Field(body, "UpdateExpression"); text.valid()) {
    STATOR_TRY(expression::Update update, expression::Update::Parse(text.text(), binder));
    return std::optional(std::move(update));
  }
  const json::Value updates = Field(body, "AttributeUpdates");
  if (!updates.valid() || updates.size() == 0) return std::optional<expression::Update>();
  STATOR_TRY(expression::Update update, expression::UpdateFromAttributeUpdates(updates));
  return std::optional(std::move(update));
}

Result<dataplane::UpdateRequest> ReadUpdate(const Items& items, json::Value body) {
  STATOR_OK(expression::RefuseMixed(body));
  STATOR_TRY(expression::Binder binder, ReadBinder(body, {"UpdateExpression", "ConditionExpression"}, kUpdateAbsent));
  dataplane::UpdateRequest request;
  STATOR_TRY(request.key, ReadKey(Field(body, "Key")));
  STATOR_TRY(request.update, ReadUpdateAction(body, binder));
  STATOR_OK(ReadWriteOptions(body, true, binder, &request));
  STATOR_OK(binder.CheckAllUsed());
  STATOR_TRY(request.table, TableOf(items.catalog, TextField(body, "TableName")));
  return request;
}

// --- Write the reply. ---

std::string WriteReply(json::Value body, const dataplane::WriteRequest& request, ItemView key,
                       const dataplane::WriteResult& result) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  if (const ItemView attributes = result.attributes(); attributes.valid()) {
    out.Key("Attributes");
    item::WriteItem(attributes, out);
  }
  if (const CapacityDetail detail = ReadCapacityDetail(body); detail != CapacityDetail::kNone) {
    out.Key("ConsumedCapacity");
    WriteCapacity(TextField(body, "TableName"), result.capacity, detail, out);
  }
  if (WantsCollectionMetrics(body, *request.table)) {
    out.Key("ItemCollectionMetrics");
    WriteCollectionMetrics(*request.table, key, out);
  }
  out.EndObject();
  return reply;
}

std::string WriteGetReply(json::Value body, ItemView item, const std::optional<expression::Projection>& projection) {
  std::string reply;
  reply.reserve(64 + 2 * item.stored().size());
  json::Writer out(&reply);
  out.BeginObject();
  if (item.valid()) {
    out.Key("Item");
    if (projection) {
      projection->Write(item, out);
    } else {
      item::WriteItem(item, out);
    }
  }
  if (const CapacityDetail detail = ReadCapacityDetail(body); detail != CapacityDetail::kNone) {
    dataplane::Capacity capacity;
    capacity.table = dataplane::ReadUnits(item.valid() ? item.size_bytes() : 0, FlagField(body, "ConsistentRead"));
    out.Key("ConsumedCapacity");
    WriteCapacity(TextField(body, "TableName"), capacity, detail, out);
  }
  out.EndObject();
  return reply;
}

// --- Run. ---

Answer RunGet(const Items& items, const Call& call) {
  STATOR_OK(expression::RefuseMixed(call.body));
  STATOR_TRY(expression::Binder binder, ReadBinder(call.body, {"ProjectionExpression"}));
  STATOR_TRY(const std::string key, ReadKey(Field(call.body, "Key")));
  STATOR_TRY(const auto projection, ReadProjection(call.body, binder));
  STATOR_OK(binder.CheckAllUsed());
  STATOR_TRY(const catalog::TableRef table, TableOf(items.catalog, TextField(call.body, "TableName")));
  STATOR_OK(dataplane::CheckPaths(*table, binder.NestedNames()));
  engine::Value value;
  STATOR_TRY(const bool found, dataplane::Get(items.tables.engine(), *table, ItemView(key), &value));
  return WriteGetReply(call.body, found ? ItemView(value.bytes) : ItemView(), projection);
}

Task<Answer> GetItem(Items items, const Call& call) { co_return RunGet(items, call); }

Task<Answer> PutItem(Items items, const Call& call) {
  Result<dataplane::PutRequest> read = ReadPut(items, call.body);
  if (!read.ok()) co_return expression::AsWriteError(std::move(read).error());
  const dataplane::PutRequest request = std::move(read).value();
  STATOR_CO_TRY(const dataplane::WriteResult result,
                co_await dataplane::Put(items.tables.mutator(), request, call.lane));
  co_return WriteReply(call.body, request, ItemView(request.item), result);
}

Task<Answer> DeleteItem(Items items, const Call& call) {
  STATOR_CO_TRY(const dataplane::DeleteRequest request, ReadDelete(items, call.body));
  STATOR_CO_TRY(const dataplane::WriteResult result,
                co_await dataplane::Delete(items.tables.mutator(), request, call.lane));
  co_return WriteReply(call.body, request, ItemView(request.key), result);
}

Task<Answer> UpdateItem(Items items, const Call& call) {
  Result<dataplane::UpdateRequest> read = ReadUpdate(items, call.body);
  if (!read.ok()) co_return expression::AsWriteError(std::move(read).error());
  const dataplane::UpdateRequest request = std::move(read).value();
  STATOR_CO_TRY(const dataplane::WriteResult result,
                co_await dataplane::Update(items.tables.mutator(), request, call.lane));
  co_return WriteReply(call.body, request, ItemView(request.key), result);
}

}  // namespace

// --- Register. ---

void RegisterItemOps(dispatch::Registry& registry, Items items) {
  using Run = Task<Answer> (*)(Items, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, bool writes, Run run) {
    registry.Add({kTargetPrefix, name, &input, writes, [items, run](const Call& call) { return run(items, call); },
                  &WriteErrorDetail});
  };
  add("GetItem", model::kGetItemInput, false, &GetItem);
  add("PutItem", model::kPutItemInput, true, &PutItem);
  add("UpdateItem", model::kUpdateItemInput, true, &UpdateItem);
  add("DeleteItem", model::kDeleteItemInput, true, &DeleteItem);
}

}  // namespace stator::services::dynamodb
