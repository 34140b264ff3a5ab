// Tasks for a thread that may block: at start, in tests. Whoever is on a lane awaits instead.
#pragma once

#include <future>
#include <utility>

#include "base/lane.h"
#include "base/task.h"

namespace stator {

// Calls `make(lane)` on the lane, blocks until the Task<T> that it gives is done, and returns its result. `make` lives
// until then, so that the task may use what it captured; what the task's own frame holds may go a moment after the
// result is here. REQUIRES: not on a lane; the lane runs until the task is done.
template <class Make>
auto RunOn(Lane& lane, Make make) {
  using T = decltype(make(lane).Take());
  std::promise<T> promise;
  std::future<T> result = promise.get_future();
  lane.Post([&] {
    // The promise goes with the task: here it could be gone while the lane is still leaving it.
    stator::Start(make(lane), [promise = std::move(promise)](T value) mutable { promise.set_value(std::move(value)); });
  });
  return result.get();
}

}  // namespace stator
