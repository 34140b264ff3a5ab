// How many rows each space holds and what they weigh: ItemCount, TableSizeBytes and their like, live.
//
// Counted in memory with every commit. A clean stop writes the counts down; a start without them counts again in the
// background, exactly, from a snapshot taken before the first mutation.
#pragma once

#include <atomic>
#include <memory>
#include <shared_mutex>
#include <unordered_map>

#include "engine/engine.h"

namespace stator::table {

struct Size {
  int64_t rows = 0;
  int64_t bytes = 0;  // DynamoDB's sizes
};

// Threads: any.
class Sizes {
 public:
  void Add(engine::Space space, Size delta);
  Size Of(engine::Space space) const;
  void Forget(engine::Space space);
  void Clear();

 private:
  struct Counter {
    std::atomic<int64_t> rows{0};
    std::atomic<int64_t> bytes{0};
  };

  mutable std::shared_mutex mutex_;
  std::unordered_map<uint32_t, std::unique_ptr<Counter>> counters_;
};

}  // namespace stator::table
