#include "expression/legacy.h"

#include <gtest/gtest.h>

#include "expression/expression_testing.h"

namespace stator::expression {
namespace {

using testing::ErrorText;
using testing::ItemText;
using testing::Json;
using testing::StoredItem;

constexpr Bytes kItem =
    R"({"s": {"S": "hello"}, "n": {"N": "5"}, "b": {"B": "aGVsbG8="}, "t": {"BOOL": true}, "z": {"NULL": true},
        "l": {"L": [{"S": "x"}, {"N": "1"}]}, "m": {"M": {"k": {"N": "2"}}}, "ss": {"SS": ["a", "b"]},
        "ns": {"NS": ["1", "2"]}, "a.b": {"S": "dotted"}})";
constexpr Bytes kInvalid = "One or more parameter values were invalid: ";

// "true", "false" or the error.
std::string Outcome(const Result<Condition>& condition, Bytes item = kItem) {
  if (!condition.ok()) return condition.error().text;
  const std::string stored = item.empty() ? std::string() : StoredItem(item);
  return condition->Evaluate(item::ItemView(stored)) ? "true" : "false";
}

std::string Expected(Bytes text, Conjunction conjunction = Conjunction::kAnd, Bytes item = kItem) {
  const Json json(text);
  return Outcome(ConditionFromExpected(json.value(), conjunction), item);
}

// One condition of a filter: `values` are the elements of AttributeValueList.
std::string Filter(Bytes attribute, Bytes op, Bytes values = {}) {
  const Json json("{\"" + std::string(attribute) + "\": {\"ComparisonOperator\": \"" + std::string(op) +
                  "\", \"AttributeValueList\": [" + std::string(values) + "]}}");
  return Outcome(ConditionFromFilter(json.value(), Conjunction::kAnd, "ScanFilter"));
}

TEST(LegacyFilter, Operators) {
  struct Case {
    Bytes attribute, op, values, outcome;
  };
  const Case cases[] = {
      {"s", "EQ", R"({"S": "hello"})", "true"},
      {"s", "EQ", R"({"S": "x"})", "false"},
      {"n", "EQ", R"({"N": "5.0"})", "true"},
      {"l", "EQ", R"({"L": [{"S": "x"}, {"N": "1"}]})", "true"},
      {"absent", "EQ", R"({"N": "5"})", "false"},
      {"a.b", "EQ", R"({"S": "dotted"})", "true"},
      {"s", "NE", R"({"S": "hello"})", "false"},
      {"s", "NE", R"({"N": "5"})", "true"},
      {"absent", "NE", R"({"N": "5"})", "true"},
      {"n", "LE", R"({"N": "5"})", "true"},
      {"n", "LT", R"({"N": "5"})", "false"},
      {"n", "GE", R"({"N": "5"})", "true"},
      {"n", "GT", R"({"N": "4.9"})", "true"},
      {"n", "GT", R"({"S": "4"})", "false"},
      {"absent", "LT", R"({"N": "5"})", "false"},
      {"s", "IN", R"({"S": "x"}, {"S": "hello"})", "true"},
      {"s", "IN", R"({"S": "x"})", "false"},
      {"n", "BETWEEN", R"({"N": "5"}, {"N": "6"})", "true"},
      {"n", "BETWEEN", R"({"N": "6"}, {"N": "7"})", "false"},
      {"s", "BEGINS_WITH", R"({"S": "he"})", "true"},
      {"b", "BEGINS_WITH", R"({"B": "aGU="})", "true"},
      {"n", "BEGINS_WITH", R"({"S": "5"})", "false"},
      {"s", "CONTAINS", R"({"S": "ell"})", "true"},
      {"ss", "CONTAINS", R"({"S": "a"})", "true"},
      {"ns", "CONTAINS", R"({"N": "2.0"})", "true"},
      {"l", "CONTAINS", R"({"N": "1"})", "true"},
      {"s", "CONTAINS", R"({"N": "1"})", "false"},
      {"s", "NOT_CONTAINS", R"({"S": "ell"})", "false"},
      {"s", "NOT_CONTAINS", R"({"S": "zz"})", "true"},
      {"ss", "NOT_CONTAINS", R"({"S": "c"})", "true"},
      {"absent", "NOT_CONTAINS", R"({"S": "c"})", "false"},
      {"absent", "NULL", "", "true"},
      {"z", "NULL", "", "false"},
      {"z", "NOT_NULL", "", "true"},
      {"absent", "NOT_NULL", "", "false"},
  };
  for (const Case& c : cases)
    EXPECT_EQ(Filter(c.attribute, c.op, c.values), c.outcome) << c.attribute << c.op << c.values;
}

