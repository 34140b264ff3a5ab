// Document paths, bound: a.b[3].c with every name known. What conditions, updates and projections have in common.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "errors/result.h"
#include "item/value.h"

namespace stator::expression::internal {

inline constexpr size_t kMaxPathSteps = 32;

// A member of a map by name, or an element of a list by index.
struct Step {
  std::string name;
  uint32_t index = 0;
  bool is_index = false;

  static Step Name(Bytes name) { return {std::string(name), 0, false}; }
  static Step Index(uint32_t index) { return {{}, index, true}; }
  bool operator==(const Step&) const = default;
};

// At least one step, and the first is a name.
using Path = std::vector<Step>;

// What lies there; invalid if there is nothing. An invalid item has nothing.
item::ValueView Resolve(const Path& path, item::ItemView item);

// "[a, [0], b]", as the service prints paths in errors.
std::string PathText(const Path& path);

// An order of paths in which everything below one path stands together.
bool PathLess(const Path& a, const Path& b);

// How two paths of one expression relate.
enum class PathRelation : uint8_t {
  kApart,
  kOverlap,   // one leads through, or is, the other
  kConflict,  // one takes for a list what the other takes for a map
};
PathRelation Relate(const Path& one, const Path& two);

// kPathsOverlap for the first path that overlaps one before it; if none does, the same with kPathsConflict.
Status CheckClashes(const std::vector<Path>& paths);

}  // namespace stator::expression::internal
