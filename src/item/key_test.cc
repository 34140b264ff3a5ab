#include "item/key.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/random.h"

namespace stator::item {
namespace {

std::string StringKey(Bytes s) {
  std::string value, key;
  AppendString(&value, s);
  AppendKeyPart(&key, ValueView(value));
  return key;
}

std::string NumberKey(const char* text) {
  std::string value, key;
  AppendNumber(&value, *Number::Parse(text));
  AppendKeyPart(&key, ValueView(value));
  return key;
}

TEST(KeyTest, EveryByteIsDescribed) {
  EXPECT_EQ(StringKey("ab"), Bytes("ab\0\x01", 4));
  EXPECT_EQ(StringKey(""), Bytes("\0\x01", 2));
  EXPECT_EQ(StringKey(Bytes("a\0b", 3)), Bytes("a\0\xff"
                                               "b\0\x01",
                                               6));
  EXPECT_EQ(NumberKey("0"), "\x02");
  EXPECT_EQ(NumberKey("5"), Bytes("\x03\x82\x33\0", 4));
  EXPECT_EQ(NumberKey("-5"), Bytes("\x01\x7d\xcc\xff", 4));
}

// Every pair of strings over a small alphabet, up to four bytes: order, and no key beginning another.
TEST(KeyTest, OrderOfKeysIsOrderOfStrings) {
  const Bytes alphabet(
      "\0\x01\x02"
      "a\xfe\xff",
      6);
  std::vector<std::string> strings = {""};
  for (size_t from = 0, length = 0; length < 3; ++length) {
    const size_t until = strings.size();
    for (; from < until; ++from) {
      for (const char c : alphabet) strings.push_back(strings[from] + c);
    }
  }
  std::sort(strings.begin(), strings.end());
  for (size_t i = 0; i + 1 < strings.size(); ++i) {
    const std::string here = StringKey(strings[i]), next = StringKey(strings[i + 1]);
    ASSERT_LT(here, next);
    ASSERT_FALSE(Bytes(next).starts_with(here));
  }
  // With something behind, as in a key of several parts.
  for (size_t i = 0; i + 1 < strings.size(); ++i) {
    ASSERT_LT(StringKey(strings[i]) + "\xff\xff", StringKey(strings[i + 1]) + std::string(2, '\0'));
  }
}

TEST(KeyTest, PartsComeBack) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 2'000; ++i) {
    std::string raw(random.Below(20), '\0');
    for (char& c : raw) c = static_cast<char>(random.Below(3) ? random.Below(256) : 0);
    std::string values[3], key;
    AppendString(&values[0], raw);
    AppendNumber(&values[1], Number::FromInt(static_cast<int64_t>(random.Next())));
    AppendBinary(&values[2], raw);
    for (const std::string& value : values) AppendKeyPart(&key, ValueView(value));
    const Tag tags[] = {Tag::kString, Tag::kNumber, Tag::kBinary};
    Bytes in = key, skipped = key;
    for (int part = 0; part < 3; ++part) {
      std::string back = "overwritten";
      ASSERT_TRUE(GetKeyPart(&in, tags[part], &back));
      ASSERT_EQ(back, values[part]);
      ASSERT_TRUE(SkipKeyPart(&skipped, tags[part]));
      ASSERT_EQ(in, skipped);
    }
    ASSERT_TRUE(in.empty());
  }
}

TEST(KeyTest, MalformedPartsAreRefused) {
  for (const Bytes bytes : {Bytes(""), Bytes("abc"), Bytes("abc\0", 4), Bytes("abc\0\x02", 5)}) {
    std::string value;
    Bytes in = bytes;
    EXPECT_FALSE(GetKeyPart(&in, Tag::kString, &value));
    in = bytes;
    EXPECT_FALSE(SkipKeyPart(&in, Tag::kBinary));
  }
  std::string value;
  Bytes in("\x03\x82\x33", 3);
  EXPECT_FALSE(GetKeyPart(&in, Tag::kNumber, &value));
}

TEST(KeyTest, APrefixCoversWhatBeginsWithIt) {
  for (const Bytes prefix : {Bytes("ab"), Bytes("a\0", 2), Bytes("a\xff"), Bytes("")}) {
    std::string from;
    AppendKeyPrefix(&from, prefix);
    const std::string until = PrefixEnd(from);
    for (const Bytes tail : {Bytes(""), Bytes("\0", 1), Bytes("x"), Bytes("\xff\xff")}) {
      const std::string key = StringKey(std::string(prefix) + std::string(tail));
      EXPECT_GE(key, from);
      EXPECT_TRUE(until.empty() || key < until);
    }
    if (prefix.empty()) continue;
    std::string after(prefix);
    after.back() = static_cast<char>(static_cast<uint8_t>(after.back()) + 1);
    EXPECT_TRUE(after.back() == 0 || StringKey(after) >= until);
    EXPECT_LT(StringKey(prefix.substr(0, prefix.size() - 1)), from);
  }
}

TEST(KeyTest, PrefixEnds) {
  EXPECT_EQ(PrefixEnd("ab"), "ac");
  EXPECT_EQ(PrefixEnd("a\xff\xff"), "b");
  EXPECT_EQ(PrefixEnd("\xff\xff"), "");
  EXPECT_EQ(PrefixEnd(""), "");
}

// The hash is on disk: it must never change.
TEST(KeyTest, TheHashIsXxh3) {
  EXPECT_EQ(HashOfKey(""), 0x2d06800538d394c2u);
  EXPECT_EQ(HashOfKey("stator"), HashOfKey(std::string("stator")));
}

}  // namespace
}  // namespace stator::item
