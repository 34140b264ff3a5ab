#include "table/key_queues.h"

#include <algorithm>

#include "item/key.h"

namespace stator::table {

KeyQueues::Name KeyQueues::NameOf(engine::Space space, Bytes key) {
  return item::HashOfKey(key) ^ static_cast<uint32_t>(space) * 0x9e3779b97f4a7c15;
}

void KeyQueues::Show(size_t index, std::span<const Name> names) {
  Queue& queue = queues_[index];
  const std::lock_guard lock(MutexOf(queue));
  queue.shown = names;
  queue.shows.store(!names.empty(), std::memory_order_relaxed);
}

bool KeyQueues::Compare(const Queue& queue, Name name) const {
  const std::lock_guard lock(MutexOf(queue));
  return std::find(queue.shown.begin(), queue.shown.end(), name) != queue.shown.end();
}

}  // namespace stator::table