TEST(LegacyFilter, Errors) {
  const auto invalid = [](Bytes text) { return std::string(kInvalid) + std::string(text); };
  for (const Bytes op :
       {"EQ", "NE", "LE", "LT", "GE", "GT", "IN", "BETWEEN", "BEGINS_WITH", "CONTAINS", "NOT_CONTAINS"}) {
    EXPECT_EQ(Filter("n", op),
              invalid("Invalid number of argument(s) for the " + std::string(op) + " ComparisonOperator"));
  }
  for (const Bytes op : {"EQ", "GT", "NULL", "NOT_NULL", "CONTAINS"}) {
    EXPECT_EQ(Filter("n", op, R"({"N": "1"}, {"N": "2"})"),
              invalid("Invalid number of argument(s) for the " + std::string(op) + " ComparisonOperator"));
  }
  EXPECT_EQ(Filter("n", "IN", R"({"N": "1"}, {"S": "2"})"),
            invalid("AttributeValues inside AttributeValueList must be of same type"));
  EXPECT_EQ(Filter("n", "GT", R"({"SS": ["1"]})"),
            invalid("ComparisonOperator GT is not valid for SS AttributeValue type"));
  EXPECT_EQ(Filter("n", "BEGINS_WITH", R"({"N": "1"})"),
            invalid("ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"));
  EXPECT_EQ(Filter("n", "CONTAINS", R"({"L": []})"),
            invalid("ComparisonOperator CONTAINS is not valid for L AttributeValue type"));
  EXPECT_EQ(Filter("n", "BETWEEN", R"({"N": "2"}, {"N": "1"})"),
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound");
  EXPECT_EQ(Filter("n", "EQ", R"({"N": "x"})"), "The parameter cannot be converted to a numeric value: x");
}

TEST(LegacyExpected, ValueAndExists) {
  EXPECT_EQ(Expected("{}"), "true");
  EXPECT_EQ(Expected(R"({"s": {"Value": {"S": "hello"}}})"), "true");
  EXPECT_EQ(Expected(R"({"s": {"Value": {"S": "hello"}, "Exists": true}})"), "true");
  EXPECT_EQ(Expected(R"({"s": {"Value": {"S": "other"}}})"), "false");
  EXPECT_EQ(Expected(R"({"s": {"Exists": false}})"), "false");
  EXPECT_EQ(Expected(R"({"absent": {"Exists": false}})"), "true");
  EXPECT_EQ(Expected(R"({"s": {"Exists": false}})", Conjunction::kAnd, {}), "true");
  EXPECT_EQ(Expected(R"({"s": {"Value": null, "Exists": false}})"), "false");
  EXPECT_EQ(Expected(R"({"s": {"ComparisonOperator": "BEGINS_WITH", "Value": {"S": "he"}}})"), "true");
  EXPECT_EQ(Expected(R"({"s": {"ComparisonOperator": "NOT_NULL"}})"), "true");
}

TEST(LegacyExpected, Conjunctions) {
  constexpr Bytes kTwo = R"({"s": {"Value": {"S": "hello"}}, "n": {"Value": {"N": "6"}}})";
  EXPECT_EQ(Expected(kTwo), "false");
  EXPECT_EQ(Expected(kTwo, Conjunction::kOr), "true");
}

TEST(LegacyExpected, Errors) {
  const auto invalid = [](Bytes text) { return std::string(kInvalid) + std::string(text); };
  EXPECT_EQ(Expected(R"({"x": {}})"), invalid("Value must be provided when Exists is null for Attribute: x"));
  EXPECT_EQ(Expected(R"({"x": {"Exists": true}})"),
            invalid("Value must be provided when Exists is true for Attribute: x"));
  EXPECT_EQ(Expected(R"({"x": {"Exists": false, "Value": {"S": "a"}}})"),
            invalid("Value cannot be used when Exists is false for Attribute: x"));
  EXPECT_EQ(Expected(R"({"x": {"Value": {"S": "a"}, "AttributeValueList": []}})"),
            invalid("Value and AttributeValueList cannot be used together for Attribute: x"));
  EXPECT_EQ(Expected(R"({"x": {"AttributeValueList": []}})"),
            invalid("AttributeValueList can only be used with a ComparisonOperator for Attribute: x"));
  EXPECT_EQ(Expected(R"({"x": {"Exists": true, "ComparisonOperator": "EQ", "Value": {"S": "a"}}})"),
            invalid("Exists and ComparisonOperator cannot be used together for Attribute: x"));
  EXPECT_EQ(Expected(R"({"x": {"ComparisonOperator": "EQ"}})"),
            invalid("Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: x"));
  EXPECT_EQ(Expected(R"({"x": {"ComparisonOperator": "BETWEEN", "Value": {"S": "a"}}})"),
            invalid("Invalid number of argument(s) for the BETWEEN ComparisonOperator"));
}

std::string ApplyUpdates(Bytes text, Bytes item = R"({"p": {"S": "k"}, "n": {"N": "5"}, "ss": {"SS": ["a", "b"]},
                                                      "l": {"L": [{"N": "1"}]}})") {
  const Json json(text);
  const auto update = UpdateFromAttributeUpdates(json.value());
  if (!update.ok()) return update.error().text;
  const std::string before = item.empty() ? std::string() : StoredItem(item);
  const std::string key = StoredItem(R"({"p": {"S": "k"}})");
  const auto applied = update->Apply(item::ItemView(before), item::ItemView(key), false);
  return applied.ok() ? ItemText(applied->item) : applied.error().text;
}

