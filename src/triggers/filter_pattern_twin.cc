#include "triggers/filter_pattern_twin.h"

#include <cctype>
#include <string>

namespace stator::triggers::twin {
namespace {

std::string Lower(Bytes text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool Wild(Bytes pattern, Bytes text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    return Wild(pattern.substr(1), text) || (!text.empty() && Wild(pattern, text.substr(1)));
  }
  const size_t at = pattern[0] == '\\' ? 1 : 0;
  return !text.empty() && text[0] == pattern[at] && Wild(pattern.substr(at + 1), text.substr(1));
}

bool SameScalar(json::Value wanted, json::Value value) {
  if (wanted.is_null() || value.is_null()) return wanted.is_null() && value.is_null();
  if (wanted.is_string()) return value.is_string() && wanted.text() == value.text();
  if (wanted.is_bool()) return value.is_bool() && wanted.boolean() == value.boolean();
  return wanted.is_number() && value.is_number() && wanted.real() == value.real();
}

bool InRange(json::Value numeric, double value) {
  bool holds = true;
  Bytes compare;
  for (const json::Value part : numeric.elements()) {
    if (part.is_string()) {
      compare = part.text();
      continue;
    }
    const double bound = part.real();
    holds = holds && (compare == "="    ? value == bound
                      : compare == ">"  ? value > bound
                      : compare == ">=" ? value >= bound
                      : compare == "<"  ? value < bound
                                        : value <= bound);
  }
  return holds;
}

bool HoldsText(Bytes name, json::Value wanted, Bytes text) {
  if (wanted.is_array()) {
    for (const json::Value one : wanted.elements()) {
      if (HoldsText(name, one, text)) return true;
    }
    return false;
  }
  const bool folded = wanted.is_object() || name == "equals-ignore-case";
  const Bytes raw = wanted.is_object() ? wanted.Find("equals-ignore-case").text() : wanted.text();
  const std::string pattern = folded ? Lower(raw) : std::string(raw);
  const std::string subject = folded ? Lower(text) : std::string(text);
  if (name == "prefix") return subject.starts_with(pattern);
  if (name == "suffix") return subject.ends_with(pattern);
  if (name == "wildcard") return Wild(pattern, subject);
  return subject == pattern;
}

bool AnythingButNamed(json::Value but, json::Value value) {
  if (but.is_array()) {
    for (const json::Value one : but.elements()) {
      if (SameScalar(one, value)) return true;
    }
    return false;
  }
  if (!but.is_object()) return SameScalar(but, value);
  const json::Member match = *but.members().begin();
  return value.is_string() && HoldsText(match.name, match.value, value.text());
}

// `value`: invalid if the record has no such member.
bool HoldsTest(json::Value test, json::Value value) {
  const bool exists_test = test.is_object() && test.Find("exists").valid();
  if (!value.valid()) return exists_test && !test.Find("exists").boolean();
  if (value.is_array()) {
    for (const json::Value element : value.elements()) {
      if (HoldsTest(test, element)) return true;
    }
    return false;
  }
  if (value.is_object()) return false;
  if (!test.is_object()) return SameScalar(test, value);
  if (exists_test) return test.Find("exists").boolean();
  const json::Member match = *test.members().begin();
  if (match.name == "anything-but") return !AnythingButNamed(match.value, value);
  if (match.name == "numeric") return value.is_number() && InRange(match.value, value.real());
  return value.is_string() && HoldsText(match.name, match.value, value.text());
}

bool HoldsMember(json::Value rule, json::Value value) {
  if (!rule.is_array()) return Matches(rule, value);
  for (const json::Value test : rule.elements()) {
    if (HoldsTest(test, value)) return true;
  }
  return false;
}

bool OneMatches(json::Value patterns, json::Value record) {
  for (const json::Value pattern : patterns.elements()) {
    if (Matches(pattern, record)) return true;
  }
  return false;
}

}  // namespace

bool Matches(json::Value pattern, json::Value record) {
  if (record.valid() && record.is_array()) {
    for (const json::Value element : record.elements()) {
      if (Matches(pattern, element)) return true;
    }
    return false;
  }
  for (const json::Member rule : pattern.members()) {
    const bool holds =
        rule.name == "$or"
            ? OneMatches(rule.value, record)
            : HoldsMember(rule.value, record.valid() && record.is_object() ? record.Find(rule.name) : json::Value());
    if (!holds) return false;
  }
  return true;
}

}  // namespace stator::triggers::twin
