#include "json/fingerprint.h"

#include <gtest/gtest.h>

#include <set>

namespace stator::json {
namespace {

std::array<uint64_t, 2> Of(const std::string& text) {
  Document document;
  const auto value = document.Parse(text);
  EXPECT_TRUE(value.ok()) << text;
  return Fingerprint(*value);
}

TEST(FingerprintTest, OrderOfMembersMakesNoDifference) {
  EXPECT_EQ(Of(R"({"a":1,"b":{"x":"1","y":[true,null]}})"), Of(R"({ "b" : {"y":[true,null],"x":"1"}, "a" : 1 })"));
  EXPECT_EQ(Of(R"({"a":1,"b":null})"), Of(R"({"a":1})"));
}

TEST(FingerprintTest, EverythingElseDoes) {
  const std::vector<std::string> all = {
      "{}",
      "[]",
      "null",
      "true",
      "false",
      "\"\"",
      "1",
      "\"1\"",
      "1.5",
      R"(["a","b"])",
      R"(["b","a"])",
      R"(["ab"])",
      R"({"a":1})",
      R"({"a":"1"})",
      R"({"a":{}})",
      R"({"b":1})",
      R"({"a":[1]})",
      R"([{"a":1}])",
      R"([[],[]])",
      R"([[[]]])",
      R"({"a":1,"b":2})",
      R"({"a":2,"b":1})",
      R"([{"a":1},{"b":2}])",
  };
  std::set<std::array<uint64_t, 2>> seen;
  for (const std::string& text : all) EXPECT_TRUE(seen.insert(Of(text)).second) << text;
}

}  // namespace
}  // namespace stator::json
