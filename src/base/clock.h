// The two clocks. `Clock::Now` rules expiry, tokens, table states and records and can be stepped by tests;
// `MonotonicNow` is real and rules time-outs and durations.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace stator {

// Microseconds since 1970-01-01T00:00:00Z.
struct Time {
  int64_t micros = 0;
  int64_t millis() const { return micros / 1000; }
  int64_t seconds() const { return micros / 1'000'000; }
  auto operator<=>(const Time&) const = default;
};

using Duration = std::chrono::microseconds;
using MonotonicTime = std::chrono::steady_clock::time_point;

inline Time operator+(Time t, Duration d) { return Time{t.micros + d.count()}; }
inline Duration operator-(Time a, Time b) { return Duration(a.micros - b.micros); }

// Threads: every member may be called from any thread.
class Clock {
 public:
  Time Now() const;
  // Tests: Now() runs ahead of real time by the sum of all steps.
  void Step(Duration by) { step_micros_.fetch_add(by.count(), std::memory_order_relaxed); }

 private:
  std::atomic<int64_t> step_micros_{0};
};

MonotonicTime MonotonicNow();

// "Fri, 20 Nov 2026 10:00:00 GMT" (RFC 9110, IMF-fixdate).
std::string FormatHttpDate(Time);
// "2026-11-20T10:00:00.123Z"
std::string FormatIso(Time);

}  // namespace stator
