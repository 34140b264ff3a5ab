// A pause that can be cut short. Threads: its lane.
#pragma once

#include <coroutine>
#include <memory>
#include <utility>

#include "base/lane.h"

namespace stator::messages {

class Alarm {
 public:
  explicit Alarm(Lane& lane) : lane_(lane), state_(std::make_shared<State>()) {}

  // `co_await alarm.Wait(time)`: goes on after that time, or soon after Ring. One task at a time. A Ring that nobody
  // waited for ends the next Wait.
  struct Waiting {
    Alarm& alarm;
    Duration time;
    bool await_ready() const noexcept { return std::exchange(alarm.state_->rung, false); }
    void await_suspend(std::coroutine_handle<> task) const {
      State& state = *alarm.state_;
      state.task = task;
      const uint64_t round = ++state.round;
      alarm.lane_.After(time, [kept = alarm.state_, round] {
        if (kept->round == round) kept->GoOn();
      });
    }
    void await_resume() const noexcept {}
  };
  Waiting Wait(Duration time) { return {*this, time}; }

  void Ring() {
    if (!state_->task) {
      state_->rung = true;
      return;
    }
    ++state_->round;  // the time that runs is of no interest any more
    lane_.Post([kept = state_] { kept->GoOn(); });
  }

 private:
  struct State {
    std::coroutine_handle<> task;
    uint64_t round = 0;
    bool rung = false;
    void GoOn() {
      if (task) std::exchange(task, nullptr).resume();
    }
  };

  Lane& lane_;
  std::shared_ptr<State> state_;
};

}  // namespace stator::messages
