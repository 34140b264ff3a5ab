#include "catalog/update_schema.h"

#include "catalog/schema_codec.h"
#include "catalog/update_indexes.h"
#include "catalog/validate_throughput.h"
#include "errors/catalog.h"
#include "json/lenient.h"

namespace stator::catalog {
namespace {

using json::Given;

constexpr int64_t kSecondsPerDay = 86'400;

constexpr Bytes kChanging[] = {"ProvisionedThroughput", "BillingMode",   "StreamSpecification",
                               "SSESpecification",      "TableClass",    "DeletionProtectionEnabled",
                               "OnDemandThroughput",    "WarmThroughput"};
// What needs more than one region, or the vector endpoint.
constexpr Bytes kUnavailable[] = {"ReplicaUpdates",
                                  "MultiRegionConsistency",
                                  "GlobalTableWitnessUpdates",
                                  "GlobalTableSettingsReplicationMode",
                                  "DisassociationProtectionEnabled",
                                  "VectorIndexUpdates"};

// No table has a replica that could be changed or go. To add one is another matter: kUnavailable.
Status CheckReplicas(json::Value updates) {
  if (!updates.valid()) return {};
  for (const json::Value update : updates.elements()) {
    if (Given(update, "Update").valid() || Given(update, "Delete").valid()) return Fail(errors::kReplicaNotFound);
  }
  return {};
}

Status CheckSomethingToDo(json::Value request) {
  for (const Bytes name : kChanging) {
    if (Given(request, name).valid()) return {};
  }
  const json::Value indexes = Given(request, "GlobalSecondaryIndexUpdates");
  if (indexes.valid() && indexes.size() > 0) return {};
  return Fail(errors::kNothingToUpdate);
}

// A table that goes on demand has no provisioned units, nor have its indexes; one that comes back needs all of them.
Status ChangeBilling(json::Value request, Time now, TableSchema* table) {
  const BillingMode billing = ReadBillingMode(request, table->billing);
  if (billing == table->billing) return {};
  table->billing = billing;
  if (billing == BillingMode::kPayPerRequest) {
    table->on_demand_since = now;
    table->throughput = Throughput();
    for (IndexSchema& index : table->indexes) index.throughput = Throughput();
    return {};
  }
  table->on_demand.reset();
  for (IndexSchema& index : table->indexes) index.on_demand.reset();
  const std::string missing = IndexesWithoutUnits(*table, Given(request, "GlobalSecondaryIndexUpdates"));
  if (!missing.empty()) return Fail(errors::kIndexUnitsMissing, missing);
  return {};
}

Status ChangeThroughput(const TableSchema& before, json::Value request, Time now, TableSchema* table) {
  STATOR_OK(ChangeBilling(request, now, table));
  const json::Value given = Given(request, "ProvisionedThroughput");
  if (!given.valid()) return {};
  if (table->billing == BillingMode::kPayPerRequest) return Fail(errors::kUnitsWhenOnDemand);
  STATOR_TRY(const Throughput units, ReadProvisioned(given));
  const Throughput& current = before.throughput;
  if (units.read == current.read && units.write == current.write) {
    return Fail(errors::kUnitsUnchanged, current.read, units.read, current.write, units.write);
  }
  SetUnits(units, now, &table->throughput);
  return {};
}

Status ChangeCaps(json::Value request, TableSchema* table) {
  STATOR_TRY(const auto caps, ReadOnDemand(Given(request, "OnDemandThroughput"), table->billing, Creating::kNo));
  if (caps) {
    if (!table->on_demand) table->on_demand.emplace();
    if (caps->max_read) table->on_demand->max_read = caps->max_read;
    if (caps->max_write) table->on_demand->max_write = caps->max_write;
  }
  const WarmThroughput current = WarmOf(table->warm, table->billing, table->throughput);
  STATOR_TRY(const auto warm, ReadWarm(Given(request, "WarmThroughput"), current, Creating::kNo));
  if (warm) table->warm = warm;
  return {};
}

Status ChangeStream(json::Value request, Time now, TableSchema* table) {
  const json::Value given = Given(request, "StreamSpecification");
  if (!given.valid()) return {};
  const bool enable = json::Truth(given.Find("StreamEnabled"));
  if (enable && table->stream.enabled) return Fail(errors::kStreamEnabledAlready, table->name);
  if (!enable && !table->stream.enabled) return Fail(errors::kStreamDisabledAlready, table->name);
  if (!enable) {
    // The label stays: the old stream remains readable and described.
    if (Given(given, "StreamViewType").valid()) return Fail(errors::kStreamViewOnDisable);
    table->stream.enabled = false;
    table->stream.view_type.clear();
    return {};
  }
  STATOR_TRY(table->stream, ReadStream(given, now));
  return {};
}

Status ChangeSettings(json::Value request, const Origin& origin, TableSchema* table) {
  STATOR_OK(ChangeStream(request, origin.now, table));
  const json::Value sse = Given(request, "SSESpecification");
  if (sse.valid()) {
    STATOR_TRY(table->sse, ReadSse(sse, origin));
  }
  if (const auto table_class = ReadTableClass(Given(request, "TableClass"))) table->table_class = table_class;
  const json::Value protection = Given(request, "DeletionProtectionEnabled");
  if (protection.valid()) table->deletion_protection = json::Truth(protection);
  return {};
}

// Deletion protection takes effect at once; all else passes through UPDATING.
bool ChangesMoreThanProtection(const TableSchema& before, const TableSchema& after) {
  TableSchema same = after;
  same.deletion_protection = before.deletion_protection;
  return EncodeSchema(before) != EncodeSchema(same);
}

}  // namespace

Status CheckUpdate(json::Value request) {
  STATOR_OK(CheckReplicas(Given(request, "ReplicaUpdates")));
  for (const Bytes name : kUnavailable) {
    if (Given(request, name).valid()) return Fail(errors::kMemberUnavailable, name);
  }
  STATOR_OK(CheckSomethingToDo(request));
  const json::Value provisioned = Given(request, "ProvisionedThroughput");
  if (Given(request, "BillingMode").valid()) {
    const BillingMode billing = ReadBillingMode(request, BillingMode::kProvisioned);
    if (billing == BillingMode::kProvisioned && !provisioned.valid()) return Fail(errors::kUnitsRequired);
    if (billing == BillingMode::kPayPerRequest && provisioned.valid()) return Fail(errors::kUnitsWhenOnDemand);
  }
  if (provisioned.valid()) {
    const Result<Throughput> units = ReadProvisioned(provisioned);
    if (!units.ok()) return units.error();
  }
  return CheckIndexUpdates(Given(request, "GlobalSecondaryIndexUpdates"));
}

Result<TableSchema> SchemaOfUpdate(const TableSchema& before, json::Value request, const Origin& origin) {
  TableSchema next = before;
  STATOR_OK(ChangeThroughput(before, request, origin.now, &next));
  const Definitions given = ReadDefinitions(Given(request, "AttributeDefinitions"));
  STATOR_OK(ChangeIndexes(Given(request, "GlobalSecondaryIndexUpdates"), given, origin.now, &next));
  STATOR_OK(ChangeCaps(request, &next));
  STATOR_OK(ChangeSettings(request, origin, &next));
  if (ChangesMoreThanProtection(before, next)) next.state = State::kUpdating;
  return next;
}

int64_t DecreasesToday(const Throughput& throughput, Time now) {
  const bool today = throughput.last_decrease &&
                     throughput.last_decrease->seconds() / kSecondsPerDay == now.seconds() / kSecondsPerDay;
  return today ? throughput.decreases_today : 0;
}

}  // namespace stator::catalog
