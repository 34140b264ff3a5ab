#include "cli/span.h"

#include <charconv>
#include <cstdio>

#include "errors/client.h"

namespace stator::cli {
namespace {

constexpr int64_t kDay = 24 * 3600;
constexpr int64_t kLongest = 455 * kDay;

int64_t SecondsOf(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return kDay;
    default:
      return 0;
  }
}

}  // namespace

Result<Duration> ParseSpan(const std::string& text) {
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool one_unit = read.ec == std::errc() && read.ptr + 1 == text.data() + text.size();
  const int64_t unit = one_unit ? SecondsOf(*read.ptr) : 0;
  if (unit == 0 || number <= 0 || number > kLongest / unit) return Fail(errors::kBadSpan, text);
  return Duration(number * unit * 1'000'000);
}

std::string Ago(Duration age) {
  const int64_t seconds = std::max<int64_t>(0, age.count() / 1'000'000);
  if (seconds < 60) return std::to_string(seconds) + " s ago";
  if (seconds < 3600) return std::to_string(seconds / 60) + " min ago";
  if (seconds < 2 * kDay) return std::to_string(seconds / 3600) + " h ago";
  return std::to_string(seconds / kDay) + " days ago";
}

std::string Millis(double millis) {
  char text[48];
  if (millis < 10) {
    std::snprintf(text, sizeof text, "%.2f ms", millis);
  } else if (millis < 1000) {
    std::snprintf(text, sizeof text, "%.1f ms", millis);
  } else if (millis < 120'000) {
    std::snprintf(text, sizeof text, "%.1f s", millis / 1000);
  } else {
    std::snprintf(text, sizeof text, "%.1f min", millis / 60'000);
  }
  return text;
}

}  // namespace stator::cli
