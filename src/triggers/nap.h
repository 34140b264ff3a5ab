// Waiting that can be cut short: what a reader that is stopped was waiting for no longer matters.
#pragma once

#include <coroutine>
#include <memory>
#include <utility>
#include <vector>

#include "base/lane.h"

namespace stator::triggers {

// Threads: one lane. Must outlive those who wait.
class Naps {
 public:
  explicit Naps(Lane& lane) : lane_(lane) {}

  // `co_await naps.For(delay)`: goes on on the lane after the delay, or when Stop is called; at once after that.
  class Awaiter {
   public:
    Awaiter(Naps& naps, Duration delay) : naps_(naps), delay_(delay) {}
    bool await_ready() const noexcept { return naps_.stopped_; }
    void await_suspend(std::coroutine_handle<> task) {
      auto sleeper = std::make_shared<std::coroutine_handle<>>(task);
      std::erase_if(naps_.sleepers_, [](const Sleeper& s) { return !*s; });
      naps_.sleepers_.push_back(sleeper);
      naps_.lane_.After(delay_, [sleeper] { Wake(sleeper); });
    }
    void await_resume() const noexcept {}

   private:
    Naps& naps_;
    Duration delay_;
  };
  Awaiter For(Duration delay) { return {*this, delay}; }

  bool stopped() const { return stopped_; }
  // Wakes everyone. They go on one by one, from the lane's queue.
  void Stop() {
    stopped_ = true;
    for (Sleeper& sleeper : sleepers_) {
      lane_.Post([sleeper] { Wake(sleeper); });
    }
    sleepers_.clear();
  }

 private:
  using Sleeper = std::shared_ptr<std::coroutine_handle<>>;
  static void Wake(const Sleeper& sleeper) {
    if (const auto task = std::exchange(*sleeper, nullptr)) task.resume();
  }

  Lane& lane_;
  bool stopped_ = false;
  std::vector<Sleeper> sleepers_;
};

}  // namespace stator::triggers
