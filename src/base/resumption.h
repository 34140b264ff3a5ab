// What goes on with a suspended task.
#pragma once

#include <coroutine>
#include <utility>

namespace stator {

// Given to a lane, a pool or an engine, who call it once. One that is never called, since its lane stopped, keeps the
// task for the rest of the process: whoever holds the task counts on its end, so it can neither run nor be freed.
class Resumption {
 public:
  explicit Resumption(std::coroutine_handle<> task) : task_(task) {}
  Resumption(Resumption&& other) noexcept : task_(std::exchange(other.task_, nullptr)) {}
  Resumption& operator=(Resumption&&) = delete;
  ~Resumption() {
    if (task_) Keep(task_);
  }
  void operator()() { std::exchange(task_, nullptr).resume(); }
  // The task goes on without it.
  void Release() { task_ = nullptr; }

 private:
  static void Keep(std::coroutine_handle<> task);
  std::coroutine_handle<> task_;
};

}  // namespace stator
