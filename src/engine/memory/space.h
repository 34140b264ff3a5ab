// The rows and the log of one space, in memory. Guarded by the store's lock.
#pragma once

#include <absl/container/btree_set.h>

#include <deque>

#include "engine/memory/row.h"

namespace stator::engine {

// A row's place in the order. The first eight bytes of the key stand beside the pointer: table keys begin with a hash,
// so almost every comparison ends there without touching the row.
struct Place {
  uint64_t prefix;
  mutable Row* row;  // replaced by a newer version of the same key

  static uint64_t PrefixOf(Bytes key) {
    uint64_t prefix = 0;
    std::memcpy(&prefix, key.data() ? key.data() : "", std::min(key.size(), sizeof prefix));
    return __builtin_bswap64(prefix);
  }
};

// A key that is looked for.
struct Sought {
  explicit Sought(Bytes k) : prefix(Place::PrefixOf(k)), key(k) {}
  uint64_t prefix;
  Bytes key;
};

struct PlaceOrder {
  using is_transparent = void;
  bool operator()(const Place& a, const Place& b) const {
    return a.prefix != b.prefix ? a.prefix < b.prefix : a.row->key() < b.row->key();
  }
  bool operator()(const Place& a, const Sought& b) const {
    return a.prefix != b.prefix ? a.prefix < b.prefix : a.row->key() < b.key;
  }
  bool operator()(const Sought& a, const Place& b) const {
    return a.prefix != b.prefix ? a.prefix < b.prefix : a.key < b.row->key();
  }
};

struct LogEntry {
  Row* row;  // its value is the record
  Time time;
};

class MemorySpace {
 public:
  using Rows = absl::btree_set<Place, PlaceOrder>;

  MemorySpace() = default;
  MemorySpace(const MemorySpace&) = delete;
  MemorySpace& operator=(const MemorySpace&) = delete;
  ~MemorySpace() {
    for (const Place& place : rows) place.row->Unref();
    for (const LogEntry& entry : log) entry.row->Unref();
  }

  Rows rows;
  std::deque<LogEntry> log;
  Position trimmed = 0;  // nothing before it is in the log
};

// The newest version that a reader of the state at `at` may see; null if the row is absent there.
inline Row* VisibleAt(Row* row, Position at) {
  while (row && row->position > at) row = row->older;
  return row && !row->erased ? row : nullptr;
}

}  // namespace stator::engine
