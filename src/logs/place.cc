#include "logs/place.h"

#include <charconv>

namespace stator::logs {
namespace {

constexpr size_t kNumber = 20;  // digits of the largest number of 64 bits
constexpr size_t kIdSize = 56;
constexpr size_t kLead = kIdSize - 2 * kNumber;

void AppendPadded(std::string* out, uint64_t number) {
  const std::string digits = std::to_string(number);
  out->append(kNumber - digits.size(), '0').append(digits);
}

bool Number(Bytes digits, uint64_t* number) {
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), *number);
  return read.ec == std::errc() && read.ptr == digits.data() + digits.size();
}

}  // namespace

std::string EventId(Place place) {
  std::string id(kLead, '0');
  AppendPadded(&id, static_cast<uint64_t>(place.millis));
  AppendPadded(&id, place.sequence);
  return id;
}

bool PlaceOf(Bytes event_id, Place* place) {
  if (event_id.size() != kIdSize || event_id.find_first_not_of('0') < kLead) return false;
  uint64_t millis = 0;
  if (!Number(event_id.substr(kLead, kNumber), &millis) || millis > static_cast<uint64_t>(kBehindAll.millis)) {
    return false;
  }
  place->millis = static_cast<int64_t>(millis);
  return Number(event_id.substr(kLead + kNumber), &place->sequence);
}

}  // namespace stator::logs
