#include "json/value.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace stator::json {
namespace {

std::string Described(Value value) {
  switch (value.kind()) {
    case Kind::kNull:
      return "null";
    case Kind::kFalse:
      return "false";
    case Kind::kTrue:
      return "true";
    case Kind::kInteger:
      return std::to_string(value.integer());
    case Kind::kDouble:
      return "~" + std::to_string(value.real());
    case Kind::kString:
      return "'" + std::string(value.text()) + "'";
    case Kind::kArray: {
      std::string out = std::to_string(value.size()) + "[";
      for (const Value element : value.elements()) out += Described(element) + " ";
      return out + "]";
    }
    case Kind::kObject: {
      std::string out = std::to_string(value.size()) + "{";
      for (const Member member : value.members()) out += std::string(member.name) + ":" + Described(member.value) + " ";
      return out + "}";
    }
  }
  return "?";
}

std::string Parsed(Bytes text) {
  Document document;
  const auto value = document.Parse(text);
  return value.ok() ? Described(*value) : std::string(FactsOf(value.error().type()).name);
}

TEST(JsonValueTest, EveryKind) {
  EXPECT_EQ(Parsed("null"), "null");
  EXPECT_EQ(Parsed(" true "), "true");
  EXPECT_EQ(Parsed("-7"), "-7");
  EXPECT_EQ(Parsed("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(Parsed("18446744073709551615").substr(0, 5), "~1844");
  EXPECT_EQ(Parsed("1.5"), "~1.500000");
  EXPECT_EQ(Parsed(R"("a\nA\u00fc\ud83d\ude00")"), "'a\nAü😀'");
  EXPECT_EQ(Parsed("[]"), "0[]");
  EXPECT_EQ(Parsed("{}"), "0{}");
  EXPECT_EQ(Parsed(R"([1,2.5,"x",[null,[]],{"a":{}},true])"), "6[1 ~2.500000 'x' 2[null 0[] ] 1{a:0{} } true ]");
  EXPECT_EQ(Parsed(R"({"a":1,"b":[2],"a":{"c":-3.5}})"), "3{a:1 b:1[2 ] a:1{c:~-3.500000 } }");
}

TEST(JsonValueTest, WhatIsNotJsonIsAnError) {
  for (const Bytes text : {"", " ", "nul", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "'a'", "01", "1 2", "\"\x01\"",
                           "\"\xff\"", "\"\\ud800\"", "\"\\x\"", "[1", "NaN", "1e999", "99999999999999999999999"}) {
    EXPECT_EQ(Parsed(text), "SerializationException") << text;
  }
}

TEST(JsonValueTest, BytesBehindTheTextDoNotMatter) {
  const std::string text = "[1,22,333]]]]";
  EXPECT_EQ(Parsed(Bytes(text).substr(0, 10)), "3[1 22 333 ]");
  EXPECT_EQ(Parsed(Bytes("1234567").substr(0, 3)), "123");
}

TEST(JsonValueTest, DepthIsBounded) {
  const auto nested = [](int depth) {
    return std::string(static_cast<size_t>(depth), '[') + std::string(static_cast<size_t>(depth), ']');
  };
  EXPECT_NE(Parsed(nested(900)), "SerializationException");
  EXPECT_EQ(Parsed(nested(1100)), "SerializationException");
  EXPECT_EQ(Parsed(nested(1'000'000)), "SerializationException");
  EXPECT_EQ(Parsed(std::string(1'000'000, '[')), "SerializationException");
}

TEST(JsonValueTest, FindTakesTheLast) {
  Document document;
  const Value value = *document.Parse(R"({"a":1,"b":2,"a":3,"c\u0000d":4})");
  EXPECT_EQ(value.Find("a").integer(), 3);
  EXPECT_EQ(value.Find("b").integer(), 2);
  EXPECT_EQ(value.Find(Bytes("c\0d", 3)).integer(), 4);
  EXPECT_FALSE(value.Find("d").valid());
  EXPECT_FALSE(Value().valid());
}

TEST(JsonValueTest, ADocumentIsUsedAgain) {
  Document document;
  std::string large = "[0";
  for (int i = 1; i < 500'000; ++i) large += "," + std::to_string(i);
  large += "]";
  for (int round = 0; round < 3; ++round) {
    EXPECT_FALSE(document.Parse("[").ok());
    EXPECT_EQ(Described(*document.Parse("[1]")), "1[1 ]");
    const Value value = *document.Parse(large);
    EXPECT_EQ(value.size(), 500'000u);
    int64_t sum = 0;
    for (const Value element : value.elements()) sum += element.integer();
    EXPECT_EQ(sum, int64_t{500'000} * 499'999 / 2);
  }
}

TEST(JsonValueTest, AMovedDocumentKeepsItsValues) {
  Document first;
  const Value value = *first.Parse(R"({"a":"text"})");
  const Document second = std::move(first);
  EXPECT_EQ(value.Find("a").text(), "text");
}

TEST(JsonValueTest, TextsBeyondTheLimitAreRefused) {
  EXPECT_EQ(Parsed("\"" + std::string((1 << 25) - 2, 'x') + "\"").size(), (1u << 25));
  EXPECT_EQ(Parsed("\"" + std::string(1 << 25, 'x') + "\""), "SerializationException");
}

}  // namespace
}  // namespace stator::json
