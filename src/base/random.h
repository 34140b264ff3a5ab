// Chance and secrets enter here.
#pragma once

#include <cstdint>
#include <string>

namespace stator {

// A fast generator (SplitMix64 seeded xoshiro256**). Threads: one owner at a time.
class Random {
 public:
  explicit Random(uint64_t seed);
  uint64_t Next();
  // Uniform in [0, bound); bound > 0.
  uint64_t Below(uint64_t bound);
  // Uniform in [0, 1).
  double Unit();

 private:
  uint64_t state_[4];
};

// This thread's generator, seeded from the system: ids that need not be secret.
Random& ThreadRandom();

// Bytes from the system's secure source; ends the process if there is none.
std::string SecureRandom(size_t bytes);

// A random version 4 UUID, lower case, "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx".
std::string NewUuid();

}  // namespace stator
