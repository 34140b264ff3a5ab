// UpdateTable's request, and the schema it makes of another.
#pragma once

#include "catalog/schema.h"
#include "catalog/validate_settings.h"
#include "errors/result.h"
#include "json/value.h"

namespace stator::catalog {

// What can be said without the table. REQUIRES: the request has the shape of UpdateTable.
Status CheckUpdate(json::Value request);

// The table after the update. It asks for kUpdating (Catalog::Change) if anything changes that the service makes wait
// for. REQUIRES: CheckUpdate(request).
Result<TableSchema> SchemaOfUpdate(const TableSchema& before, json::Value request, const Origin& origin);

// Decreases are counted by UTC day.
int64_t DecreasesToday(const Throughput& throughput, Time now);

}  // namespace stator::catalog
