// The slow twin of conditions: a recursive tree over plain values, its evaluation and its text.
#pragma once

#include "expression/plain_twin.h"

namespace stator::expression::twin {

struct PlainOperand {
  enum class Kind { kPath, kLiteral, kSize };
  Kind kind = Kind::kPath;
  PlainPath path;
  Plain literal;
};

struct PlainCondition {
  std::string op;  // AND, OR, NOT; =, <> ... ; BETWEEN, IN; a function's name
  std::vector<PlainCondition> children;
  std::vector<PlainOperand> operands;
};

bool Holds(const PlainCondition& condition, const Plain* item);

// The values and names a text refers to, as they are met.
struct PlainNames {
  std::vector<Plain> values;        // :v0, :v1, ...
  std::vector<std::string> names;   // #n0, #n1, ...
  std::string RequestText() const;  // {"#n0": "a", ":v0": {...}}
};

// Text with only the parentheses it needs, random ones besides, random case and spaces.
std::string ConditionText(const PlainCondition& condition, PlainNames& names, Random& random);
std::string PathTextWithNames(const PlainPath& path, PlainNames& names, Random& random);
// Fully parenthesized, for comparing with what a parser understood; :v0 and #n0 are numbered as in `ConditionText`.
std::string Canonical(const PlainCondition& condition);

PlainCondition RandomCondition(Random& random, int depth);

}  // namespace stator::expression::twin
