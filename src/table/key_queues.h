// Turns for keys: mutations of one item run one after another, in the order they came, without holding a thread.
// Keys share a fixed number of queues by hash; two keys in one queue wait for each other needlessly, never wrongly.
#pragma once

#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/task_mutex.h"
#include "engine/engine.h"

namespace stator::table {

class KeyQueues {
 public:
  KeyQueues() : queues_(std::make_unique<TaskMutex[]>(kQueues)) {}
  size_t IndexOf(engine::Space space, Bytes key) const;
  TaskMutex& at(size_t index) { return queues_[index]; }

 private:
  static constexpr size_t kQueues = 4096;
  std::unique_ptr<TaskMutex[]> queues_;
};

}  // namespace stator::table
