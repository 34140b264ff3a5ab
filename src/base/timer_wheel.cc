// See timer_wheel.h; tested by timer_wheel_test.cc.
#include "base/timer_wheel.h"

#include <algorithm>
#include <utility>

namespace stator {
namespace {

constexpr std::chrono::milliseconds kTick{100};

}  // namespace

TimerWheel::TimerWheel(Callback<MonotonicTime> wake) : wake_(std::move(wake)), next_tick_(TickOf(MonotonicNow())) {}

TimerWheel::~TimerWheel() {
  for (Timer* slot : slots_) {
    while (slot) {
      Timer* next = slot->next_;
      slot->Unlink();
      slot = next;
    }
  }
}

int64_t TimerWheel::TickOf(MonotonicTime t) { return t.time_since_epoch() / kTick; }

void TimerWheel::Timer::Unlink() {
  if (!wheel_) return;
  if (previous_) {
    previous_->next_ = next_;
  } else {
    (filed_ == kTurning ? wheel_->turning_ : wheel_->slots_[static_cast<size_t>(filed_ % kSlots)]) = next_;
  }
  if (next_) next_->previous_ = previous_;
  --wheel_->count_;
  wheel_ = nullptr;
  next_ = previous_ = nullptr;
}

void TimerWheel::Arm(Timer& timer, MonotonicTime deadline) {
  timer.deadline_ = deadline;
  if (timer.linked()) {
    if (TickOf(deadline) + 1 >= timer.filed_) return;  // its slot comes up first and files it again
    timer.Unlink();
  }
  File(timer);
  AskForWake();
}

void TimerWheel::File(Timer& timer) {
  // One tick later than the deadline's own, so that a slot that comes up is never too early for its timers.
  timer.filed_ = std::max(TickOf(timer.deadline_) + 1, next_tick_);
  Timer*& slot = slots_[static_cast<size_t>(timer.filed_ % kSlots)];
  timer.next_ = slot;
  timer.previous_ = nullptr;
  if (slot) slot->previous_ = &timer;
  slot = &timer;
  timer.wheel_ = this;
  ++count_;
}

void TimerWheel::AskForWake() {
  if (count_ == 0) return;
  int64_t tick = next_tick_;
  while (!slots_[static_cast<size_t>(tick % kSlots)]) ++tick;
  if (wake_tick_ >= 0 && wake_tick_ <= tick) return;
  wake_tick_ = tick;
  wake_(MonotonicTime(tick * kTick));
}

void TimerWheel::Advance(MonotonicTime now) {
  const int64_t last = TickOf(now);
  // After a long sleep one turn visits every slot.
  next_tick_ = std::max(next_tick_, last - kSlots + 1);
  while (next_tick_ <= last) {
    const int64_t tick = next_tick_++;
    Turn(tick, now);
  }
  wake_tick_ = -1;
  AskForWake();
}

void TimerWheel::Turn(int64_t tick, MonotonicTime now) {
  // The slot becomes a list of its own, still known to Unlink: OnTimer may arm, disarm or destroy any timer.
  turning_ = std::exchange(slots_[static_cast<size_t>(tick % kSlots)], nullptr);
  for (Timer* timer = turning_; timer; timer = timer->next_) timer->filed_ = kTurning;
  while (turning_) {
    Timer& timer = *turning_;
    timer.Unlink();
    if (timer.deadline_ <= now) {
      timer.OnTimer();
    } else {
      File(timer);
    }
  }
}

}  // namespace stator
