#include "dispatch/shape_all.h"

#include <gtest/gtest.h>

namespace stator::dispatch {
namespace {

bool IsRole(std::string_view text) { return text.starts_with("arn:"); }

const Shape kName{Shape::Kind::kString, "FunctionName", 1, 5, "[a-z]+"};
const Shape kRole{.kind = Shape::Kind::kString, .model_name = "Role", .pattern = "arn:.*", .matches = IsRole};
const Shape kTimeout{Shape::Kind::kInteger, "Timeout", 1, 900};
constexpr std::string_view kModes[] = {"Active", "PassThrough"};
const Shape kMode{.kind = Shape::Kind::kString, .model_name = "Mode", .values = kModes};
const ShapeMember kTracingMembers[] = {{"Mode", &kMode}};
const Shape kTracing{.kind = Shape::Kind::kStructure, .model_name = "Tracing", .members = kTracingMembers};
const Shape kList{.kind = Shape::Kind::kList, .model_name = "List", .min = 1, .max = 1, .element = &kName};
const Shape kVariables{
    .kind = Shape::Kind::kMap, .model_name = "Variables", .element = &kName, .key = &kName, .sensitive = true};
const ShapeMember kMembers[] = {{"FunctionName", &kName, true}, {"Role", &kRole},          {"Timeout", &kTimeout},
                                {"TracingConfig", &kTracing},   {"Architectures", &kList}, {"Variables", &kVariables}};
const Shape kInput{.kind = Shape::Kind::kStructure, .model_name = "Input", .members = kMembers};

std::string Check(Bytes text) {
  json::Document document;
  const Status status = CheckShape(kInput, *document.Parse(text), Wording::kAllWithValues);
  return status.ok() ? std::string() : status.error().text;
}

TEST(ShapeAll, WhatHoldsSaysNothing) {
  EXPECT_EQ(Check(R"({"FunctionName":"abc","Role":"arn:x","Timeout":3,"TracingConfig":{"Mode":"Active"},)"
                  R"("Architectures":["x"],"Variables":{"a":"b"}})"),
            "");
}

TEST(ShapeAll, NamesTheMemberInLowerCamelCaseWithItsValue) {
  const std::string before = "1 validation error detected: Value '";
  const std::string constraint = "' failed to satisfy constraint: Member must ";
  const struct {
    const char* json;
    std::string text;
  } cases[] = {
      {R"("Role":"r1")", "r1' at 'role" + constraint + "satisfy regular expression pattern: arn:.*"},
      {R"("Timeout":901)", "901' at 'timeout" + constraint + "have value less than or equal to 900"},
      {R"("Timeout":0)", "0' at 'timeout" + constraint + "have value greater than or equal to 1"},
      {R"("TracingConfig":{"Mode":"x"})",
       "x' at 'tracingConfig.mode" + constraint + "satisfy enum value set: [Active, PassThrough]"},
      {R"("Architectures":["a","b"])",
       "[a, b]' at 'architectures" + constraint + "have length less than or equal to 1"},
      {R"("Architectures":["A"])",
       "[A]' at 'architectures" + constraint +
           "satisfy constraint: [Member must have length less than or equal to 5, Member must have length greater than "
           "or equal to 1, Member must satisfy regular expression pattern: [a-z]+, Member must not be null]"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Check(std::string(R"({"FunctionName":"abc",)") + c.json + "}"), before + c.text);
  }
}

TEST(ShapeAll, MissingMembersAndMapKeys) {
  EXPECT_EQ(
      Check("{}"),
      "1 validation error detected: Value null at 'functionName' failed to satisfy constraint: Member must not be "
      "null");
  const std::string all =
      "[Member must have length less than or equal to 5, Member must have length greater than or equal to 1, Member "
      "must satisfy regular expression pattern: [a-z]+, Member must not be null]";
  EXPECT_EQ(Check(R"({"FunctionName":"abc","Variables":{"A":"b"}})"),
            "1 validation error detected: Value at 'variables' failed to satisfy constraint: Map keys must satisfy "
            "constraint: " +
                all);
  EXPECT_EQ(Check(R"({"FunctionName":"abc","Variables":{"a":"B"}})"),
            "1 validation error detected: Value at 'variables' failed to satisfy constraint: Map value must satisfy "
            "constraint: " +
                all);
}

TEST(ShapeAll, SeveralAreNamedTogether) {
  EXPECT_EQ(
      Check(R"({"FunctionName":"abcdeF","Timeout":0})"),
      "3 validation errors detected: Value 'abcdeF' at 'functionName' failed to satisfy constraint: Member must "
      "have length less than or equal to 5; Value 'abcdeF' at 'functionName' failed to satisfy constraint: Member "
      "must satisfy regular expression pattern: [a-z]+; Value '0' at 'timeout' failed to satisfy constraint: "
      "Member must have value greater than or equal to 1");
}

TEST(ShapeAll, ManyFaultsStayBounded) {
  std::string list;
  for (int i = 0; i < 100'000; ++i) list += i == 0 ? "\"A\"" : ",\"A\"";
  EXPECT_LT(Check(R"({"FunctionName":"abc","Architectures":[)" + list + "]}").size(), size_t{300} << 10);
}

}  // namespace
}  // namespace stator::dispatch
