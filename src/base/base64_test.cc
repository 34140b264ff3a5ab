#include "base/base64.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace stator {
namespace {

TEST(Base64Test, TheExamplesOfRfc4648) {
  const std::pair<const char*, const char*> examples[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(Base64(bytes), text);
    EXPECT_TRUE(IsBase64(text));
    std::string out = "before ";
    EXPECT_TRUE(AppendFromBase64(&out, text));
    EXPECT_EQ(out, std::string("before ") + bytes);
  }
}

TEST(Base64Test, RandomBytesComeBack) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 2'000; ++i) {
    std::string bytes(random.Below(50), '\0');
    for (char& c : bytes) c = static_cast<char>(random.Below(256));
    const std::string text = Base64(bytes);
    std::string back;
    ASSERT_TRUE(AppendFromBase64(&back, text));
    ASSERT_EQ(back, bytes);
    ASSERT_TRUE(IsBase64(text));
  }
}

// All texts of four characters over an alphabet of every kind: a text is taken if and only if it is what Base64 makes.
TEST(Base64Test, OnlyTheCanonicalTextIsTaken) {
  const std::string alphabet = "ABQgw/+9z=-_ \n\xc3";
  std::string text(4, ' ');
  int taken = 0;
  for (size_t n = 0; n < alphabet.size() * alphabet.size() * alphabet.size() * alphabet.size(); ++n) {
    size_t rest = n;
    for (char& c : text) {
      c = alphabet[rest % alphabet.size()];
      rest /= alphabet.size();
    }
    std::string out = "x";
    const bool ok = AppendFromBase64(&out, text);
    ASSERT_EQ(ok, IsBase64(text)) << text;
    ASSERT_EQ(ok ? Base64(Bytes(out).substr(1)) : "", ok ? text : "") << text;
    ASSERT_TRUE(ok || out == "x");
    taken += ok;
  }
  EXPECT_GT(taken, 1000);
}

TEST(Base64Test, OtherLengthsAreRefused) {
  for (const Bytes text : {"A", "AA", "AAA", "AAAAA", "=", "====", "A===", "AA=", "Zg==Zg==", "Zm8=Zm8="}) {
    std::string out;
    EXPECT_FALSE(AppendFromBase64(&out, text)) << text;
    EXPECT_FALSE(IsBase64(text)) << text;
    EXPECT_EQ(out, "");
  }
}

}  // namespace
}  // namespace stator
