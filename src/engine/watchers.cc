#include "engine/watchers.h"

namespace stator::engine {

// Owned by its Subscription alone: a wake-up that finds it gone does nothing.
struct Watchers::Watcher {
  Space log;
  Lane* lane;
  Callback<> wake;
  std::atomic<bool> posted{false};
};

Subscription Watchers::Add(Space log, Lane* lane, Callback<> wake) {
  auto watcher = std::make_shared<Watcher>();
  watcher->log = log;
  watcher->lane = lane;
  watcher->wake = std::move(wake);
  const std::lock_guard lock(mutex_);
  std::erase_if(list_, [](const auto& w) { return w.expired(); });
  list_.push_back(watcher);
  count_.store(list_.size(), std::memory_order_release);
  return Subscription(std::move(watcher));
}

void Watchers::Wake(const std::shared_ptr<Watcher>& watcher) {
  if (watcher->posted.exchange(true)) return;
  watcher->lane->Post([weak = std::weak_ptr(watcher)] {
    const auto alive = weak.lock();
    if (!alive) return;
    alive->posted.store(false);
    alive->wake();
  });
}

void Watchers::Notify(Space log) {
  if (none()) return;
  const std::lock_guard lock(mutex_);
  for (const auto& weak : list_) {
    const auto watcher = weak.lock();
    if (watcher && watcher->log == log) Wake(watcher);
  }
}

void Watchers::NotifyAll() {
  if (none()) return;
  const std::lock_guard lock(mutex_);
  for (const auto& weak : list_) {
    if (const auto watcher = weak.lock()) Wake(watcher);
  }
}

}  // namespace stator::engine
