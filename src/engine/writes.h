// When a row was last written, roughly: what guards are checked against.
#pragma once

#include <cstdlib>
#include <memory>

#include "engine/engine.h"

namespace stator::engine {

// An array of positions by key hash. Two rows may share a place, so a guard may fail in vain; it never holds in vain.
// Threads: one at a time; the engine's commit lock serves.
class LastWrites {
 public:
  static constexpr size_t kPlaces = size_t{1} << 16;  // 512 KB, touched as it is used

  // Position of the newest write to a row that shares this place; 0 if there was none.
  Position At(Space space, Bytes key) const { return places_[PlaceOf(space, key)]; }
  void Set(Space space, Bytes key, Position position) { places_[PlaceOf(space, key)] = position; }

 private:
  static size_t PlaceOf(Space space, Bytes key);

  struct Free {
    void operator()(Position* p) const { std::free(p); }
  };
  // calloc: the system hands out zero pages only when they are touched.
  std::unique_ptr<Position[], Free> places_{static_cast<Position*>(std::calloc(kPlaces, sizeof(Position)))};
};

}  // namespace stator::engine
