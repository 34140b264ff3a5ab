#include <array>
#include <chrono>
#include <cstdio>

#include "pools/srp.h"

namespace stator::pools {
namespace {

constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr size_t kLongest = 40;

std::string Written(std::chrono::sys_days day, int hour, int minute, int second) {
  const std::chrono::year_month_day date(day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s %s %u %02d:%02d:%02d UTC %04d",
                kDays[std::chrono::weekday(day).c_encoding()], kMonths[static_cast<unsigned>(date.month()) - 1],
                static_cast<unsigned>(date.day()), hour, minute, second, static_cast<int>(date.year()));
  return text.data();
}

}  // namespace

// What is read is written again and must be the same text: that checks the weekday, the zeros and the ranges at once.
std::optional<Time> ReadSrpTime(Bytes text) {
  if (text.size() > kLongest) return std::nullopt;
  std::array<char, 4> weekday{};
  std::array<char, 4> month{};
  int day = 0, hour = 0, minute = 0, second = 0, year = 0;
  const int read = std::sscanf(std::string(text).c_str(), "%3s %3s %2d %2d:%2d:%2d UTC %4d", weekday.data(),
                               month.data(), &day, &hour, &minute, &second, &year);
  if (read != 7 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
    return std::nullopt;
  }
  unsigned number = 1;
  while (number <= kMonths.size() && Bytes(kMonths[number - 1]) != month.data()) ++number;
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(number),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  const std::chrono::sys_days days(date);
  if (Written(days, hour, minute, second) != text) return std::nullopt;
  const int64_t seconds = int64_t{days.time_since_epoch().count()} * 86400 + hour * 3600 + minute * 60 + second;
  return Time{seconds * 1'000'000};
}

}  // namespace stator::pools
