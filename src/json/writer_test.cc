#include "json/writer.h"

#include <gtest/gtest.h>

#include <cstdio>

namespace stator::json {
namespace {

std::string Quoted(Bytes s) {
  std::string out;
  AppendQuoted(&out, s);
  return out;
}

// One byte after the other, as slow as it is obvious.
std::string QuotedSlowly(Bytes s) {
  std::string out = "\"";
  for (const char c : s) {
    const std::string_view names = "\b\f\n\r\t\"\\";
    const size_t named = names.find(c);
    if (named != Bytes::npos) {
      out.append({'\\', "bfnrt\"\\"[named]});
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char text[8];
      std::snprintf(text, sizeof text, "\\u%04x", c);
      out.append(text);
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

TEST(Writer, EscapesEachByteAtEachPlaceOfAWord) {
  for (size_t size = 1; size <= 18; ++size) {
    for (size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string s(size, 'a');
        s[at] = static_cast<char>(byte);
        ASSERT_EQ(Quoted(s), QuotedSlowly(s)) << "byte " << byte << " at " << at << " of " << size;
        s.assign(size, static_cast<char>(byte));
        ASSERT_EQ(Quoted(s), QuotedSlowly(s)) << size << " times byte " << byte;
      }
    }
  }
  EXPECT_EQ(Quoted(""), "\"\"");
}

TEST(Writer, PutsCommasBetweenMembersAndElements) {
  std::string out;
  Writer writer(&out);
  writer.BeginObject().Key("a").Int(-1).Key("b").BeginArray().Bool(true).Null().BeginObject().EndObject().EndArray();
  writer.Key("c").String("x").EndObject();
  EXPECT_EQ(out, R"({"a":-1,"b":[true,null,{}],"c":"x"})");
}

TEST(Writer, WritesNumbersAsTheServiceDoes) {
  std::string out;
  Writer writer(&out);
  writer.BeginArray()
      .Double(25)
      .Double(0.5)
      .Double(123456789012345683968.0)
      .Double(1e22)
      .Millis(1577836800123)
      .Millis(1577836800005)
      .EndArray();
  EXPECT_EQ(out, "[25.0,0.5,123456789012345683968.0,1e+22,1577836800.123,1577836800.005]");
}

}  // namespace
}  // namespace stator::json
