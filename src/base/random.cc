#include "base/random.h"

#include <sys/random.h>

#include "base/check.h"

namespace stator {
namespace {

uint64_t SplitMix(uint64_t* state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

uint64_t RotateLeft(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

}  // namespace

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) word = SplitMix(&seed);
}

uint64_t Random::Next() {
  const uint64_t result = RotateLeft(state_[1] * 5, 7) * 9;
  const uint64_t t = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= t;
  state_[3] = RotateLeft(state_[3], 45);
  return result;
}

uint64_t Random::Below(uint64_t bound) {
  STATOR_CHECK(bound > 0);
  // Reject the tail that would favour small results.
  const uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  uint64_t x = Next();
  while (x >= limit) x = Next();
  return x % bound;
}

double Random::Unit() { return static_cast<double>(Next() >> 11) * 0x1.0p-53; }

Random& ThreadRandom() {
  thread_local Random random([] {
    uint64_t seed = 0;
    const std::string bytes = SecureRandom(sizeof seed);
    for (char c : bytes) seed = seed << 8 | static_cast<uint8_t>(c);
    return seed;
  }());
  return random;
}

std::string SecureRandom(size_t bytes) {
  std::string out(bytes, '\0');
  size_t done = 0;
  while (done < bytes) {
    const ssize_t got = getrandom(out.data() + done, bytes - done, 0);
    STATOR_CHECK(got > 0);
    done += static_cast<size_t>(got);
  }
  return out;
}

std::string NewUuid() {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string raw = SecureRandom(16);
  raw[6] = static_cast<char>((raw[6] & 0x0f) | 0x40);
  raw[8] = static_cast<char>((raw[8] & 0x3f) | 0x80);
  std::string out;
  for (size_t i = 0; i < raw.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out.push_back('-');
    out.push_back(kHex[static_cast<uint8_t>(raw[i]) >> 4]);
    out.push_back(kHex[static_cast<uint8_t>(raw[i]) & 15]);
  }
  return out;
}

}  // namespace stator
