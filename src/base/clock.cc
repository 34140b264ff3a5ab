#include "base/clock.h"

#include <cstdio>
#include <ctime>

namespace stator {

Time Clock::Now() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return Time{std::chrono::duration_cast<Duration>(now).count() + step_micros_.load(std::memory_order_relaxed)};
}

MonotonicTime MonotonicNow() { return std::chrono::steady_clock::now(); }

std::string FormatHttpDate(Time t) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const time_t seconds = t.seconds();
  tm parts{};
  gmtime_r(&seconds, &parts);
  char out[64];
  std::snprintf(out, sizeof out, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[parts.tm_wday], parts.tm_mday,
                kMonths[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour, parts.tm_min, parts.tm_sec);
  return out;
}

std::string FormatIso(Time t) {
  const time_t seconds = t.seconds();
  tm parts{};
  gmtime_r(&seconds, &parts);
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", parts.tm_year + 1900, parts.tm_mon + 1,
                parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, static_cast<int>(t.millis() % 1000));
  return out;
}

}  // namespace stator
