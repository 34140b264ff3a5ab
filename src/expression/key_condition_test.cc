#include <gtest/gtest.h>

#include "expression/expression_testing.h"

namespace stator::expression {
namespace {

using testing::Substitutes;
using Op = KeyComparison::Op;

constexpr Bytes kAll =
    R"({"#p": "p", ":s": {"S": "a"}, ":t": {"S": "b"}, ":n": {"N": "1"}, ":e": {"S": ""}, ":b": {"B": "YQ=="},
        ":l": {"L": []}})";

const std::vector<KeyAttribute> kHash = {{"p", item::Tag::kString}};
const std::vector<KeyAttribute> kRange = {{"r", item::Tag::kString}};

Result<std::vector<KeyComparison>> ParseKey(Bytes text, Bytes values = kAll) {
  const Substitutes substitutes(values);
  Binder binder = substitutes.Bind().value();
  return ParseKeyCondition(text, binder);
}

Bytes OpName(Op op) {
  constexpr Bytes kNames[] = {"=", "<", "<=", ">", ">=", "between", "begins_with"};
  return kNames[static_cast<size_t>(op)];
}

std::string Text(const std::string& encoded) {
  std::string text;
  json::Writer writer(&text);
  if (!encoded.empty()) item::WriteValue(item::ValueView(encoded), writer);
  return text;
}

// "{hash} name op value value2", or the error.
std::string Bind(const Result<std::vector<KeyComparison>>& comparisons, const std::vector<KeyAttribute>& hash = kHash,
                 const std::vector<KeyAttribute>& range = kRange) {
  if (!comparisons.ok()) return comparisons.error().text;
  const auto key = BindKey(*comparisons, hash, range, false);
  if (!key.ok()) return key.error().text;
  std::string text;
  for (const std::string& value : key->hash) text += Text(value);
  for (const KeyComparison& c : key->range) {
    text.append(" ").append(c.attribute).append(" ").append(OpName(c.op)).append(" ").append(Text(c.value));
    if (!c.value2.empty()) text.append(" ").append(Text(c.value2));
  }
  return text;
}
std::string Bind(Bytes text) { return Bind(ParseKey(text)); }

TEST(KeyCondition, Binds) {
  EXPECT_EQ(Bind("p = :s"), R"({"S":"a"})");
  EXPECT_EQ(Bind("#p = :s AND r = :t"), R"({"S":"a"} r = {"S":"b"})");
  EXPECT_EQ(Bind("r < :t AND p = :s"), R"({"S":"a"} r < {"S":"b"})");
  EXPECT_EQ(Bind(":s = p AND :t < r"), R"({"S":"a"} r > {"S":"b"})");
  EXPECT_EQ(Bind("p = :s AND :t >= r"), R"({"S":"a"} r <= {"S":"b"})");
  EXPECT_EQ(Bind("p = :s AND r >= :t"), R"({"S":"a"} r >= {"S":"b"})");
  EXPECT_EQ(Bind("p = :s AND r BETWEEN :s AND :t"), R"({"S":"a"} r between {"S":"a"} {"S":"b"})");
  EXPECT_EQ(Bind("begins_with(r, :t) and p = :s"), R"({"S":"a"} r begins_with {"S":"b"})");
  EXPECT_EQ(Bind("(p = :s) AND (r = :t)"), R"({"S":"a"} r = {"S":"b"})");
  EXPECT_EQ(Bind("(p = :s AND r = :t)"), R"({"S":"a"} r = {"S":"b"})");
}

