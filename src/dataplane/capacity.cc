#include "dataplane/capacity.h"

#include <algorithm>

namespace stator::dataplane {
namespace {

size_t Steps(size_t bytes, size_t step) { return std::max<size_t>(1, (bytes + step - 1) / step); }

size_t SizeOf(item::ItemView item) { return item.valid() ? item.size_bytes() : 0; }

double IndexUnits(const table::IndexChange& change) {
  if (change.moved) return static_cast<double>(Steps(change.before_bytes, 1024) + Steps(change.after_bytes, 1024));
  return static_cast<double>(Steps(std::max(change.before_bytes, change.after_bytes), 1024));
}

}  // namespace

double Capacity::total() const {
  double sum = table;
  for (const auto& [index, units] : indexes) sum += units;
  return sum;
}

void Capacity::AddIndex(const catalog::IndexSchema* index, double units) {
  for (auto& [known, sum] : indexes) {
    if (known->name == index->name) {
      sum += units;
      return;
    }
  }
  indexes.emplace_back(index, units);
}

void Capacity::Add(const Capacity& other) {
  table += other.table;
  for (const auto& [index, units] : other.indexes) AddIndex(index, units);
}

double ReadUnits(size_t bytes, bool consistent) {
  return static_cast<double>(Steps(bytes, 4096)) * (consistent ? 1.0 : 0.5);
}

double WriteUnits(size_t bytes) { return static_cast<double>(Steps(bytes, 1024)); }

Capacity WriteUnits(const table::Changed& changed) {
  Capacity capacity;
  const size_t larger = std::max(SizeOf(changed.before_item()), SizeOf(changed.after_item()));
  capacity.table = WriteUnits(larger);
  for (const table::IndexChange& change : changed.indexes) capacity.AddIndex(change.index, IndexUnits(change));
  return capacity;
}

}  // namespace stator::dataplane
