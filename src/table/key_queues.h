// Turns for keys: mutations of one item run one after another, in the order they came, without holding a thread.
// Keys share a fixed number of queues by hash; two keys in one queue wait for each other needlessly, never wrongly.
//
// A transaction shows which items it holds while it has their turns: who comes for one of them may be told so instead
// of waiting (Shown). That is told by name, a hash of the whole key, so that a queue that is merely shared says
// nothing. It is a courtesy and not what keeps writers apart: who has looked just before is not told, and waits.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>

#include "base/bytes.h"
#include "base/task_mutex.h"
#include "engine/engine.h"

namespace stator::table {

class KeyQueues {
 public:
  // Of an item; who enters several queues enters them in the order of IndexOf.
  using Name = uint64_t;

  KeyQueues() : queues_(std::make_unique<Queue[]>(kQueues)) {}

  static Name NameOf(engine::Space space, Bytes key);
  static size_t IndexOf(Name name) { return name % kQueues; }

  TaskMutex& at(size_t index) { return queues_[index].turn; }
  // Shows that the items of these names are held; `names` stay where they are until Show({}). REQUIRES: the turn.
  void Show(size_t index, std::span<const Name> names);
  // Whether whoever has the turn shows this name.
  bool Shown(Name name) const {
    const Queue& queue = queues_[IndexOf(name)];
    return queue.shows.load(std::memory_order_relaxed) && Compare(queue, name);
  }

 private:
  struct Queue {
    TaskMutex turn;
    std::atomic<bool> shows{false};
    std::span<const Name> shown;  // guarded by MutexOf(this queue)
  };
  static constexpr size_t kQueues = 4096;
  static constexpr size_t kMutexes = 64;

  std::mutex& MutexOf(const Queue& queue) const {
    return mutexes_[static_cast<size_t>(&queue - queues_.get()) % kMutexes];
  }
  bool Compare(const Queue& queue, Name name) const;

  std::unique_ptr<Queue[]> queues_;
  mutable std::array<std::mutex, kMutexes> mutexes_;
};

}  // namespace stator::table
