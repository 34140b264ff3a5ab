// Task<T>: an eager coroutine. It runs when called, up to its first suspension, on the caller's thread; whoever resumes
// it decides where it goes on, so everything that completes a task does so on the lane that began it.
//
// Ownership: the Task owns the frame. Await it once, or give it to Start. A Task must not be destroyed while suspended:
// the coroutine would lose its frame under the feet of whoever is to resume it.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

#include "base/check.h"

namespace stator {

template <class T>
class [[nodiscard]] Task {
 public:
  struct promise_type {
    std::optional<T> value;
    std::coroutine_handle<> waiter;

    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_never initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct Final {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> h) noexcept {
          const auto next = h.promise().waiter;
          return next ? next : std::noop_coroutine();
        }
        void await_resume() noexcept {}
      };
      return Final{};
    }
    template <class U>
    void return_value(U&& v) {
      value.emplace(std::forward<U>(v));
    }
    // Errors are values here; an exception is a mistake of ours.
    void unhandled_exception() noexcept { std::terminate(); }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (!handle_) return;
    STATOR_CHECK(handle_.done());
    handle_.destroy();
  }

  bool done() const { return handle_.done(); }
  // REQUIRES: done(), and not taken before.
  T Take() { return std::move(*handle_.promise().value); }

  bool await_ready() const noexcept { return handle_.done(); }
  void await_suspend(std::coroutine_handle<> waiter) noexcept { handle_.promise().waiter = waiter; }
  T await_resume() { return Take(); }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

namespace task_internal {
struct Detached {
  struct promise_type {
    Detached get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};
template <class T, class Fn>
Detached Run(Task<T> task, Fn fn) {
  fn(co_await task);
}
}  // namespace task_internal

// Calls fn(result) when the task is done: at once if it already is.
template <class T, class Fn>
void Start(Task<T> task, Fn fn) {
  if (task.done()) return fn(task.Take());
  task_internal::Run(std::move(task), std::move(fn));
}

}  // namespace stator
