#include "base/clock.h"

#include <gtest/gtest.h>

namespace stator {
namespace {

constexpr int64_t kMoment = 1'795'168'800'123'456;  // 2026-11-20T10:00:00.123456Z

TEST(ClockTest, Formats) {
  EXPECT_EQ(FormatHttpDate(Time{kMoment}), "Fri, 20 Nov 2026 10:00:00 GMT");
  EXPECT_EQ(FormatIso(Time{kMoment}), "2026-11-20T10:00:00.123Z");
  EXPECT_EQ(FormatHttpDate(Time{0}), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(FormatIso(Time{951'782'400'000'000}), "2000-02-29T00:00:00.000Z");
}

TEST(ClockTest, UnitsAndArithmetic) {
  const Time t{kMoment};
  EXPECT_EQ(t.millis(), 1'795'168'800'123);
  EXPECT_EQ(t.seconds(), 1'795'168'800);
  EXPECT_EQ((t + std::chrono::seconds(2)) - t, Duration(2'000'000));
  EXPECT_LT(t, t + Duration(1));
}

TEST(ClockTest, StepsRunAheadOfRealTime) {
  Clock clock;
  const Time before = clock.Now();
  clock.Step(std::chrono::hours(1));
  clock.Step(std::chrono::hours(2));
  const Duration ahead = clock.Now() - before;
  EXPECT_GE(ahead, std::chrono::hours(3));
  EXPECT_LT(ahead, std::chrono::hours(4));
  EXPECT_LT(Clock().Now() - before, std::chrono::hours(1));
}

TEST(ClockTest, MonotonicTimeDoesNotGoBack) {
  MonotonicTime last = MonotonicNow();
  for (int i = 0; i < 1000; ++i) {
    const MonotonicTime now = MonotonicNow();
    ASSERT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace stator
