#include "base/random.h"

#include <gtest/gtest.h>

#include <array>
#include <regex>
#include <set>

namespace stator {
namespace {

TEST(RandomTest, ASeedIsASequence) {
  Random a(7), b(7), c(8);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const uint64_t v = a.Next();
    EXPECT_EQ(v, b.Next());
    differs = differs || v != c.Next();
  }
  EXPECT_TRUE(differs);
}

TEST(RandomTest, BelowReachesAllAndNoMore) {
  Random random(1);
  std::array<int, 10> seen{};
  for (int i = 0; i < 10'000; ++i) ++seen.at(random.Below(10));
  for (const int times : seen) {
    EXPECT_GT(times, 800);
    EXPECT_LT(times, 1200);
  }
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random.Below(1), 0u);
  for (int i = 0; i < 100; ++i) EXPECT_LT(random.Below(UINT64_MAX), UINT64_MAX);
  for (int i = 0; i < 100; ++i) EXPECT_LE(random.Below((uint64_t{1} << 63) + 1), uint64_t{1} << 63);
}

TEST(RandomTest, UnitIsBelowOne) {
  Random random(2);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double v = random.Unit();
    ASSERT_GE(v, 0.0);
    ASSERT_LT(v, 1.0);
    sum += v;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
}

TEST(RandomTest, SecretsDiffer) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{16}, size_t{1000}}) EXPECT_EQ(SecureRandom(size).size(), size);
  EXPECT_NE(SecureRandom(16), SecureRandom(16));
}

TEST(RandomTest, UuidsAreVersionFourAndDiffer) {
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string uuid = NewUuid();
    EXPECT_TRUE(std::regex_match(uuid, form)) << uuid;
    EXPECT_TRUE(seen.insert(uuid).second);
  }
}

}  // namespace
}  // namespace stator
