// What may become of a table's expiry: pure functions, as for the rest of a schema. Source: notes/dynamodb.md, section
// 4, "TTL"; the texts of UpdateTimeToLive.
#pragma once

#include "catalog/schema.h"
#include "errors/result.h"

namespace stator::catalog {

// A second change within this time of the last is refused.
inline constexpr Duration kTimeToLiveInterval = std::chrono::hours(1);

// What UpdateTimeToLive makes of the table. `attribute` has 1 to 255 characters.
Result<TableSchema> WithTimeToLive(const TableSchema& table, bool enable, Bytes attribute, Time now);

enum class TimeToLiveStatus : uint8_t { kEnabling, kEnabled, kDisabling, kDisabled };
// `delay`: how long the states in between last (CatalogOptions::state_delay). ENABLING lasts until every item is found.
TimeToLiveStatus StatusOf(const TimeToLive& ttl, Duration delay, Time now);
Bytes NameOf(TimeToLiveStatus);  // "ENABLING"

}  // namespace stator::catalog