TEST(AttributeUpdates, Actions) {
  constexpr Bytes kSmall = R"({"p": {"S": "k"}, "n": {"N": "5"}})";
  EXPECT_EQ(ApplyUpdates(R"({"n": {"Value": {"S": "x"}}})", kSmall), R"({"n":{"S":"x"},"p":{"S":"k"}})");
  EXPECT_EQ(ApplyUpdates(R"({"n": {"Action": "PUT", "Value": {"S": "x"}}})", kSmall),
            R"({"n":{"S":"x"},"p":{"S":"k"}})");
  EXPECT_EQ(ApplyUpdates(R"({"n": {"Action": "DELETE"}, "x": {"Action": "DELETE"}})", kSmall), R"({"p":{"S":"k"}})");
  EXPECT_EQ(ApplyUpdates(R"({"n": {"Action": "ADD", "Value": {"N": "-6"}}})", kSmall),
            R"({"n":{"N":"-1"},"p":{"S":"k"}})");
  EXPECT_EQ(ApplyUpdates(R"({"n": {"Action": "ADD", "Value": {"N": "1"}}})", {}), R"({"n":{"N":"1"},"p":{"S":"k"}})");
  EXPECT_EQ(ApplyUpdates(R"({"ss": {"Action": "DELETE", "Value": {"SS": ["a", "z"]}},
                             "l": {"Action": "ADD", "Value": {"L": [{"N": "2"}]}}, "n": {"Action": "DELETE"}})"),
            R"({"l":{"L":[{"N":"1"},{"N":"2"}]},"p":{"S":"k"},"ss":{"SS":["b"]}})");
}

TEST(AttributeUpdates, Errors) {
  const auto invalid = [](Bytes text) { return std::string(kInvalid) + std::string(text); };
  constexpr Bytes kOnlyDelete = "Only DELETE action is allowed when no attribute value is specified";
  EXPECT_EQ(ApplyUpdates(R"({"n": {}})"), invalid(kOnlyDelete));
  EXPECT_EQ(ApplyUpdates(R"({"n": {"Action": "ADD"}})"), invalid(kOnlyDelete));
  EXPECT_EQ(ApplyUpdates(R"({"n": {"Action": "DELETE", "Value": {"N": "1"}}})"),
            invalid("DELETE action with value is not supported for the type N"));
  EXPECT_EQ(ApplyUpdates(R"({"n": {"Action": "ADD", "Value": {"S": "1"}}})"),
            invalid("ADD action is not supported for the type S"));
  EXPECT_EQ(ApplyUpdates(R"({"n": {"Action": "ADD", "Value": {"SS": ["1"]}}})"),
            "Type mismatch for attribute to update");
  EXPECT_EQ(ApplyUpdates(R"({"l": {"Action": "DELETE", "Value": {"SS": ["1"]}}})"),
            "Type mismatch for attribute to update");
  EXPECT_EQ(ApplyUpdates(R"({"": {"Value": {"N": "1"}}})"), invalid("Attribute name must not be empty"));
}