TEST(KeyCondition, ShapeErrors) {
  EXPECT_EQ(Bind(""), "Invalid KeyConditionExpression: The expression can not be empty;");
  EXPECT_EQ(Bind("p"), R"(Invalid KeyConditionExpression: Syntax error; token: "<EOF>", near: "p")");
  EXPECT_EQ(Bind("((p = :s))"), "Invalid KeyConditionExpression: The expression has redundant parentheses;");
  EXPECT_EQ(Bind("p = :s OR r = :s"), "Invalid operator used in KeyConditionExpression: OR");
  EXPECT_EQ(Bind("NOT p = :s"), "Invalid operator used in KeyConditionExpression: NOT");
  EXPECT_EQ(Bind("p = :s AND r <> :s"), "Invalid operator used in KeyConditionExpression: <>");
  EXPECT_EQ(Bind("p IN (:s)"), "Invalid operator used in KeyConditionExpression: IN");
  EXPECT_EQ(Bind("p = :s AND contains(r, :s)"), "Invalid operator used in KeyConditionExpression: contains");
  EXPECT_EQ(Bind("p = :s AND attribute_exists(r)"),
            "Invalid operator used in KeyConditionExpression: attribute_exists");
  EXPECT_EQ(Bind("p = :s AND foo(r)"), "Invalid KeyConditionExpression: Invalid function name; function: foo");
  EXPECT_EQ(Bind("p = :s AND size(r) = :n"), "KeyConditionExpressions cannot contain nested operations");
  EXPECT_EQ(Bind("p.a = :s"), "KeyConditionExpressions cannot have conditions on nested attributes");
  EXPECT_EQ(Bind("p = r"),
            "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
  EXPECT_EQ(Bind("p = :s AND r BETWEEN :s AND q"),
            "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition");
  EXPECT_EQ(Bind(":s = :s"), "Invalid condition in KeyConditionExpression: No key attribute specified");
  EXPECT_EQ(Bind("p = :s AND begins_with(:s, r)"),
            "Invalid condition in KeyConditionExpression: begins_with operator "
            "must have the key attribute as its first operand");
  EXPECT_EQ(Bind("p = :s AND :s BETWEEN r AND :t"),
            "Invalid condition in KeyConditionExpression: BETWEEN operator must "
            "have the key attribute as its first operand");
  EXPECT_EQ(Bind("p = :s AND #p = :s"), "KeyConditionExpressions must only contain one condition per key");
  EXPECT_EQ(Bind("p = :s AND begins_with(r, :n)"),
            "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or function: "
            "begins_with, operand type: N");
}

TEST(KeyCondition, SchemaErrors) {
  EXPECT_EQ(Bind("r = :s"), "Query condition missed key schema element: p");
  EXPECT_EQ(Bind("p = :s AND x = :s"), "Query condition missed key schema element: r");
  EXPECT_EQ(Bind("p = :s AND r = :s AND x = :s"), "Conditions can be of length 1 or 2 only");
  EXPECT_EQ(Bind(ParseKey("p = :s AND r = :s"), kHash, {}), "Query key condition not supported");
  EXPECT_EQ(Bind("p > :s"), "Query key condition not supported");
  EXPECT_EQ(Bind("begins_with(p, :s)"), "Query key condition not supported");
  constexpr Bytes kType =
      "One or more parameter values were invalid: Condition parameter type does not match schema type";
  EXPECT_EQ(Bind("p = :n"), kType);
  EXPECT_EQ(Bind("p = :l"), kType);
  EXPECT_EQ(Bind("p = :s AND r = :b"), kType);
  EXPECT_EQ(Bind("p = :e"),
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
            "contain an empty string value. Key: p");
  EXPECT_EQ(Bind("p = :s AND r > :e"),
            "One or more parameter values are not valid. The AttributeValue for a key "
            "attribute cannot contain an empty string value. Key: r");
  const auto sized = [](size_t size) { return "{\":v\": {\"S\": \"" + std::string(size, 'x') + "\"}}"; };
  EXPECT_EQ(
      Bind(ParseKey("p = :v", sized(2049))),
      "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes");
  EXPECT_EQ(
      Bind(ParseKey("p = :v AND r = :v", sized(1025))),
      "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of "
      "1024 bytes");
}

TEST(KeyCondition, SeveralAttributes) {
  const std::vector<KeyAttribute> hash = {{"a", item::Tag::kString}, {"b", item::Tag::kNumber}};
  const std::vector<KeyAttribute> range = {{"c", item::Tag::kString}, {"d", item::Tag::kNumber}};
  const auto bind = [&](Bytes text) { return Bind(ParseKey(text), hash, range); };
  EXPECT_EQ(bind("b = :n AND a = :s"), R"({"S":"a"}{"N":"1"})");
  EXPECT_EQ(bind("d > :n AND b = :n AND a = :s AND c = :t"), R"({"S":"a"}{"N":"1"} c = {"S":"b"} d > {"N":"1"})");
  EXPECT_EQ(bind("b = :n AND a = :s AND c < :t"), R"({"S":"a"}{"N":"1"} c < {"S":"b"})");
  EXPECT_EQ(bind("a = :s"), "Query condition missed key schema element: b");
  EXPECT_EQ(bind("a = :s AND b = :n AND d = :n"), "Query condition missed key schema element: c");
  EXPECT_EQ(bind("a = :s AND b = :n AND c > :s AND d = :n"), "Query key condition not supported");
}

}  // namespace
}  // namespace stator::expression
