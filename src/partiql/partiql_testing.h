// What the tests of this folder share. Tests only.
#pragma once

#include <string>
#include <vector>

#include "expression/expression_testing.h"
#include "partiql/parse.h"

namespace stator::partiql::testing {

using expression::testing::ItemText;
using expression::testing::StoredItem;

// The encoded value of {"S": "x"} and its like.
inline std::string Encoded(Bytes wire) { return item::ReadValue(expression::testing::Json(wire).value()).value(); }

inline std::vector<std::string> Encoded(const std::vector<Bytes>& wires) {
  std::vector<std::string> values;
  values.reserve(wires.size());
  for (const Bytes wire : wires) values.push_back(Encoded(wire));
  return values;
}

inline Result<Statement> ParseWith(Bytes text, const std::vector<Bytes>& parameters = {}) {
  const std::vector<std::string> values = Encoded(parameters);
  return Parse(text, values);
}

// "" when it parses.
inline std::string ErrorOf(Bytes text, const std::vector<Bytes>& parameters = {}) {
  return expression::testing::ErrorText(ParseWith(text, parameters));
}

// REQUIRES: a good statement of that kind.
template <class Kind>
Kind ParseAs(Bytes text, const std::vector<Bytes>& parameters = {}) {
  auto statement = ParseWith(text, parameters);
  EXPECT_EQ(expression::testing::ErrorText(statement), "") << text;
  return std::get<Kind>(std::move(statement).value());
}

inline std::string WireText(Bytes encoded) {
  std::string text;
  json::Writer writer(&text);
  item::WriteValue(item::ValueView(encoded), writer);
  return text;
}

inline constexpr Bytes kMalformed = "Statement wasn't well formed, can't be processed: ";
inline std::string Malformed(Bytes why) { return std::string(kMalformed).append(why); }

}  // namespace stator::partiql::testing
