#include "catalog/states.h"

#include <algorithm>
#include <utility>

#include "errors/catalog.h"

namespace stator::catalog {

std::vector<engine::Space> SpacesOf(const TableSchema& schema) {
  std::vector<engine::Space> spaces{schema.space};
  for (const IndexSchema& index : schema.indexes) spaces.push_back(index.space);
  if (schema.ttl.enabled) spaces.push_back(schema.ttl.space);
  return spaces;
}

std::vector<engine::Space> SpacesThatLeave(const TableSchema& before, const TableSchema* after) {
  std::vector<engine::Space> left = SpacesOf(before);
  if (!after) return left;
  const std::vector<engine::Space> kept = SpacesOf(*after);
  std::erase_if(left,
                [&kept](engine::Space space) { return std::find(kept.begin(), kept.end(), space) != kept.end(); });
  return left;
}

std::optional<TableSchema> Arrived(const TableSchema& schema) {
  if (schema.state == State::kDeleting) return std::nullopt;
  TableSchema next = schema;
  next.state = State::kActive;
  std::erase_if(next.indexes, [](const IndexSchema& index) { return index.state == State::kDeleting; });
  return next;
}

void MarkFilled(engine::Space index, TableSchema* schema) {
  for (IndexSchema& candidate : schema->indexes) {
    if (candidate.space == index) candidate.backfilling = false;
  }
  if (schema->ttl.space == index) schema->ttl.backfilling = false;
  ActivateFilled(schema);
}

bool ActivateFilled(TableSchema* schema) {
  if (schema->state != State::kActive) return false;
  bool any = false;
  for (IndexSchema& index : schema->indexes) {
    if (index.state != State::kCreating || index.backfilling) continue;
    index.state = State::kActive;
    any = true;
  }
  return any;
}

Status CheckIdle(const TableSchema& schema) {
  switch (schema.state) {
    case State::kActive:
      return {};
    case State::kCreating:
      return Fail(errors::kTableBusy, "created", schema.name);
    case State::kUpdating:
      return Fail(errors::kTableBusy, "updated", schema.name);
    case State::kDeleting:
      return Fail(errors::kTableBusy, "deleted", schema.name);
  }
  return {};
}

void BeginUpdate(const TableSchema& before, bool last, TableSchema* after) {
  for (IndexSchema& index : after->indexes) {
    if (before.FindIndex(index.name)) continue;
    index.state = State::kCreating;
    index.backfilling = true;
  }
  if (after->state != State::kUpdating) return;
  if (!last) {
    after->state = State::kActive;
    return;
  }
  for (const IndexSchema& index : before.indexes) {
    if (after->FindIndex(index.name)) continue;
    IndexSchema leaving = index;
    leaving.state = State::kDeleting;
    after->indexes.push_back(std::move(leaving));
  }
}

}  // namespace stator::catalog
