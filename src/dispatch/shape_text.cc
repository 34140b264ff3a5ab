#include "dispatch/shape_text.h"

#include "base/check.h"

namespace stator::dispatch {
namespace {

// "[...]+", the only kind of pattern the model has: one or more characters of a class.
bool IsOfClass(std::string_view pattern, Bytes text) {
  STATOR_CHECK(pattern.size() > 3 && pattern.front() == '[' && pattern.substr(pattern.size() - 2) == "]+");
  const std::string_view set = pattern.substr(1, pattern.size() - 3);
  const auto in_set = [set](char c) {
    for (size_t i = 0; i < set.size(); ++i) {
      if (i + 2 < set.size() && set[i + 1] == '-') {
        if (set[i] <= c && c <= set[i + 2]) return true;
        i += 2;
      } else if (set[i] == c) {
        return true;
      }
    }
    return false;
  };
  for (const char c : text) {
    if (!in_set(c)) return false;
  }
  return !text.empty();
}

}  // namespace

bool MatchesPattern(const Shape& shape, Bytes text) {
  if (shape.matches) return shape.matches(text);
  return shape.pattern.empty() || IsOfClass(shape.pattern, text);
}

}  // namespace stator::dispatch
