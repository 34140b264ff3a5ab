// A mutex for tasks: whoever waits is suspended, not blocked, and goes on in turn, on the lane it waits on. May be held
// across a commit. Small and without allocation: those who wait form a list through their own frames.
//
//   auto held = co_await mutex.Lock(lane);
#pragma once

#include <coroutine>
#include <mutex>
#include <utility>

#include "base/check.h"
#include "base/lane.h"
#include "base/resumption.h"

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
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;
    bool await_ready() const noexcept { return false; }
    // False: taken at once, the task goes on.
    bool await_suspend(std::coroutine_handle<> task) {
      const std::lock_guard lock(mutex_->mutex_);
      if (!mutex_->held_) {
        mutex_->held_ = true;
        return false;
      }
      task_ = task;
      (mutex_->first_ ? mutex_->last_->next_ : mutex_->first_) = this;
      mutex_->last_ = this;
      return true;
    }
    Held await_resume() { return Held(mutex_); }

   private:
    friend class TaskMutex;
    TaskMutex* mutex_;
    Lane& lane_;
    std::coroutine_handle<> task_;
    Waiting* next_ = nullptr;
  };

  Waiting Lock(Lane& lane) { return {this, lane}; }
  // REQUIRES: nobody holds it.
  Held LockFree() {
    const std::lock_guard lock(mutex_);
    STATOR_CHECK(!held_);
    held_ = true;
    return Held(this);
  }

 private:
  void Unlock() {
    Waiting* next = nullptr;
    {
      const std::lock_guard lock(mutex_);
      next = first_;
      if (!next) {
        held_ = false;
        return;
      }
      first_ = next->next_;
    }
    next->lane_.Post(Resumption(next->task_));
  }

  std::mutex mutex_;
  bool held_ = false;
  Waiting* first_ = nullptr;  // in the order they came
  Waiting* last_ = nullptr;   // meaningful while first_ is set
};

}  // namespace stator
