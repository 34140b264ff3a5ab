// The DynamoDB API: what its operations work on, and their registration, one function per family.
#pragma once

#include "base/lane.h"
#include "catalog/catalog.h"
#include "dispatch/operation.h"
#include "streams/streams.h"
#include "table/tables.h"

namespace stator::services::dynamodb {

inline constexpr std::string_view kTargetPrefix = "DynamoDB_20120810";

// Borrowed by every operation; outlives the registry.
struct Items {
  catalog::Catalog& catalog;
  const streams::Streams& streams;
  table::Tables& tables;
  WorkerPool& workers;
};

void RegisterItemOps(dispatch::Registry& registry, Items items);
void RegisterRangeOps(dispatch::Registry& registry, Items items);
void RegisterBatchOps(dispatch::Registry& registry, Items items);
void RegisterTransactOps(dispatch::Registry& registry, Items items);
void RegisterStatementOps(dispatch::Registry& registry, Items items);
void RegisterStatementBatchOps(dispatch::Registry& registry, Items items);
void RegisterStatementTransactOps(dispatch::Registry& registry, Items items);
// The streams API, a service of its own by its target. Borrows the streams, which outlive the registry.
void RegisterStreamOps(dispatch::Registry& registry, const streams::Streams& streams);
// Policies of tables and streams.
void RegisterPolicyOps(dispatch::Registry& registry, catalog::Catalog& catalog, const streams::Streams& streams);
// Every operation of these services.
void RegisterAll(dispatch::Registry& registry, Items items);

}  // namespace stator::services::dynamodb
