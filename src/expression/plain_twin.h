// Values as plain structs, for the slow twins: nothing encoded, nothing shared, numbers in hundredths.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/random.h"

namespace stator::expression::twin {

struct Plain {
  std::string type;  // the wire's name: S, N, B, BOOL, NULL, L, M, SS, NS, BS
  std::string text;  // S, B
  int64_t number = 0;
  bool truth = false;
  std::vector<Plain> list;
  std::map<std::string, Plain> map;
  std::set<std::string> texts;  // SS, BS
  std::set<int64_t> numbers;    // NS
  bool operator==(const Plain&) const = default;
};

using PlainStep = std::variant<std::string, uint32_t>;
using PlainPath = std::vector<PlainStep>;

Plain MapOf(std::map<std::string, Plain> members);
// The wire form of a value, or of an item given as a map.
std::string WireText(const Plain& value);
std::string ItemWireText(const Plain& item);

// Null if nothing is there.
const Plain* Find(const PlainPath& path, const Plain* item);
// a.b[1]
std::string PathText(const PlainPath& path);

// A value or map opened for changes: lists by index, so that elements can be put anywhere and taken away without moving
// the others.
struct Opened {
  std::optional<Plain> leaf;
  std::string type;
  std::map<PlainStep, Opened> children;
};
Opened Open(const Plain& value);
// Lists are closed up. Nothing if it has no children and never was a container.
std::optional<Plain> Close(const Opened& opened);

// What projecting those paths keeps.
Plain Keep(const std::vector<PlainPath>& paths, const Plain* item);

// Small random values that often meet each other: few names, few texts, few numbers.
Plain RandomPlain(Random& random, int depth);
Plain RandomItem(Random& random);
PlainPath RandomPath(Random& random);

}  // namespace stator::expression::twin
