#include "base/coding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace stator {
namespace {

const std::vector<uint64_t>& Edges() {
  static const std::vector<uint64_t> edges = [] {
    std::vector<uint64_t> list = {0, 1, UINT64_MAX};
    for (int bit = 1; bit < 64; ++bit) {
      const uint64_t power = uint64_t{1} << bit;
      list.insert(list.end(), {power - 1, power, power + 1});
    }
    return list;
  }();
  return edges;
}

TEST(CodingTest, IntegersComeBack) {
  for (const uint64_t v : Edges()) {
    std::string out;
    PutFixed32(&out, static_cast<uint32_t>(v));
    PutBig32(&out, static_cast<uint32_t>(v));
    PutFixed64(&out, v);
    PutBig64(&out, v);
    const size_t before = out.size();
    EXPECT_EQ(before, 24u);
    PutVarint(&out, v);
    EXPECT_EQ(out.size() - before, static_cast<size_t>(VarintLength(v)));
    Bytes in = out;
    uint32_t a = 0, b = 0;
    uint64_t c = 0, d = 0, e = 0;
    ASSERT_TRUE(GetFixed32(&in, &a) && GetBig32(&in, &b) && GetFixed64(&in, &c) && GetBig64(&in, &d));
    ASSERT_TRUE(GetVarint(&in, &e));
    EXPECT_EQ(a, static_cast<uint32_t>(v));
    EXPECT_EQ(b, static_cast<uint32_t>(v));
    EXPECT_EQ(c, v);
    EXPECT_EQ(d, v);
    EXPECT_EQ(e, v);
    EXPECT_TRUE(in.empty());
  }
}

TEST(CodingTest, ByteOrder) {
  std::string out;
  PutFixed32(&out, 0x01020304);
  PutBig32(&out, 0x01020304);
  PutVarint(&out, 300);
  EXPECT_EQ(out, Bytes("\x04\x03\x02\x01\x01\x02\x03\x04\xac\x02", 10));
}

TEST(CodingTest, BigEndianOrderIsNumberOrder) {
  std::vector<std::string> coded;
  std::vector<uint64_t> sorted = Edges();
  std::sort(sorted.begin(), sorted.end());
  for (const uint64_t v : sorted) PutBig64(&coded.emplace_back(), v);
  EXPECT_TRUE(std::is_sorted(coded.begin(), coded.end()));
}

TEST(CodingTest, WhatIsTooShortIsRefused) {
  const std::string seven(7, '\x80');
  for (size_t size = 0; size <= 7; ++size) {
    uint64_t v = 0;
    uint32_t w = 0;
    Bytes in = Bytes(seven).substr(0, size);
    EXPECT_FALSE(GetFixed64(&in, &v));
    EXPECT_FALSE(GetBig64(&in, &v));
    EXPECT_FALSE(GetVarint(&in, &v));
    in = Bytes(seven).substr(0, std::min<size_t>(size, 3));
    EXPECT_FALSE(GetFixed32(&in, &w));
    EXPECT_FALSE(GetBig32(&in, &w));
  }
  Bytes none;
  uint8_t byte = 0;
  EXPECT_FALSE(GetByte(&none, &byte));
  // An eleventh byte is one too many.
  const std::string endless(11, '\x80');
  Bytes in = endless;
  uint64_t v = 0;
  EXPECT_FALSE(GetVarint(&in, &v));
}

TEST(CodingTest, LengthPrefixed) {
  std::string out;
  PutLengthPrefixed(&out, "");
  PutLengthPrefixed(&out, std::string(200, 'x'));
  Bytes in = out, first, second, third;
  ASSERT_TRUE(GetLengthPrefixed(&in, &first) && GetLengthPrefixed(&in, &second));
  EXPECT_EQ(first, "");
  EXPECT_EQ(second, std::string(200, 'x'));
  EXPECT_FALSE(GetLengthPrefixed(&in, &third));
  in = Bytes(out).substr(1, 100);
  EXPECT_FALSE(GetLengthPrefixed(&in, &third));
  // A length that would wrap around.
  std::string huge;
  PutVarint(&huge, UINT64_MAX);
  in = huge;
  EXPECT_FALSE(GetLengthPrefixed(&in, &third));
}

}  // namespace
}  // namespace stator
