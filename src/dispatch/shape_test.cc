#include "dispatch/shape.h"

#include <gtest/gtest.h>

#include <string>

namespace stator::dispatch {
namespace {

using Kind = Shape::Kind;

constexpr std::string_view kColors[] = {"RED", "BLUE"};
constexpr Shape kColor{.kind = Kind::kString, .model_name = "Color", .values = kColors};
constexpr Shape kName{.kind = Kind::kString, .model_name = "Name", .min = 3, .max = 5, .pattern = "[a-zA-Z0-9_.-]+"};
constexpr Shape kCount{.kind = Kind::kInteger, .model_name = "Count", .min = 1, .max = 100};
constexpr Shape kBig{.kind = Kind::kLong, .model_name = "Big"};
constexpr Shape kFlag{.kind = Kind::kBoolean, .model_name = "Flag"};
constexpr Shape kNames{.kind = Kind::kList, .model_name = "Names", .min = 1, .max = 2, .element = &kName};
constexpr ShapeMember kInnerMembers[] = {{"Name", &kName, true}, {"Color", &kColor}};
constexpr Shape kInner{.kind = Kind::kStructure, .model_name = "Inner", .members = kInnerMembers};
constexpr Shape kInners{.kind = Kind::kList, .model_name = "Inners", .element = &kInner};
constexpr Shape kInnerMap{.kind = Kind::kMap, .model_name = "InnerMap", .element = &kInner};
constexpr Shape kNameMap{.kind = Kind::kMap, .model_name = "NameMap", .element = &kName};
constexpr Shape kLists{.kind = Kind::kMap, .model_name = "Lists", .min = 1, .element = &kNames};
constexpr Shape kValue{.kind = Kind::kAttributeValue, .model_name = "AttributeValue"};
constexpr Shape kValues{.kind = Kind::kMap, .model_name = "Values", .element = &kValue};
constexpr ShapeMember kMembers[] = {
    {"Name", &kName, true}, {"Count", &kCount},     {"Big", &kBig},     {"Flag", &kFlag},
    {"Color", &kColor},     {"Names", &kNames},     {"Inner", &kInner}, {"Inners", &kInners},
    {"Map", &kInnerMap},    {"NameMap", &kNameMap}, {"Lists", &kLists}, {"Values", &kValues},
};
constexpr Shape kRequest{.kind = Kind::kStructure, .model_name = "RequestInput", .members = kMembers};

std::string Check(const std::string& json) {
  json::Document document;
  auto value = document.Parse(json);
  if (!value.ok()) return "not JSON";
  const Status status = CheckShape(kRequest, *value);
  return status.ok() ? "" : status.error().text;
}

struct Case {
  std::string json;
  std::string text;
};

TEST(Shape, Types) {
  const Case cases[] = {
      {"null", "Unexpected field type"},
      {"[]", "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.RequestInput"},
      {"5", "Unexpected field type"},
      {"\"a\"", "Unexpected field type"},
      {R"({"Name": 1})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"Name": 1.5})", "DECIMAL_VALUE cannot be converted to String"},
      {R"({"Name": true})", "TRUE_VALUE cannot be converted to String"},
      {R"({"Name": []})", "Unrecognized collection type class java.lang.String"},
      {R"({"Name": {}})", "Start of structure or map found where not expected"},
      {R"({"Count": "1"})", "STRING_VALUE cannot be converted to Integer"},
      {R"({"Big": false})", "FALSE_VALUE cannot be converted to Long"},
      {R"({"Flag": 1})", "NUMBER_VALUE cannot be converted to Boolean"},
      {R"({"Flag": "maybe"})", "Unexpected token received from parser"},
      {R"({"Names": "a"})", "Unexpected field type"},
      {R"({"Names": {}})", "Start of structure or map found where not expected"},
      {R"({"Names": ["abc", 5]})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"Inner": 5})", "Unexpected field type"},
      {R"({"Inner": []})", "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.Inner"},
      {R"({"Inners": [5]})", "Unexpected value type in payload"},
      {R"({"Map": []})",
       "Unrecognized collection type java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.Inner>"},
      {R"({"NameMap": []})", "Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>"},
      {R"({"Map": {"x": "y"}})", "Unexpected value type in payload"},
      {R"({"Values": {"x": "y"}})", "Unexpected value type in payload"},
      {R"({"Values": {"x": []}})",
       "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue"},
      // Types come before constraints, wherever they stand.
      {R"({"Count": 0, "Inners": [{"Name": "abc"}, {"Name": true}]})", "TRUE_VALUE cannot be converted to String"},
  };
  for (const Case& c : cases) EXPECT_EQ(Check(c.json), c.text) << c.json;
  EXPECT_NE(Check(R"({"Lists": {"x": 5}})").find("ParameterizedTypeImpl cannot be cast"), std::string::npos);
}

TEST(Shape, Constraints) {
  const std::string prefix = "1 validation error detected: Value at ";
  const std::string failed = " failed to satisfy constraint: Member must ";
  const Case cases[] = {
      {"{}", "1 validation error detected: Value null at 'Name' failed to satisfy constraint: Member must not be null"},
      {R"({"Name": null})",
       "1 validation error detected: Value null at 'Name' failed to satisfy constraint: Member must not be null"},
      {R"({"Name": "ab"})", prefix + "'Name'" + failed + "have length greater than or equal to 3"},
      {R"({"Name": "abcdef"})", prefix + "'Name'" + failed + "have length less than or equal to 5"},
      {R"({"Name": "a;b"})", prefix + "'Name'" + failed + "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
      {R"({"Name": "a_-.9", "Count": 0})", prefix + "'Count'" + failed + "have value greater than or equal to 1"},
      {R"({"Name": "abc", "Count": 101})", prefix + "'Count'" + failed + "have value less than or equal to 100"},
      {R"({"Name": "abc", "Color": "red"})", prefix + "'Color'" + failed + "satisfy enum value set: [RED, BLUE]"},
      {R"({"Name": "abc", "Names": []})", prefix + "'Names'" + failed + "have length greater than or equal to 1"},
      {R"({"Name": "abc", "Names": ["abc", "a"]})",
       prefix + "'Names.2.member'" + failed + "have length greater than or equal to 3"},
      {R"({"Name": "abc", "Inners": [{"Name": "abc", "Color": "RED"}, {"Name": "abc", "Color": "X"}]})",
       prefix + "'Inners.2.member.Color'" + failed + "satisfy enum value set: [RED, BLUE]"},
      {R"({"Name": "abc", "Inner": {}})",
       "1 validation error detected: Value null at 'Inner.Name' failed to satisfy constraint: Member must not be null"},
      {R"({"Name": "abc", "Map": {"k": {"Name": "a"}}})",
       prefix + "'Map.k.member.Name'" + failed + "have length greater than or equal to 3"},
      {R"({"Name": "abc", "Lists": {"t": []}})",
       prefix + "'Lists.t.member'" + failed + "have length greater than or equal to 1"},
      // Nothing behind this walk expects a hole in a list or map.
      {R"({"Name": "abc", "Inners": [{"Name": "abc"}, null]})",
       "1 validation error detected: Value null at 'Inners.2.member' failed to satisfy constraint: Member must not be "
       "null"},
      {R"({"Name": "abc", "NameMap": {"k": null}})",
       "1 validation error detected: Value null at 'NameMap.k.member' failed to satisfy constraint: Member must not be "
       "null"},
      // The first in the model's order, not in the request's.
      {R"({"Color": "X", "Count": 0, "Name": "abc"})",
       prefix + "'Count'" + failed + "have value greater than or equal to 1"},
  };
  for (const Case& c : cases) EXPECT_EQ(Check(c.json), c.text) << c.json;
}

TEST(Shape, Accepts) {
  for (const char* json : {
           R"({"Name": "abc"})",
           R"({"Name": "abc", "Unknown": [{"x": 1}], "Count": null})",
           R"({"Name": "abc", "Count": 1.9, "Big": 123456789012, "Flag": "TRUE"})",
           R"({"Name": "abc", "Flag": false, "Inners": [], "Values": {"a": {"S": "x"}}})",
       }) {
    EXPECT_EQ(Check(json), "") << json;
  }
}

TEST(Shape, LengthsAreCharacters) {
  static constexpr Shape text{.kind = Kind::kString, .model_name = "Text", .max = 3};
  static constexpr ShapeMember members[] = {{"Text", &text}};
  static constexpr Shape shape{.kind = Kind::kStructure, .model_name = "In", .members = members};
  json::Document document;
  EXPECT_TRUE(CheckShape(shape, *document.Parse(R"({"Text": "äöü"})")).ok());
  EXPECT_FALSE(CheckShape(shape, *document.Parse(R"({"Text": "äöüß"})")).ok());
}

TEST(Shape, NestingIsBoundedByTheShape) {
  std::string deep;
  for (int i = 0; i < 190; ++i) deep += "[";
  for (int i = 0; i < 190; ++i) deep += "]";
  EXPECT_EQ(Check(R"({"Name": "abc", "Names": )" + deep + "}"), "Unrecognized collection type class java.lang.String");
}

}  // namespace
}  // namespace stator::dispatch
