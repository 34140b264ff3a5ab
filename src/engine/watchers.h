// Who waits for appends: the part of OnAppend that every engine shares.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/engine.h"

namespace stator::engine {

// Threads: every member from any thread.
class Watchers {
 public:
  Subscription Add(Space log, Lane* lane, Callback<> wake);
  // After an append to `log` can be read. Costs one load when nobody watches anything.
  void Notify(Space log);
  // After everything may have changed.
  void NotifyAll();
  bool none() const { return count_.load(std::memory_order_acquire) == 0; }

 private:
  struct Watcher;
  void Wake(const std::shared_ptr<Watcher>& watcher);

  std::atomic<size_t> count_{0};
  std::mutex mutex_;
  std::vector<std::weak_ptr<Watcher>> list_;  // guarded by mutex_
};

}  // namespace stator::engine
