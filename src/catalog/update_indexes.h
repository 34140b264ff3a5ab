// GlobalSecondaryIndexUpdates of UpdateTable: one creation or one deletion at a time, any number of new throughputs.
#pragma once

#include <string>

#include "catalog/schema.h"
#include "catalog/validate_keys.h"
#include "errors/result.h"
#include "json/value.h"

namespace stator::catalog {

// What can be said without the table. `updates` may be invalid: none; so everywhere here.
Status CheckIndexUpdates(json::Value updates);

// `given`: the request's AttributeDefinitions. They join those of the table where a key uses them; the table's type of
// an attribute stands. Definitions no key uses any more leave.
Status ChangeIndexes(json::Value updates, const Definitions& given, Time now, TableSchema* table);

// The global indexes that get no provisioned units from `updates`: "a,b".
std::string IndexesWithoutUnits(const TableSchema& table, json::Value updates);

// The new units, and when they went up or down.
void SetUnits(const Throughput& units, Time now, Throughput* throughput);

}  // namespace stator::catalog
