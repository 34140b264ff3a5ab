#include "json/lenient.h"

#include <cmath>

namespace stator::json {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool EqualsIgnoringCase(Bytes text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (Lower(text[i]) != lower[i]) return false;
  }
  return true;
}

}  // namespace

Value Given(Value object, Bytes name) {
  const Value found = object.Find(name);
  return found.valid() && !found.is_null() ? found : Value();
}

int64_t WholeNumber(Value value) {
  if (value.kind() == Kind::kInteger) return value.integer();
  constexpr double kLimit = 9223372036854774784.0;  // the largest double below 2^63
  return static_cast<int64_t>(std::trunc(std::fmax(-kLimit, std::fmin(kLimit, value.real()))));
}

std::optional<bool> TruthOf(Bytes text) {
  for (const std::string_view word : {"true", "1", "yes"}) {
    if (EqualsIgnoringCase(text, word)) return true;
  }
  for (const std::string_view word : {"false", "0", "no"}) {
    if (EqualsIgnoringCase(text, word)) return false;
  }
  return std::nullopt;
}

bool Truth(Value value) { return value.is_string() ? TruthOf(value.text()).value_or(false) : value.boolean(); }

}  // namespace stator::json
