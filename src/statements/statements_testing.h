// What the tests of this folder share. Tests only.
#pragma once

#include <string>

#include "partiql/parse.h"
#include "table/table_testing.h"

namespace stator::statements {

// REQUIRES: a good statement without parameters.
inline partiql::Statement ParseNow(const std::string& text) {
  auto statement = partiql::Parse(text, {});
  EXPECT_TRUE(statement.ok()) << text << ": " << (statement.ok() ? "" : statement.error().text);
  return std::move(statement).value();
}

// {N:1}, {S:a}: a value, short.
inline std::string ValueText(Bytes encoded) {
  const std::string item = item::MakeItem({{"v", item::ValueView(encoded)}});
  std::string text = table::Wire(item::ItemView(item)).substr(5);  // behind {"v":
  text.pop_back();
  std::erase(text, '"');
  return text;
}

}  // namespace stator::statements
