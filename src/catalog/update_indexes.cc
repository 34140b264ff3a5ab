#include "catalog/update_indexes.h"

#include <algorithm>

#include "catalog/update_schema.h"
#include "catalog/validate_indexes.h"
#include "catalog/validate_throughput.h"
#include "errors/catalog.h"
#include "errors/dispatch.h"
#include "json/lenient.h"

namespace stator::catalog {
namespace {

using json::Given;

constexpr Bytes kUpdate = "Update";
constexpr Bytes kCreate = "Create";
constexpr Bytes kDelete = "Delete";

// The one action an update has.
struct Action {
  Bytes kind;
  json::Value value;
  Bytes index() const { return value.Find("IndexName").text(); }
};

Result<Action> ReadAction(json::Value update) {
  Action found;
  for (const Bytes kind : {kUpdate, kCreate, kDelete}) {
    const json::Value value = Given(update, kind);
    if (!value.valid()) continue;
    if (found.value.valid()) return Fail(errors::kIndexUpdateSeveral);
    found = {kind, value};
  }
  if (!found.value.valid()) return Fail(errors::kIndexUpdateEmpty);
  return found;
}

IndexSchema* FindGlobal(TableSchema* table, Bytes name) {
  for (IndexSchema& index : table->indexes) {
    if (!index.local && index.name == name) return &index;
  }
  return nullptr;
}

std::string PathOf(size_t at, Bytes kind) {
  return "GlobalSecondaryIndexUpdates." + std::to_string(at + 1) + ".member." + std::string(kind);
}

Status ChangeUnits(json::Value provisioned, BillingMode billing, Time now, IndexSchema* index) {
  if (billing == BillingMode::kPayPerRequest) return Fail(errors::kIndexUnitsWhenOnDemand, index->name);
  STATOR_TRY(const Throughput units, ReadProvisioned(provisioned));
  const Throughput& current = index->throughput;
  if (units.read == current.read && units.write == current.write) {
    return Fail(errors::kIndexUnitsUnchanged, index->name, current.read, units.read, current.write, units.write);
  }
  SetUnits(units, now, &index->throughput);
  return {};
}

Status UpdateIndex(json::Value action, const std::string& path, Time now, TableSchema* table) {
  IndexSchema* index = FindGlobal(table, action.Find("IndexName").text());
  if (!index) return Fail(errors::kIndexUpdateBlocked);
  const json::Value provisioned = Given(action, "ProvisionedThroughput");
  const json::Value on_demand = Given(action, "OnDemandThroughput");
  const json::Value warm = Given(action, "WarmThroughput");
  if (!provisioned.valid() && !on_demand.valid() && !warm.valid()) {
    return Fail(errors::kShapeNull, path + ".ProvisionedThroughput");
  }
  if (provisioned.valid()) STATOR_OK(ChangeUnits(provisioned, table->billing, now, index));
  STATOR_TRY(const auto caps, ReadOnDemand(on_demand, table->billing, Creating::kNo));
  if (caps) index->on_demand = caps;
  const WarmThroughput current = WarmOf(index->warm, table->billing, index->throughput);
  STATOR_TRY(const auto warmed, ReadWarm(warm, current, Creating::kNo));
  if (warmed) index->warm = warmed;
  return {};
}

// The table's definitions, then those given that it does not have.
Definitions Merged(const Definitions& own, const Definitions& given) {
  Definitions merged = own;
  for (const KeyAttribute& definition : given) {
    if (!FindDefinition(merged, definition.name)) merged.push_back(definition);
  }
  return merged;
}

void PruneDefinitions(TableSchema* table) {
  std::erase_if(table->attributes,
                [table](const KeyAttribute& definition) { return !IsKeyAttribute(*table, definition.name); });
}

Status CreateIndex(json::Value action, const std::string& path, const Definitions& given, TableSchema* table) {
  const Definitions merged = Merged(table->attributes, given);
  const IndexFrame frame{table->key, merged, given, table->billing};
  if (table->FindIndex(action.Find("IndexName").text())) {
    return Fail(errors::kIndexExists, action.Find("IndexName").text());
  }
  STATOR_TRY(IndexSchema index, ReadGlobalIndex(action, path, frame));
  index.arn = table->arn + "/index/" + index.name;
  table->indexes.push_back(std::move(index));
  table->attributes = merged;
  PruneDefinitions(table);
  return {};
}

Status DeleteIndex(json::Value action, TableSchema* table) {
  const Bytes name = action.Find("IndexName").text();
  if (!FindGlobal(table, name)) return Fail(errors::kResourceNotFound);
  std::erase_if(table->indexes, [name](const IndexSchema& index) { return index.name == name; });
  PruneDefinitions(table);
  return {};
}

// One index is created or deleted at a time; deleting the one that is being created is allowed.
Status CheckOneAtATime(json::Value updates, const TableSchema& table) {
  size_t changes = 0;
  for (const json::Value update : updates.elements()) {
    STATOR_TRY(const Action action, ReadAction(update));
    if (action.kind == kUpdate) continue;
    if (++changes > 1) return Fail(errors::kOneIndexAtATime);
    for (const IndexSchema& index : table.indexes) {
      const bool busy = index.state == State::kCreating || index.state == State::kDeleting;
      if (busy && !(action.kind == kDelete && action.index() == index.name)) return Fail(errors::kOneIndexAtATime);
    }
  }
  return {};
}

}  // namespace

Status CheckIndexUpdates(json::Value updates) {
  if (!updates.valid()) return {};
  std::vector<Bytes> names;
  for (const json::Value update : updates.elements()) {
    STATOR_TRY(const Action action, ReadAction(update));
    if (std::find(names.begin(), names.end(), action.index()) != names.end()) {
      return Fail(errors::kIndexUpdatedTwice, action.index());
    }
    names.push_back(action.index());
  }
  return {};
}

Status ChangeIndexes(json::Value updates, const Definitions& given, Time now, TableSchema* table) {
  if (!updates.valid()) return {};
  STATOR_OK(CheckOneAtATime(updates, *table));
  size_t at = 0;
  for (const json::Value update : updates.elements()) {
    STATOR_TRY(const Action action, ReadAction(update));
    const std::string path = PathOf(at++, action.kind);
    if (action.kind == kUpdate) STATOR_OK(UpdateIndex(action.value, path, now, table));
    if (action.kind == kCreate) STATOR_OK(CreateIndex(action.value, path, given, table));
    if (action.kind == kDelete) STATOR_OK(DeleteIndex(action.value, table));
  }
  return CheckIndexLimits(table->indexes);
}

std::string IndexesWithoutUnits(const TableSchema& table, json::Value updates) {
  std::string missing;
  for (const IndexSchema& index : table.indexes) {
    if (index.local) continue;
    bool covered = false;
    if (updates.valid()) {
      for (const json::Value update : updates.elements()) {
        const json::Value action = Given(update, kUpdate);
        const json::Value removal = Given(update, kDelete);
        covered = covered || (action.valid() && action.Find("IndexName").text() == index.name &&
                              Given(action, "ProvisionedThroughput").valid());
        covered = covered || (removal.valid() && removal.Find("IndexName").text() == index.name);
      }
    }
    if (!covered) missing.append(missing.empty() ? "" : ",").append(index.name);
  }
  return missing;
}

void SetUnits(const Throughput& units, Time now, Throughput* throughput) {
  const bool up = units.read > throughput->read || units.write > throughput->write;
  const bool down = units.read < throughput->read || units.write < throughput->write;
  if (up) throughput->last_increase = now;
  if (down) {
    throughput->decreases_today = DecreasesToday(*throughput, now) + 1;
    throughput->last_decrease = now;
  }
  throughput->read = units.read;
  throughput->write = units.write;
}

}  // namespace stator::catalog
