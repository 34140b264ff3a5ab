// Where an event stands in its group: by time, then in the order of arrival.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <string>

#include "base/bytes.h"

namespace stator::logs {

struct Place {
  int64_t millis = 0;     // the event's own time, not before 1970
  uint64_t sequence = 0;  // grows with every event the store takes, across restarts

  auto operator<=>(const Place&) const = default;
  Place Next() const { return sequence + 1 == 0 ? Place{millis + 1, 0} : Place{millis, sequence + 1}; }
};

inline constexpr Place kFirstPlace{};
inline constexpr Place kBehindAll{std::numeric_limits<int64_t>::max(), 0};

// 56 digits: unique in the store, the same each time the event is read, ordered as places are.
std::string EventId(Place place);
// False if no EventId reads so.
bool PlaceOf(Bytes event_id, Place* place);

}  // namespace stator::logs
