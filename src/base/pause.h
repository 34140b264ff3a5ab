// Awaiting: time on a lane, a worker thread, a lane again.
#pragma once

#include <coroutine>

#include "base/lane.h"
#include "base/resumption.h"

namespace stator {

// `co_await Pause(lane, delay)`: goes on on that lane after the delay.
class Pause {
 public:
  Pause(Lane& lane, Duration delay) : lane_(lane), delay_(delay) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> task) { lane_.After(delay_, Resumption(task)); }
  void await_resume() const noexcept {}

 private:
  Lane& lane_;
  Duration delay_;
};

// `co_await ToWorker(pool)`: goes on on a worker thread, where it may block.
class ToWorker {
 public:
  explicit ToWorker(WorkerPool& workers) : workers_(workers) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> task) { workers_.Post(Resumption(task)); }
  void await_resume() const noexcept {}

 private:
  WorkerPool& workers_;
};

// `co_await ToLane(lane)`: goes on on that lane.
class ToLane {
 public:
  explicit ToLane(Lane& lane) : lane_(lane) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> task) { lane_.Post(Resumption(task)); }
  void await_resume() const noexcept {}

 private:
  Lane& lane_;
};

}  // namespace stator
