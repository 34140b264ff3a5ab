// What a call costs in capacity units, by the arithmetic of notes/dynamodb.md, "Capacity".
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "catalog/schema.h"
#include "table/mutate.h"

namespace stator::dataplane {

// Units spent on one table and on each of its indexes (an index without units has no arm).
struct Capacity {
  double table = 0;
  std::vector<std::pair<const catalog::IndexSchema*, double>> indexes;

  double total() const;
  void AddIndex(const catalog::IndexSchema* index, double units);
  void Add(const Capacity& other);
};

// Reads: steps of 4 KB, half a unit each when eventually consistent; what is not there costs one step.
double ReadUnits(size_t bytes, bool consistent);
// Writes: steps of 1 KB on the larger image; each index pays for the change of its own entry. A write whose condition
// failed: of the item it met.
double WriteUnits(size_t bytes);
Capacity WriteUnits(const table::Changed& changed);

}  // namespace stator::dataplane
