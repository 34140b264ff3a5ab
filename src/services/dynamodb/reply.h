// Writing what several item operations answer: consumed capacity, item collection metrics, the details of errors.
#pragma once

#include "dataplane/capacity.h"
#include "dataplane/write.h"
#include "json/writer.h"
#include "services/dynamodb/parameters.h"

namespace stator::services::dynamodb {

// Transactions say of their units which kind they are, single operations do not.
enum class CapacityKind : uint8_t { kUnsaid, kRead, kWrite };

// The object. `table_name`: the name or ARN as the request gave it.
void WriteCapacity(Bytes table_name, const dataplane::Capacity& capacity, CapacityDetail detail, json::Writer& out,
                   CapacityKind kind = CapacityKind::kUnsaid);

// The member ConsumedCapacity of many calls, if it is asked for: one object for each table, in the order the tables
// come. `names`: of the tables, as the request gave them; what is behind the end of either list does not count.
void WriteCapacities(const std::vector<Bytes>& names, const std::vector<dataplane::Capacity>& capacity,
                     CapacityDetail detail, CapacityKind kind, json::Writer& out);

// The object {ItemCollectionKey, SizeEstimateRangeGB}. `item`: one with the hash key.
void WriteCollectionMetrics(const catalog::TableSchema& table, item::ItemView item, json::Writer& out);

// Whether the request asks for metrics and the table has item collections (a local index).
bool WantsCollectionMetrics(json::Value body, const catalog::TableSchema& table);

// dispatch::Operation::write_detail of every operation here.
void WriteErrorDetail(const ErrorDetail& detail, json::Writer& out);

}  // namespace stator::services::dynamodb
