// Whether what is stored makes sense: items, their keys and sizes, and indexes that agree with them.
#pragma once

#include <string>
#include <vector>

#include "catalog/schema.h"
#include "engine/engine.h"
#include "errors/result.h"

namespace stator::table {

struct CheckReport {
  uint64_t items = 0;
  uint64_t index_rows = 0;
  uint64_t expiries = 0;
  uint64_t changes = 0;  // in streams
  uint64_t faults = 0;
  std::vector<std::string> messages;  // the first kMaxMessages faults, one line each
  static constexpr size_t kMaxMessages = 100;
};

// Walks the table, its ACTIVE indexes and its expiry index in one snapshot: every item is well-formed and lies under
// its own key; every entry it should have is in the index, byte for byte; the index holds nothing else. Of an expiry
// index that is being filled, only that it holds nothing else. Adds to `report`; fails only when the engine cannot be
// read. Blocks.
Status CheckTable(const engine::View& view, const catalog::TableSchema& table, CheckReport* report);

}  // namespace stator::table
