// A mutex for tasks: whoever waits is suspended, not blocked, and goes on in turn, on the lane it waits on. May be held
// across a commit.
//
//   auto held = co_await mutex.Lock(lane);
#pragma once

#include <coroutine>
#include <deque>
#include <mutex>
#include <utility>

#include "base/lane.h"

namespace stator {

class TaskMutex {
 public:
  // Releases when destroyed; any thread.
  class [[nodiscard]] Held {
   public:
    explicit Held(TaskMutex* mutex) : mutex_(mutex) {}
    Held(Held&& other) noexcept : mutex_(std::exchange(other.mutex_, nullptr)) {}
    Held& operator=(Held&&) = delete;
    ~Held() {
      if (mutex_) mutex_->Unlock();
    }

   private:
    TaskMutex* mutex_;
  };

  class Waiting {
   public:
    Waiting(TaskMutex* mutex, Lane& lane) : mutex_(mutex), lane_(lane) {}
    bool await_ready() const noexcept { return false; }
    // False: taken at once, the task goes on.
    bool await_suspend(std::coroutine_handle<> task) {
      const std::lock_guard lock(mutex_->mutex_);
      if (!mutex_->held_) {
        mutex_->held_ = true;
        return false;
      }
      mutex_->queue_.emplace_back(task, &lane_);
      return true;
    }
    Held await_resume() { return Held(mutex_); }

   private:
    TaskMutex* mutex_;
    Lane& lane_;
  };

  Waiting Lock(Lane& lane) { return {this, lane}; }

 private:
  void Unlock() {
    std::pair<std::coroutine_handle<>, Lane*> next;
    {
      const std::lock_guard lock(mutex_);
      if (queue_.empty()) {
        held_ = false;
        return;
      }
      next = queue_.front();
      queue_.pop_front();
    }
    next.second->Post([task = next.first] { task.resume(); });
  }

  std::mutex mutex_;
  bool held_ = false;
  std::deque<std::pair<std::coroutine_handle<>, Lane*>> queue_;
};

}  // namespace stator
