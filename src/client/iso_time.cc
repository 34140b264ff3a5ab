#include "client/iso_time.h"

#include <chrono>

namespace stator::client {
namespace {

// Takes `digits` decimal digits off the front; -1 if they are not there.
int TakeNumber(Bytes* text, size_t digits) {
  if (text->size() < digits) return -1;
  int value = 0;
  for (size_t i = 0; i < digits; ++i) {
    const char c = (*text)[i];
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  text->remove_prefix(digits);
  return value;
}

bool Take(Bytes* text, char c) {
  if (text->empty() || text->front() != c) return false;
  text->remove_prefix(1);
  return true;
}

std::optional<int> TakeOffsetMinutes(Bytes* text) {
  if (Take(text, 'Z')) return 0;
  const bool west = text->starts_with('-');
  if (!west && !text->starts_with('+')) return std::nullopt;
  text->remove_prefix(1);
  const int hours = TakeNumber(text, 2);
  (void)Take(text, ':');
  const int minutes = TakeNumber(text, 2);
  if (hours < 0 || minutes < 0) return std::nullopt;
  return (west ? -1 : 1) * (hours * 60 + minutes);
}

}  // namespace

std::optional<Time> ParseIso(Bytes text) {
  const int year = TakeNumber(&text, 4);
  if (!Take(&text, '-')) return std::nullopt;
  const int month = TakeNumber(&text, 2);
  if (!Take(&text, '-')) return std::nullopt;
  const int day = TakeNumber(&text, 2);
  if (!Take(&text, 'T')) return std::nullopt;
  const int hour = TakeNumber(&text, 2);
  if (!Take(&text, ':')) return std::nullopt;
  const int minute = TakeNumber(&text, 2);
  if (!Take(&text, ':')) return std::nullopt;
  const int second = TakeNumber(&text, 2);
  int64_t micros = 0;
  if (Take(&text, '.')) {
    for (int64_t worth = 100'000; !text.empty() && text.front() >= '0' && text.front() <= '9'; worth /= 10) {
      micros += (text.front() - '0') * worth;
      text.remove_prefix(1);
    }
  }
  const std::optional<int> offset = TakeOffsetMinutes(&text);
  if (!offset || !text.empty() || year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 60) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const auto when = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute - *offset) +
                    std::chrono::seconds(second);
  return Time{std::chrono::duration_cast<Duration>(when.time_since_epoch()).count() + micros};
}

}  // namespace stator::client
