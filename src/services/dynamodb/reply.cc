#include "services/dynamodb/reply.h"

#include "item/wire.h"
#include "table/key_layout.h"

namespace stator::services::dynamodb {
namespace {

void WriteArms(const dataplane::Capacity& capacity, bool local, Bytes member, json::Writer& out) {
  bool open = false;
  for (const auto& [index, units] : capacity.indexes) {
    if (index->local != local) continue;
    if (!open) out.Key(member).BeginObject();
    open = true;
    out.Key(index->name).BeginObject().Key("CapacityUnits").Double(units).EndObject();
  }
  if (open) out.EndObject();
}

}  // namespace

void WriteCapacity(Bytes table_name, const dataplane::Capacity& capacity, CapacityDetail detail, json::Writer& out) {
  out.BeginObject().Key("TableName").String(table_name).Key("CapacityUnits").Double(capacity.total());
  if (detail == CapacityDetail::kIndexes) {
    out.Key("Table").BeginObject().Key("CapacityUnits").Double(capacity.table).EndObject();
    WriteArms(capacity, true, "LocalSecondaryIndexes", out);
    WriteArms(capacity, false, "GlobalSecondaryIndexes", out);
  }
  out.EndObject();
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
  const auto* failure = dynamic_cast<const dataplane::ConditionFailure*>(&detail);
  if (!failure) return;
  out.Key("Item");
  item::WriteItem(item::ItemView(failure->item), out);
}

}  // namespace stator::services::dynamodb
