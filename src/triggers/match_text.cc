#include "triggers/match_text.h"

#include <algorithm>

namespace stator::triggers {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// One unit of a pattern: a star, or a character that stands for itself.
struct Unit {
  bool star;
  char character;
  size_t size;
};
Unit UnitAt(Bytes pattern, size_t at) {
  if (pattern[at] == '\\') return {false, pattern[at + 1], 2};
  return {pattern[at] == '*', pattern[at], 1};
}

}  // namespace

bool EqualsIgnoreCase(Bytes a, Bytes b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return Lower(x) == Lower(y); });
}

bool ValidWildcard(Bytes pattern) {
  bool after_star = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const bool star = pattern[i] == '*';
    if (star && after_star) return false;
    after_star = star;
    if (pattern[i] != '\\') continue;
    if (++i == pattern.size() || (pattern[i] != '*' && pattern[i] != '\\')) return false;
  }
  return true;
}

// On a mismatch the last star takes one character more: an earlier one never needs to.
bool MatchesWildcard(Bytes pattern, Bytes text) {
  constexpr size_t kNone = Bytes::npos;
  size_t p = 0;
  size_t t = 0;
  size_t after_star = kNone;
  size_t star_until = 0;
  while (t < text.size() || p < pattern.size()) {
    if (p < pattern.size()) {
      const Unit unit = UnitAt(pattern, p);
      if (unit.star) {
        after_star = ++p;
        star_until = t;
        continue;
      }
      if (t < text.size() && text[t] == unit.character) {
        p += unit.size;
        ++t;
        continue;
      }
    }
    if (after_star == kNone || star_until == text.size()) return false;
    p = after_star;
    t = ++star_until;
  }
  return true;
}

}  // namespace stator::triggers
