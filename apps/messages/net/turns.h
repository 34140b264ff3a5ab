// At most so many at once; the others wait, first come, first served. Threads: one lane.
#pragma once

#include <coroutine>
#include <deque>
#include <utility>

#include "base/lane.h"
#include "base/resumption.h"

namespace stator::messages {

class Turns {
 public:
  Turns(int places, Lane& lane) : free_(places), lane_(lane) {}

  // `co_await turns.Enter()`, and Leave when done.
  struct Entering {
    Turns& turns;
    bool await_ready() const noexcept {
      if (turns.free_ == 0) return false;
      --turns.free_;
      return true;
    }
    void await_suspend(std::coroutine_handle<> task) { turns.waiting_.push_back(task); }
    void await_resume() const noexcept {}
  };
  Entering Enter() { return {*this}; }
  // The next one goes on soon, from the lane's loop.
  void Leave() {
    if (waiting_.empty()) {
      ++free_;
      return;
    }
    const std::coroutine_handle<> next = waiting_.front();
    waiting_.pop_front();
    lane_.Post(Resumption(next));
  }

 private:
  int free_;
  Lane& lane_;
  std::deque<std::coroutine_handle<>> waiting_;
};

}  // namespace stator::messages
