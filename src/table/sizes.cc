#include "table/sizes.h"

#include <mutex>

namespace stator::table {

void Sizes::Add(engine::Space space, Size delta) {
  {
    const std::shared_lock lock(mutex_);
    if (const auto found = counters_.find(static_cast<uint32_t>(space)); found != counters_.end()) {
      found->second->rows.fetch_add(delta.rows, std::memory_order_relaxed);
      found->second->bytes.fetch_add(delta.bytes, std::memory_order_relaxed);
      return;
    }
  }
  const std::lock_guard lock(mutex_);
  auto& counter = counters_[static_cast<uint32_t>(space)];
  if (!counter) counter = std::make_unique<Counter>();
  counter->rows.fetch_add(delta.rows, std::memory_order_relaxed);
  counter->bytes.fetch_add(delta.bytes, std::memory_order_relaxed);
}

Size Sizes::Of(engine::Space space) const {
  const std::shared_lock lock(mutex_);
  const auto found = counters_.find(static_cast<uint32_t>(space));
  if (found == counters_.end()) return {};
  return {found->second->rows.load(std::memory_order_relaxed), found->second->bytes.load(std::memory_order_relaxed)};
}

void Sizes::Forget(engine::Space space) {
  const std::lock_guard lock(mutex_);
  counters_.erase(static_cast<uint32_t>(space));
}

void Sizes::Clear() {
  const std::lock_guard lock(mutex_);
  counters_.clear();
}

}  // namespace stator::table
