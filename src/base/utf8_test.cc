#include "base/utf8.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace stator {
namespace {

std::string Encode(uint32_t code) {
  const auto tail = [code](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xe0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | code >> 18), tail(12), tail(6), tail(0)};
}

TEST(Utf8, KnowsEveryCharacter) {
  for (uint32_t code = 0; code < 0x120000; ++code) {
    const bool exists = code < 0x110000 && (code < 0xd800 || code > 0xdfff);
    const std::string text = Encode(code);
    ASSERT_EQ(CharacterAt(text), exists ? text.size() : 0) << code;
    ASSERT_EQ(CharacterAt(text + "x"), exists ? text.size() : 0) << code;
    if (text.size() > 1) {
      ASSERT_EQ(CharacterAt(Bytes(text).substr(0, text.size() - 1)), 0U) << code;
    }
  }
  EXPECT_EQ(CharacterAt(""), 0U);
}

// With the test above: those are all there are.
TEST(Utf8, KnowsNothingElse) {
  size_t found[5] = {};
  const auto see = [&found](std::initializer_list<int> bytes) {
    std::string text;
    for (const int byte : bytes) text.push_back(static_cast<char>(byte));
    ++found[CharacterAt(text) == text.size() ? text.size() : 0];
  };
  for (int a = 0; a < 256; ++a) {
    see({a});
    for (int b = 0; b < 256; ++b) {
      see({a, b});
      for (const int c : {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff}) {
        see({a, b, c});
        for (const int d : {0x00, 0x7f, 0x80, 0xbf, 0xc0, 0xff}) see({a, b, c, d});
      }
    }
  }
  EXPECT_EQ(found[1], 128U);
  EXPECT_EQ(found[2], 30U * 64);
  EXPECT_EQ(found[3], (32U + 14 * 64 + 32) * 2);
  EXPECT_EQ(found[4], (48U + 3 * 64 + 16) * 4);
}

TEST(Utf8, CountsCharacters) {
  EXPECT_EQ(Characters(""), 0U);
  EXPECT_EQ(Characters("żółw \xf0\x9f\x98\x80"), 6U);
}

TEST(Utf8, ReplacesWhatIsNone) {
  EXPECT_EQ(MakeUtf8("grüß \xf0\x9f\x98\x80"), "grüß \xf0\x9f\x98\x80");
  EXPECT_EQ(MakeUtf8("a\xff\xc3"), "a\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(MakeUtf8("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(MakeUtf8("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");
}

}  // namespace
}  // namespace stator
