#include "services/dynamodb/reply.h"

#include <map>

#include "item/wire.h"
#include "table/cancelled.h"

namespace stator::services::dynamodb {
namespace {

// The members that say how many units, within an object.
void WriteUnits(double units, CapacityKind kind, json::Writer& out) {
  out.Key("CapacityUnits").Double(units);
  if (kind == CapacityKind::kRead) out.Key("ReadCapacityUnits").Double(units);
  if (kind == CapacityKind::kWrite) out.Key("WriteCapacityUnits").Double(units);
}

void WriteArms(const dataplane::Capacity& capacity, bool local, Bytes member, CapacityKind kind, json::Writer& out) {
  bool open = false;
  for (const auto& [index, units] : capacity.indexes) {
    if (index->local != local) continue;
    if (!open) out.Key(member).BeginObject();
    open = true;
    out.Key(index->name).BeginObject();
    WriteUnits(units, kind, out);
    out.EndObject();
  }
  if (open) out.EndObject();
}

void WriteReason(const std::optional<Error>& reason, json::Writer& out) {
  out.BeginObject().Key("Code").String(table::CodeOf(reason));
  if (reason) {
    out.Key("Message").String(reason->text);
    if (reason->detail) WriteErrorDetail(*reason->detail, out);
  }
  out.EndObject();
}

}  // namespace

void WriteCapacity(Bytes table_name, const dataplane::Capacity& capacity, CapacityDetail detail, json::Writer& out,
                   CapacityKind kind) {
  out.BeginObject().Key("TableName").String(table_name);
  WriteUnits(capacity.total(), kind, out);
  if (detail == CapacityDetail::kIndexes) {
    out.Key("Table").BeginObject();
    WriteUnits(capacity.table, kind, out);
    out.EndObject();
    WriteArms(capacity, true, "LocalSecondaryIndexes", kind, out);
    WriteArms(capacity, false, "GlobalSecondaryIndexes", kind, out);
  }
  out.EndObject();
}

void WriteCapacities(const std::vector<Bytes>& names, const std::vector<dataplane::Capacity>& capacity,
                     CapacityDetail detail, CapacityKind kind, json::Writer& out) {
  if (detail == CapacityDetail::kNone) return;
  std::vector<Bytes> order;
  std::map<Bytes, dataplane::Capacity> sums;
  for (size_t i = 0; i < names.size() && i < capacity.size(); ++i) {
    const auto [at, fresh] = sums.try_emplace(names[i]);
    if (fresh) order.push_back(names[i]);
    at->second.Add(capacity[i]);
  }
  out.Key("ConsumedCapacity").BeginArray();
  for (const Bytes name : order) WriteCapacity(name, sums[name], detail, out, kind);
  out.EndArray();
}

void WriteCollectionMetrics(const catalog::TableSchema& table, item::ItemView item, json::Writer& out) {
  out.BeginObject().Key("ItemCollectionKey").BeginObject();
  for (const catalog::KeyAttribute& attribute : table.key.hash) {
    out.Key(attribute.name);
    item::WriteValue(item.Find(attribute.name), out);
  }
  out.EndObject().Key("SizeEstimateRangeGB").BeginArray().Double(0).Double(1).EndArray().EndObject();
}

bool WantsCollectionMetrics(json::Value body, const catalog::TableSchema& table) {
  return TextField(body, "ReturnItemCollectionMetrics") == "SIZE" && table.has_local_index();
}

void WriteErrorDetail(const ErrorDetail& detail, json::Writer& out) {
  if (const auto* failure = dynamic_cast<const dataplane::ConditionFailure*>(&detail)) {
    out.Key("Item");
    item::WriteItem(item::ItemView(failure->item), out);
  } else if (const auto* cancelled = dynamic_cast<const table::Cancelled*>(&detail)) {
    out.Key("CancellationReasons").BeginArray();
    for (const std::optional<Error>& reason : cancelled->reasons) WriteReason(reason, out);
    out.EndArray();
  }
}

}  // namespace stator::services::dynamodb
