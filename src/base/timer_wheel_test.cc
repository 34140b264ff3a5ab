#include "base/timer_wheel.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <vector>

#include "base/random.h"

namespace stator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

struct Probe : TimerWheel::Timer {
  void OnTimer() override {
    ++fired;
    if (then) then();
  }
  int fired = 0;
  Callback<> then;
};

class TimerWheelTest : public ::testing::Test {
 protected:
  // Moves the time forward, calling Advance whenever the wheel asked for it.
  void RunUntil(MonotonicTime to) {
    while (wake_ <= to) {
      now_ = std::max(now_, wake_);
      wake_ = MonotonicTime::max();
      ++wakes_;
      wheel_.Advance(now_);
    }
    now_ = to;
  }

  MonotonicTime start_ = MonotonicNow();
  MonotonicTime now_ = start_;
  MonotonicTime wake_ = MonotonicTime::max();
  int wakes_ = 0;
  TimerWheel wheel_{[this](MonotonicTime at) { wake_ = at; }};
};

TEST_F(TimerWheelTest, AsksForNothingWhenNothingIsArmed) {
  EXPECT_TRUE(wheel_.empty());
  EXPECT_EQ(wake_, MonotonicTime::max());
  Probe probe;
  wheel_.Arm(probe, now_ + seconds(1));
  wheel_.Disarm(probe);
  RunUntil(now_ + seconds(10));
  EXPECT_EQ(probe.fired, 0);
  EXPECT_LE(wakes_, 1);
  EXPECT_EQ(wake_, MonotonicTime::max());
}

TEST_F(TimerWheelTest, FiresAfterTheDeadlineAndWithinTwoTicks) {
  for (const milliseconds delay :
       {milliseconds(0), milliseconds(1), milliseconds(99), milliseconds(100), milliseconds(3210), milliseconds(51200),
        milliseconds(51300), milliseconds(200000)}) {
    Probe probe;
    const MonotonicTime deadline = now_ + delay;
    wheel_.Arm(probe, deadline);
    RunUntil(deadline - milliseconds(1));
    EXPECT_EQ(probe.fired, 0) << delay.count();
    RunUntil(deadline + milliseconds(200));
    EXPECT_EQ(probe.fired, 1) << delay.count();
  }
}

TEST_F(TimerWheelTest, MovesDeadlinesBothWays) {
  Probe later;
  Probe earlier;
  const MonotonicTime begin = now_;
  wheel_.Arm(later, begin + seconds(1));
  wheel_.Arm(earlier, begin + seconds(30));
  wheel_.Arm(later, begin + seconds(20));
  wheel_.Arm(earlier, begin + seconds(2));
  RunUntil(begin + seconds(3));
  EXPECT_EQ(later.fired, 0);
  EXPECT_EQ(earlier.fired, 1);
  RunUntil(begin + seconds(21));
  EXPECT_EQ(later.fired, 1);
}

TEST_F(TimerWheelTest, CallbacksMayDestroyAndArmOthers) {
  auto victim = std::make_unique<Probe>();
  Probe killer;
  Probe again;
  killer.then = [&] { victim.reset(); };
  again.then = [&] {
    if (again.fired < 3) wheel_.Arm(again, now_ + seconds(1));
  };
  wheel_.Arm(*victim, now_ + seconds(1));
  wheel_.Arm(killer, now_ + seconds(1));  // stands before the victim in the slot
  wheel_.Arm(again, now_ + seconds(1));
  RunUntil(now_ + seconds(10));
  EXPECT_EQ(victim, nullptr);
  EXPECT_EQ(again.fired, 3);
}

TEST_F(TimerWheelTest, TimersMayOutliveTheWheel) {
  Probe probe;
  {
    TimerWheel wheel([](MonotonicTime) {});
    wheel.Arm(probe, now_ + seconds(1));
  }
  EXPECT_EQ(probe.fired, 0);
}

TEST_F(TimerWheelTest, AgreesWithASortedListOfDeadlines) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  std::vector<Probe> probes(50);
  std::map<Probe*, MonotonicTime> model;
  for (auto& probe : probes) {
    probe.then = [&, self = &probe] {
      ASSERT_TRUE(model.contains(self));
      EXPECT_LE(model[self], now_);
      EXPECT_GE(model[self] + milliseconds(201), now_);
      model.erase(self);
    };
  }
  for (int step = 0; step < 20000; ++step) {
    Probe& probe = probes[random.Below(probes.size())];
    switch (random.Below(4)) {
      case 0:
      case 1: {
        const MonotonicTime deadline = now_ + milliseconds(random.Below(90000));
        model[&probe] = deadline;
        wheel_.Arm(probe, deadline);
        break;
      }
      case 2:
        model.erase(&probe);
        wheel_.Disarm(probe);
        break;
      default:
        RunUntil(now_ + milliseconds(random.Below(2000)));
        for (const auto& [armed, deadline] : model) ASSERT_GE(deadline + milliseconds(201), now_);
    }
  }
}

}  // namespace
}  // namespace stator
