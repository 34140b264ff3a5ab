#include "dispatch/request_id.h"

#include "base/random.h"

namespace stator::dispatch {

std::string NewRequestId() {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
  static constexpr size_t kLength = 52;
  std::string id(kLength, 'A');
  Random& random = ThreadRandom();
  uint64_t bits = 0;
  for (size_t i = 0; i < kLength; ++i) {
    if (i % 12 == 0) bits = random.Next();
    id[i] = kAlphabet[bits & 31];
    bits >>= 5;
  }
  return id;
}

}  // namespace stator::dispatch
