// Values written in statements.
#include <gtest/gtest.h>

#include "partiql/partiql_testing.h"

namespace stator::partiql {
namespace {

using testing::ErrorOf;
using testing::ItemText;
using testing::Malformed;
using testing::ParseAs;

std::string Value(Bytes literal, const std::vector<Bytes>& parameters = {}) {
  const auto insert = ParseAs<Insert>("INSERT INTO Music VALUE {'v': " + std::string(literal) + "}", parameters);
  const std::string text = ItemText(insert.item);
  return text.substr(5, text.size() - 6);
}

std::string Refusal(Bytes literal, const std::vector<Bytes>& parameters = {}) {
  return ErrorOf("INSERT INTO Music VALUE {'v': " + std::string(literal) + "}", parameters);
}

TEST(LiteralTest, EveryTypeButBinaries) {
  EXPECT_EQ(Value("'text'"), R"({"S":"text"})");
  EXPECT_EQ(Value("''"), R"({"S":""})");
  EXPECT_EQ(Value("'it''s \"x\" \\n'"), R"({"S":"it's \"x\" \\n"})");
  EXPECT_EQ(Value("''''''"), R"({"S":"''"})");
  EXPECT_EQ(Value("'\xc3\xa4 -- /* ?'"), "{\"S\":\"\xc3\xa4 -- /* ?\"}");
  EXPECT_EQ(Value("TRUE"), R"({"BOOL":true})");
  EXPECT_EQ(Value("False"), R"({"BOOL":false})");
  EXPECT_EQ(Value("null"), R"({"NULL":true})");
  EXPECT_EQ(Value("[]"), R"({"L":[]})");
  EXPECT_EQ(Value("{}"), R"({"M":{}})");
  EXPECT_EQ(Value("['a', 1, [null], {'x': {'y': true}}]"),
            R"({"L":[{"S":"a"},{"N":"1"},{"L":[{"NULL":true}]},{"M":{"x":{"M":{"y":{"BOOL":true}}}}}]})");
  EXPECT_EQ(Value("<<'b', 'a'>>"), R"({"SS":["a","b"]})");
  EXPECT_EQ(Value("<<2, 10, -1>>"), R"({"NS":["-1","2","10"]})");
  EXPECT_EQ(Value("<<?, ?>>", {R"({"B": "aGVsbG8="})", R"({"B": "aGU="})"}), R"({"BS":["aGU=","aGVsbG8="]})");
  EXPECT_EQ(Value("[<<1>>]"), R"({"L":[{"NS":["1"]}]})");
}

TEST(LiteralTest, NumbersAreExact) {
  EXPECT_EQ(Value("5"), R"({"N":"5"})");
  EXPECT_EQ(Value("-5.50"), R"({"N":"-5.5"})");
  EXPECT_EQ(Value("+5"), R"({"N":"5"})");
  EXPECT_EQ(Value("- 5"), R"({"N":"-5"})");
  EXPECT_EQ(Value(".5"), R"({"N":"0.5"})");
  EXPECT_EQ(Value("5."), R"({"N":"5"})");
  EXPECT_EQ(Value("1e3"), R"({"N":"1000"})");
  EXPECT_EQ(Value("12E-1"), R"({"N":"1.2"})");
  EXPECT_EQ(Value("0.1234567890123456789012345678901234567"), R"({"N":"0.1234567890123456789012345678901234567"})");
  EXPECT_EQ(Refusal("123456789012345678901234567890123456789"),
            "Attempting to store more than 38 significant digits in a Number");
  EXPECT_EQ(Refusal("1e126"),
            "Number overflow. Attempting to store a number with magnitude larger than supported range");
  EXPECT_EQ(Refusal("1e-131"),
            "Number underflow. Attempting to store a number with magnitude smaller than supported range");
  EXPECT_EQ(Refusal("1e"), Malformed("Expected }"));
  EXPECT_EQ(Refusal("--5\n"), Malformed("Unexpected term"));  // a comment
  EXPECT_EQ(Refusal("+-5"), Malformed("Unexpected operator"));
}

TEST(LiteralTest, SetsHaveDistinctMembersOfOneType) {
  const std::string mixed =
      "One or more parameter values were invalid: The members of a set must be strings, numbers or binaries, and all "
      "of "
      "one type";
  EXPECT_EQ(Refusal("<<>>"), "One or more parameter values were invalid: A set may not be empty");
  EXPECT_EQ(Refusal("<<1, 'a'>>"), mixed);
  EXPECT_EQ(Refusal("<<true>>"), mixed);
  EXPECT_EQ(Refusal("<<[1]>>"), mixed);
  EXPECT_EQ(Refusal("<< <<1>> >>"), mixed);
  EXPECT_EQ(Refusal("<<?>>", {R"({"L": []})"}), mixed);
  EXPECT_EQ(Refusal("<<'a', 'b', 'a'>>"),
            "One or more parameter values were invalid: Input collection [a, b, a] contains duplicates.");
  EXPECT_EQ(Refusal("<<1, 1.0>>"), "Input collection contains duplicates");
}

TEST(LiteralTest, BracketsMustMatch) {
  EXPECT_EQ(Refusal("[1"), Malformed("Expected ]"));
  EXPECT_EQ(Refusal("[1, ]"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("[a]"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("<<1"), Malformed("Expected >>"));
  EXPECT_EQ(Refusal("<<1>"), Malformed("Expected >>"));
  EXPECT_EQ(Refusal("{'a' 1}"), Malformed("Expected :"));
  EXPECT_EQ(Refusal("{a: 1}"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("{\"a\": 1}"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("{'a': }"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("{'': 1}"), "One or more parameter values were invalid: Attribute name must not be empty");
}

TEST(LiteralTest, NestAsDeepAsItemsMay) {
  const auto nested = [](int lists, Bytes inside) {
    return std::string(static_cast<size_t>(lists), '[').append(inside).append(static_cast<size_t>(lists), ']');
  };
  const std::string too_deep =
      "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit";
  // The tuple of the item does not count, as the item of PutItem does not.
  EXPECT_EQ(Refusal(nested(31, "1")), "");
  EXPECT_EQ(Refusal(nested(31, "<<1>>")), "");
  EXPECT_EQ(Refusal(nested(32, "1")), too_deep);
  EXPECT_EQ(Refusal(nested(32, "<<1>>")), too_deep);
  EXPECT_EQ(Refusal(nested(31, "?"), {R"({"N": "1"})"}), "");
  EXPECT_EQ(Refusal(nested(31, "?"), {R"({"L": [{"N": "1"}]})"}), too_deep);
}

}  // namespace
}  // namespace stator::partiql
