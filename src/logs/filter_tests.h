// The three kinds of filter patterns, one file each; and what they share.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "logs/filter.h"

namespace stator::logs {

using TestPtr = std::unique_ptr<const Filter::Test>;

// Each takes the whole pattern, without space around it.
Result<TestPtr> ParseWords(Bytes pattern);   // filter_words.cc
Result<TestPtr> ParseJson(Bytes pattern);    // filter_json.cc: "{...}"
Result<TestPtr> ParseFields(Bytes pattern);  // filter_fields.cc: "[...]"

Error BadPattern(Bytes why);

// What a comparison compares with: `= 12`, `> 1e3`, `!= "a*"`.
struct Comparison {
  enum class Kind : uint8_t { kEqual, kNotEqual, kLess, kLessOrEqual, kGreater, kGreaterOrEqual };
  Kind kind = Kind::kEqual;
  std::string text;              // for = and !=; * stands for any characters
  std::optional<double> number;  // if the text is one and was not quoted

  bool HoldsFor(Bytes value) const;
};

// Whole-string match; `*` in the pattern stands for any characters.
bool MatchesGlob(Bytes pattern, Bytes text);
std::optional<double> NumberIn(Bytes text);

// Reads a pattern from the left; spaces between words do not matter.
class Scanner {
 public:
  explicit Scanner(Bytes text) : rest_(text) {}
  bool AtEnd() {
    SkipSpace();
    return rest_.empty();
  }
  // Takes `word` if it stands here.
  bool Take(Bytes word);
  bool Sees(Bytes word);
  // "...", with \" and \\ in it, or a run of characters that are none of `end` and no space.
  Result<std::string> TakeValue(Bytes end, bool* quoted);
  Result<Comparison> TakeComparison(Bytes end);
  // The run of characters that belong to names.
  Bytes TakeName(Bytes also);

 private:
  void SkipSpace();
  Bytes rest_;
};

// && || and parentheses around leaves, in postfix order: no recursion over what a client sent.
struct Step {
  enum class Kind : uint8_t { kLeaf, kAnd, kOr };
  Kind kind;
  size_t leaf;  // of kLeaf
};
// `leaf` takes one leaf from the scanner and gives its number. Ends before a character of `end`.
using TakeLeaf = std::function<Result<size_t>(Scanner*)>;
Result<std::vector<Step>> TakeExpression(Scanner* scanner, Bytes end, const TakeLeaf& leaf);
bool Holds(const std::vector<Step>& steps, const std::function<bool(size_t leaf)>& leaf);

}  // namespace stator::logs
