// The slow twin of updates: every list is a map from index to element until the end.
#pragma once

#include "expression/condition_twin.h"

namespace stator::expression::twin {

struct PlainValue {
  std::string op;  // path, literal, if_not_exists, list_append, +, -
  PlainPath path;  // path, if_not_exists
  Plain literal;
  std::vector<PlainValue> operands;
};

struct PlainAction {
  std::string section;  // SET, REMOVE, ADD, DELETE
  PlainPath path;
  PlainValue value;  // SET
  Plain literal;     // ADD, DELETE
};

using PlainUpdate = std::vector<PlainAction>;

// The item afterwards; nothing if the update fails. `before` null: there is none, and an empty item is the base.
std::optional<Plain> Apply(const PlainUpdate& update, const Plain* before);

std::string UpdateText(const PlainUpdate& update, PlainNames& names, Random& random);
// No two of its paths clash, and the literals pass the checks made when it is parsed.
PlainUpdate RandomUpdate(Random& random);
// Paths that do not clash with each other.
std::vector<PlainPath> RandomPaths(Random& random, size_t most);

}  // namespace stator::expression::twin
