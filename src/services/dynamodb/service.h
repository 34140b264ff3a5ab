// The DynamoDB API: what its operations work on, and their registration, one function per family.
#pragma once

#include "base/lane.h"
#include "catalog/catalog.h"
#include "dispatch/operation.h"
#include "table/tables.h"

namespace stator::services::dynamodb {

inline constexpr std::string_view kTargetPrefix = "DynamoDB_20120810";

// Borrowed by every operation; outlives the registry.
struct Items {
  catalog::Catalog& catalog;
  table::Tables& tables;
  WorkerPool& workers;
};

void RegisterItemOps(dispatch::Registry& registry, Items items);
void RegisterRangeOps(dispatch::Registry& registry, Items items);
void RegisterBatchOps(dispatch::Registry& registry, Items items);
// Every operation of this service.
void RegisterAll(dispatch::Registry& registry, Items items);

}  // namespace stator::services::dynamodb
