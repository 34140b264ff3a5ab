#include "pools/attempts.h"

#include <gtest/gtest.h>

namespace stator::pools {
namespace {

constexpr int64_t kSecond = 1'000'000;
Time At(int64_t seconds) { return Time{seconds * kSecond}; }

TEST(AttemptsTest, LocksAfterFiveForTwiceAsLongEachTime) {
  Attempts attempts;
  int64_t now = 1000;
  for (int i = 0; i < 4; ++i) attempts.Failed("p", "nora", At(now));
  EXPECT_FALSE(attempts.Locked("p", "nora", At(now)));
  for (const int64_t lock : {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900}) {
    attempts.Failed("p", "nora", At(now));
    EXPECT_TRUE(attempts.Locked("p", "nora", Time{At(now + lock).micros - 1})) << lock;
    EXPECT_FALSE(attempts.Locked("p", "nora", At(now + lock))) << lock;
    now += lock;
  }
  EXPECT_FALSE(attempts.Locked("p", "malik", At(now)));
  EXPECT_FALSE(attempts.Locked("q", "nora", At(now - 1)));
}

TEST(AttemptsTest, ForgetsAfterASuccessAndAfterAWhile) {
  Attempts attempts;
  for (int i = 0; i < 5; ++i) attempts.Failed("p", "nora", At(0));
  EXPECT_TRUE(attempts.Locked("p", "nora", At(0)));
  attempts.Succeeded("p", "nora");
  EXPECT_FALSE(attempts.Locked("p", "nora", At(0)));
  for (int i = 0; i < 4; ++i) attempts.Failed("p", "nora", At(0));
  attempts.Failed("p", "nora", At(3600));
  EXPECT_FALSE(attempts.Locked("p", "nora", At(3600)));
}

TEST(AttemptsTest, IsBounded) {
  Attempts attempts(true, 10);
  for (int i = 0; i < 5; ++i) attempts.Failed("p", "first", At(0));
  for (int i = 0; i < 9; ++i) attempts.Failed("p", std::to_string(i), At(0));
  EXPECT_TRUE(attempts.Locked("p", "first", At(0)));
  attempts.Failed("p", "one more", At(0));
  EXPECT_FALSE(attempts.Locked("p", "first", At(0)));
}

TEST(AttemptsTest, CanBeLeftOut) {
  Attempts attempts(false);
  for (int i = 0; i < 50; ++i) attempts.Failed("p", "nora", At(0));
  EXPECT_FALSE(attempts.Locked("p", "nora", At(0)));
}

}  // namespace
}  // namespace stator::pools
