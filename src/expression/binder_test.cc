#include <gtest/gtest.h>

#include "expression/expression_testing.h"
#include "expression/reserved_words.h"

namespace stator::expression {
namespace {

using testing::ErrorText;
using testing::Json;

std::string Make(Bytes names, Bytes values, bool has_expression = true, Bytes absent = {}) {
  const Json n(names), v(values);
  return ErrorText(Binder::Make(n.value(), v.value(), has_expression, absent));
}

TEST(Binder, NeedsAnExpression) {
  EXPECT_EQ(Make("", "", false), "");
  EXPECT_EQ(Make(R"({"#a": "b"})", "", false), "ExpressionAttributeNames can only be specified when using expressions");
  EXPECT_EQ(Make("", R"({":a": {"S": "b"}})", false),
            "ExpressionAttributeValues can only be specified when using expressions");
  EXPECT_EQ(Make("", R"({":a": {"S": "b"}})", false, "ConditionExpression is null"),
            "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null");
}

TEST(Binder, Keys) {
  EXPECT_EQ(Make("{}", ""), "ExpressionAttributeNames must not be empty");
  EXPECT_EQ(Make("", "{}"), "ExpressionAttributeValues must not be empty");
  for (const Bytes key : {"", "a", "#", "#a-b", "a#", ":a", "##"}) {
    const std::string names = "{\"" + std::string(key) + "\": \"x\"}";
    EXPECT_EQ(Make(names, ""),
              "ExpressionAttributeNames contains invalid key: Syntax error; key: \"" + std::string(key) + "\"");
  }
  for (const Bytes key : {"", "v", ":", ":a.b", "#v"}) {
    const std::string values = "{\"" + std::string(key) + "\": {\"S\": \"x\"}}";
    EXPECT_EQ(Make("", values),
              "ExpressionAttributeValues contains invalid key: Syntax error; key: \"" + std::string(key) + "\"");
  }
  EXPECT_EQ(Make(R"({"#A_1": "x", "#1": "y"})", R"({":_": {"S": "x"}})"), "");
}

TEST(Binder, Contents) {
  EXPECT_EQ(Make(R"({"#a": "x", "#b": ""})", ""),
            "ExpressionAttributeNames contains invalid value: Attribute name must not be empty for key #b");
  EXPECT_EQ(Make("", R"({":v": {"N": "x"}})"),
            "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x "
            "for key :v");
  EXPECT_EQ(Make("", R"({":a": {"S": "x"}, ":v": {}})"),
            "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must contain exactly "
            "one of the supported datatypes for key :v");
  EXPECT_EQ(Make("", R"({":v": {"SS": ["a", "a"]}})"),
            "ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: Input "
            "collection [a, a] contains duplicates. for key :v");
}

TEST(Binder, UnusedNamesAndValues) {
  const Json names(R"({"#c": "c", "#a": "a", "#b": "b"})"), values(R"({":v": {"S": "x"}, ":w": {"S": "y"}})");
  Binder binder = Binder::Make(names.value(), values.value(), true).value();
  EXPECT_EQ(ErrorText(binder.CheckAllUsed()),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#c, #a, #b}");
  ASSERT_TRUE(Projection::Parse("#a, x.#b", binder).ok());
  EXPECT_EQ(ErrorText(binder.CheckAllUsed()),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#c}");
  ASSERT_TRUE(Update::Parse("SET #c = :w", binder).ok());
  EXPECT_EQ(ErrorText(binder.CheckAllUsed()),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}");
  ASSERT_TRUE(Condition::Parse(Parameter::kCondition, "a IN (:v, :w)", binder).ok());
  EXPECT_EQ(ErrorText(binder.CheckAllUsed()), "");
}

TEST(Binder, ManyNames) {
  std::string text = "{";
  for (int i = 0; i < 1000; ++i) text += (i > 0 ? ", \"#n" : "\"#n") + std::to_string(i) + "\": \"x\"";
  const Json names(text + "}");
  Binder binder = Binder::Make(names.value(), {}, true).value();
  EXPECT_EQ(ErrorText(Projection::Parse("a.#n0, b.#n999, c.#n500", binder)), "");
  EXPECT_NE(ErrorText(Projection::Parse("#n1000", binder)), "");
}

TEST(Binder, TextsOfWrites) {
  const auto in_write = [](Error error) { return AsWriteError(std::move(error)).text; };
  const Json values(R"({":v": {"SS": []}})");
  EXPECT_EQ(
      in_write(Binder::Make({}, values.value(), true).error()),
      "1 validation error detected: ExpressionAttributeValues contains invalid value: One or more parameter values "
      "were invalid: An string set  may not be empty for key :v");
  Binder binder = Binder::Make({}, {}, true).value();
  EXPECT_EQ(in_write(Update::Parse("SET", binder).error()),
            R"(1 validation error detected: Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "SET")");
  EXPECT_EQ(in_write(Update::Parse("", binder).error()), "Invalid UpdateExpression: The expression can not be empty;");
}

TEST(ReservedWords, AreKnownInAnyCase) {
  for (const Bytes word : {"ABORT", "abort", "Zone", "SIZE", "name", "connection", "LOCALTIMESTAMP", "as"}) {
    EXPECT_TRUE(internal::IsReserved(word)) << word;
  }
  for (const Bytes word :
       {"", "A", "AB", "ABORTS", "zonex", "_", "9", "a.b", "z", "averyveryverylongnamethatisnoword"}) {
    EXPECT_FALSE(internal::IsReserved(word)) << word;
  }
}

}  // namespace
}  // namespace stator::expression
