// BatchGetItem and BatchWriteItem: many keys, many tables, one request.
#include <algorithm>
#include <set>

#include "dataplane/batch.h"
#include "dataplane/limits.h"
#include "dataplane/read.h"
#include "errors/dataplane.h"
#include "errors/item.h"
#include "item/wire.h"
#include "json/copy.h"
#include "services/dynamodb/model.h"
#include "services/dynamodb/parameters.h"
#include "services/dynamodb/reply.h"
#include "services/dynamodb/service.h"
#include "table/key_layout.h"

namespace stator::services::dynamodb {
namespace {

using dispatch::Answer;
using dispatch::Call;
using item::ItemView;

// ---------------------------------------------------------------- BatchGetItem

// The keys asked of one table.
struct TableGet {
  Bytes name;  // as the request gave it
  json::Value wire;
  catalog::TableRef table;
  bool consistent = false;
  std::optional<expression::Binder> binder;
  std::optional<expression::Projection> projection;
  std::vector<std::string> items;  // the Key members, stored form
  std::vector<std::string> keys;   // their rows
};

// Everything about one table but the table itself.
Result<TableGet> ReadTableGet(Bytes name, json::Value wire) {
  TableGet get;
  get.name = name;
  get.wire = wire;
  STATOR_OK(expression::RefuseMixed(wire));
  STATOR_TRY(expression::Binder binder, ReadBinder(wire, {"ProjectionExpression"}));
  STATOR_TRY(get.projection, ReadProjection(wire, binder));
  STATOR_OK(binder.CheckAllUsed());
  std::set<std::string> seen;  // equal keys have one stored form; the service needs no table to tell
  for (const json::Value key : Field(wire, "Keys").elements()) {
    STATOR_TRY(std::string item, ReadKey(key));
    if (!seen.insert(item).second) return Fail(errors::kBatchDuplicates);
    get.items.push_back(std::move(item));
  }
  get.consistent = FlagField(wire, "ConsistentRead");
  get.binder = std::move(binder);
  return get;
}

Status FindRows(const Items& items, TableGet* get) {
  STATOR_TRY(get->table, TableOf(items.catalog, get->name));
  STATOR_OK(dataplane::CheckPaths(*get->table, get->binder->NestedNames()));
  for (const std::string& item : get->items) {
    STATOR_TRY(std::string key, table::TableKey(*get->table, ItemView(item), table::KeySource::kKey));
    get->keys.push_back(std::move(key));
  }
  return {};
}

Result<std::vector<TableGet>> ReadBatchGet(const Items& items, json::Value body) {
  std::vector<TableGet> gets;
  size_t total = 0;
  for (const json::Member member : Field(body, "RequestItems").members()) {
    STATOR_TRY(TableGet get, ReadTableGet(member.name, member.value));
    total += get.items.size();
    gets.push_back(std::move(get));
  }
  if (total > dataplane::kBatchGetKeys) return Fail(errors::kBatchGetTooMany);
  for (TableGet& get : gets) STATOR_OK(FindRows(items, &get));
  return gets;
}

// Writes the items of one table until the answer is full; `done` is how many keys were looked up.
Status WriteResponses(const Items& items, const TableGet& get, size_t* room, size_t* done, double* units,
                      json::Writer& out) {
  out.Key(get.name).BeginArray();
  for (const std::string& key : get.keys) {
    engine::Value value;
    STATOR_TRY(const bool found, items.tables.engine().Get(get.table->space, key, &value));
    const size_t size = found ? ItemView(value.bytes).size_bytes() : 0;
    if (size > *room) break;
    *room -= size;
    *units += dataplane::ReadUnits(size, get.consistent);
    ++*done;
    if (!found) continue;
    if (get.projection) {
      get.projection->Write(ItemView(value.bytes), out);
    } else {
      item::WriteItem(ItemView(value.bytes), out);
    }
  }
  out.EndArray();
  return {};
}

// The table's part of the request again, with the keys that were not reached.
void WriteUnprocessed(const TableGet& get, size_t done, json::Writer& out) {
  out.Key(get.name).BeginObject();
  for (const json::Member member : get.wire.members()) {
    out.Key(member.name);
    if (member.name != "Keys") {
      json::Copy(member.value, out);
      continue;
    }
    out.BeginArray();
    size_t index = 0;
    for (const json::Value key : member.value.elements()) {
      if (index++ >= done) json::Copy(key, out);
    }
    out.EndArray();
  }
  out.EndObject();
}

Answer RunBatchGet(const Items& items, const Call& call) {
  STATOR_TRY(const std::vector<TableGet> gets, ReadBatchGet(items, call.body));
  std::string reply;
  json::Writer out(&reply);
  std::vector<size_t> done(gets.size(), 0);
  std::vector<double> units(gets.size(), 0);
  size_t room = dataplane::kBatchGetBytes;
  out.BeginObject().Key("Responses").BeginObject();
  for (size_t i = 0; i < gets.size(); ++i) {
    STATOR_OK(WriteResponses(items, gets[i], &room, &done[i], &units[i], out));
    if (done[i] < gets[i].keys.size()) room = 0;  // full: the tables that follow wait too
  }
  out.EndObject().Key("UnprocessedKeys").BeginObject();
  for (size_t i = 0; i < gets.size(); ++i) {
    if (done[i] < gets[i].keys.size()) WriteUnprocessed(gets[i], done[i], out);
  }
  out.EndObject();
  if (const CapacityDetail detail = ReadCapacityDetail(call.body); detail != CapacityDetail::kNone) {
    out.Key("ConsumedCapacity").BeginArray();
    for (size_t i = 0; i < gets.size(); ++i) {
      dataplane::Capacity capacity;
      capacity.table = units[i];
      WriteCapacity(gets[i].name, capacity, detail, out);
    }
    out.EndArray();
  }
  out.EndObject();
  return reply;
}

Task<Answer> BatchGetItem(Items items, const Call& call) { co_return RunBatchGet(items, call); }

// ---------------------------------------------------------------- BatchWriteItem

// The writes of one table: a run of the flat list.
struct TableWrites {
  Bytes name;  // as the request gave it
  size_t begin = 0;
  size_t end = 0;
};

struct BatchWriteRequest {
  std::vector<TableWrites> tables;
  std::vector<dataplane::BatchWrite> writes;
};

Result<dataplane::BatchWrite> ReadWrite(json::Value wire) {
  const json::Value put = Field(wire, "PutRequest");
  const json::Value erase = Field(wire, "DeleteRequest");
  // The service says so of none, too.
  if (put.valid() == erase.valid()) return Fail(errors::kValueManyTypes);
  dataplane::BatchWrite write;
  write.erase = erase.valid();
  STATOR_TRY(write.item, write.erase ? ReadKey(Field(erase, "Key")) : item::ReadItem(Field(put, "Item")));
  if (ItemView(write.item).size_bytes() > dataplane::kMaxItemBytes) return Fail(errors::kItemTooLarge);
  return write;
}

Result<BatchWriteRequest> ReadBatchWrite(const Items& items, json::Value body) {
  BatchWriteRequest request;
  for (const json::Member member : Field(body, "RequestItems").members()) {
    TableWrites table{member.name, request.writes.size(), 0};
    for (const json::Value wire : member.value.elements()) {
      STATOR_TRY(dataplane::BatchWrite write, ReadWrite(wire));
      request.writes.push_back(std::move(write));
    }
    table.end = request.writes.size();
    request.tables.push_back(table);
  }
  if (request.writes.size() > dataplane::kBatchWriteRequests) return Fail(errors::kBatchWriteTooMany);
  for (const TableWrites& table : request.tables) {
    STATOR_TRY(const catalog::TableRef found, TableOf(items.catalog, table.name));
    for (size_t i = table.begin; i < table.end; ++i) request.writes[i].table = found;
  }
  return request;
}

void WriteBatchCapacity(const BatchWriteRequest& request, const std::vector<dataplane::BatchWriteResult>& results,
                        CapacityDetail detail, json::Writer& out) {
  out.Key("ConsumedCapacity").BeginArray();
  for (const TableWrites& table : request.tables) {
    dataplane::Capacity sum;
    for (size_t i = table.begin; i < table.end; ++i) sum.Add(results[i].capacity);
    WriteCapacity(table.name, sum, detail, out);
  }
  out.EndArray();
}

// The item collections that were written to, by table; nothing if no table has them.
void WriteBatchMetrics(const BatchWriteRequest& request, json::Writer& out) {
  const auto has_collections = [&request](const TableWrites& table) {
    return request.writes[table.begin].table->has_local_index();
  };
  if (std::none_of(request.tables.begin(), request.tables.end(), has_collections)) return;
  out.Key("ItemCollectionMetrics").BeginObject();
  for (const TableWrites& table : request.tables) {
    if (!has_collections(table)) continue;
    out.Key(table.name).BeginArray();
    std::set<std::string> collections;
    for (size_t i = table.begin; i < table.end; ++i) {
      const dataplane::BatchWrite& write = request.writes[i];
      const ItemView item(write.item);
      std::string hash;
      for (const auto& attribute : write.table->key.hash) hash += item.Find(attribute.name).encoded();
      if (collections.insert(hash).second) WriteCollectionMetrics(*write.table, item, out);
    }
    out.EndArray();
  }
  out.EndObject();
}

Task<Answer> BatchWriteItem(Items items, const Call& call) {
  STATOR_CO_TRY(const BatchWriteRequest request, ReadBatchWrite(items, call.body));
  STATOR_CO_TRY(const std::vector<dataplane::BatchWriteResult> results,
                co_await dataplane::WriteBatch(items.tables.mutator(), request.writes, call.lane));
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("UnprocessedItems").BeginObject().EndObject();
  if (const CapacityDetail detail = ReadCapacityDetail(call.body); detail != CapacityDetail::kNone) {
    WriteBatchCapacity(request, results, detail, out);
  }
  if (TextField(call.body, "ReturnItemCollectionMetrics") == "SIZE") WriteBatchMetrics(request, out);
  out.EndObject();
  co_return reply;
}

}  // namespace

void RegisterBatchOps(dispatch::Registry& registry, Items items) {
  registry.Add({kTargetPrefix, "BatchGetItem", &model::kBatchGetItemInput, false,
                [items](const Call& call) { return BatchGetItem(items, call); }, &WriteErrorDetail});
  registry.Add({kTargetPrefix, "BatchWriteItem", &model::kBatchWriteItemInput, true,
                [items](const Call& call) { return BatchWriteItem(items, call); }, &WriteErrorDetail});
}

}  // namespace stator::services::dynamodb
