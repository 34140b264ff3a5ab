// Time-outs of one lane, coarse and cheap: moving a deadline further away is one store, and nothing wakes up unless a
// deadline may be due.
//
// A hashed wheel: 512 slots of 100 ms. A timer fires up to two ticks after its deadline, never before it. One whose
// deadline is more than a turn away, or was moved, is looked at when its slot comes up and filed again.
//
// Threads: the wheel and its timers belong to one lane.
#pragma once

#include <array>
#include <cstdint>

#include "base/callback.h"
#include "base/clock.h"

namespace stator {

class TimerWheel {
 public:
  // Derive, and arm. Destroying a timer disarms it.
  class Timer {
   public:
    Timer() = default;
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    virtual ~Timer() { Unlink(); }
    // The deadline has passed; the timer is disarmed and may be armed again or destroyed.
    virtual void OnTimer() = 0;

   private:
    friend class TimerWheel;
    void Unlink();
    bool linked() const { return wheel_ != nullptr; }

    Timer* next_ = nullptr;
    Timer* previous_ = nullptr;
    TimerWheel* wheel_ = nullptr;
    int64_t filed_ = 0;  // tick of the slot it stands in, or kTurning
    MonotonicTime deadline_{};
  };

  // `wake(at)`: the wheel has become due earlier than it was; call Advance at `at`.
  explicit TimerWheel(Callback<MonotonicTime> wake);
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;
  // Disarms what is armed.
  ~TimerWheel();

  // Arms or moves. Cheapest when the new deadline is not earlier.
  void Arm(Timer& timer, MonotonicTime deadline);
  void Disarm(Timer& timer) { timer.Unlink(); }
  // Fires what is due at `now` and asks for the next wake-up, if anything is armed.
  void Advance(MonotonicTime now);
  bool empty() const { return count_ == 0; }

 private:
  static constexpr int64_t kSlots = 512;
  static constexpr int64_t kTurning = -1;
  static int64_t TickOf(MonotonicTime);

  void File(Timer& timer);
  void AskForWake();
  void Turn(int64_t tick, MonotonicTime now);

  Callback<MonotonicTime> wake_;
  std::array<Timer*, kSlots> slots_{};
  Timer* turning_ = nullptr;  // of the slot that is coming up now
  int64_t next_tick_ = 0;     // no timer is filed before it
  int64_t wake_tick_ = -1;    // asked for; -1: none
  int64_t count_ = 0;
};

}  // namespace stator