TEST(AttributeUpdates, CreatesMissing) {
  const auto creates = [](Bytes text) {
    const Json json(text);
    return UpdateFromAttributeUpdates(json.value())->CreatesMissing();
  };
  EXPECT_TRUE(creates("{}"));
  EXPECT_TRUE(creates(R"({"a": {"Value": {"S": "x"}}})"));
  EXPECT_FALSE(creates(R"({"a": {"Action": "DELETE"}})"));
}

TEST(AttributesToGet, Projects) {
  const std::string stored = StoredItem(kItem);
  const auto project = [&](Bytes text) {
    const Json json(text);
    const auto projection = ProjectionFromAttributesToGet(json.value());
    return projection.ok() ? ItemText(projection->Apply(item::ItemView(stored))) : projection.error().text;
  };
  EXPECT_EQ(project(R"(["s", "a.b", "absent"])"), R"({"a.b":{"S":"dotted"},"s":{"S":"hello"}})");
  EXPECT_EQ(project(R"(["s", "n", "s"])"), std::string(kInvalid) + "Duplicate value in attribute name: s");
}

TEST(KeyConditions, Compare) {
  const auto read = [](Bytes text) {
    const Json json(text);
    return KeyComparisonsFromKeyConditions(json.value());
  };
  const auto two = read(R"({"r": {"ComparisonOperator": "BETWEEN", "AttributeValueList": [{"N": "1"}, {"N": "2"}]},
                            "p": {"ComparisonOperator": "EQ", "AttributeValueList": [{"S": "x"}]}})");
  ASSERT_EQ(two->size(), 2U);
  const auto key = BindKey(*two, {{"p", item::Tag::kString}}, {{"r", item::Tag::kNumber}}, true);
  ASSERT_TRUE(key.ok());
  EXPECT_EQ(key->range[0].op, KeyComparison::Op::kBetween);
  EXPECT_EQ(ErrorText(read(R"({"p": {"ComparisonOperator": "NE", "AttributeValueList": [{"S": "x"}]}})")),
            "Attempted conditional constraint is not an indexable operation");
  EXPECT_EQ(ErrorText(read(R"({"p": {"ComparisonOperator": "EQ"}})")),
            "One or more parameter values were invalid: Invalid number of argument(s) for the EQ ComparisonOperator");
  EXPECT_EQ(ErrorText(read("{}")), "Conditions can be of length 1 or 2 only");
  EXPECT_EQ(ErrorText(BindKey({}, {{"p", item::Tag::kString}}, {}, true)), "Conditions can be of length 1 or 2 only");
}

TEST(RefuseMixed, NamesBothKinds) {
  const auto refuse = [](Bytes text) {
    const Json json(text);
    return ErrorText(RefuseMixed(json.value()));
  };
  EXPECT_EQ(refuse(R"({"AttributesToGet": ["a"], "ProjectionExpression": "a"})"),
            "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
            "{AttributesToGet} Expression parameters: {ProjectionExpression}");
  EXPECT_EQ(refuse(R"({"Expected": {}, "AttributeUpdates": {}, "UpdateExpression": "", "ConditionExpression": ""})"),
            "Can not use both expression and non-expression parameters in the same request: Non-expression parameters: "
            "{AttributeUpdates, Expected} Expression parameters: {UpdateExpression, ConditionExpression}");
  EXPECT_EQ(refuse(R"({"KeyConditions": {}, "FilterExpression": "a", "ProjectionExpression": "a"})"), "");
  EXPECT_NE(refuse(R"({"KeyConditions": {}, "KeyConditionExpression": "a"})"), "");
  EXPECT_EQ(refuse(R"({"Expected": null, "ConditionExpression": "a"})"), "");
  EXPECT_EQ(refuse(R"({"ConditionalOperator": "OR"})"),
            "ConditionalOperator cannot be used without Filter or Expected");
  EXPECT_EQ(refuse(R"({"ConditionalOperator": "OR", "ScanFilter": {"a": {}}})"),
            "ConditionalOperator can only be used when Filter or Expected has two or more elements");
  EXPECT_EQ(refuse(R"({"ConditionalOperator": "OR", "Expected": {"a": {}, "b": {}}})"), "");
}

}  // namespace
}  // namespace stator::expression
