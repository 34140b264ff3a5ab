#include "engine/writes.h"

#include <xxhash.h>

namespace stator::engine {

size_t LastWrites::PlaceOf(Space space, Bytes key) {
  return XXH3_64bits_withSeed(key.data(), key.size(), static_cast<uint64_t>(space)) % kPlaces;
}

}  // namespace stator::engine
