#include "pools/sessions.h"

#include <gtest/gtest.h>

namespace stator::pools {
namespace {

Time At(int64_t seconds) { return Time{seconds * 1'000'000}; }

Session Some(int64_t expires) {
  Session session;
  session.pool_id = "eu_1";
  session.client_id = "c";
  session.username = "nora";
  session.sub = "s";
  session.expires = At(expires);
  session.a = std::string("\0a", 2);
  session.b = "b";
  session.public_b = std::string(384, '\xff');
  return session;
}

TEST(SessionsTest, GivesBackWhatItSealed) {
  Sessions sessions;
  const std::string sealed = sessions.Seal(Some(100));
  EXPECT_EQ(sealed.find("nora"), std::string::npos);
  const auto read = sessions.Read(sealed, At(1));
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->username, "nora");
  EXPECT_EQ(read->a, Some(100).a);
  EXPECT_EQ(read->public_b, Some(100).public_b);
  EXPECT_NE(sealed, sessions.Seal(Some(100)));
}

TEST(SessionsTest, TakesNothingThatWasChanged) {
  Sessions sessions;
  const std::string sealed = sessions.Seal(Some(100));
  for (size_t i = 0; i < sealed.size(); i += 7) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(sessions.Read(changed, At(1))) << i;
  }
  for (const std::string& text : {std::string(), std::string("x"), sealed.substr(1), sealed + "x", sealed.substr(0, 20),
                                  std::string(100'000, 'x')}) {
    EXPECT_FALSE(sessions.Read(text, At(1)));
  }
  EXPECT_FALSE(Sessions().Read(sealed, At(1))) << "another server's";
}

TEST(SessionsTest, ExpiresAndIsUsedOnce) {
  Sessions sessions;
  const std::string sealed = sessions.Seal(Some(100));
  EXPECT_FALSE(sessions.Read(sealed, At(100)));
  const auto read = sessions.Read(sealed, At(99));
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(sessions.Use(*read, sealed, At(99)));
  EXPECT_FALSE(sessions.Use(*read, sealed, At(99)));
  EXPECT_FALSE(sessions.Read(sealed, At(99)));
}

// What is forgotten for want of room must not be good a second time.
TEST(SessionsTest, NeverTakesOneTwiceWhenItForgets) {
  Sessions sessions(3);
  std::vector<std::string> used;
  for (int i = 0; i < 10; ++i) {
    used.push_back(sessions.Seal(Some(100 + i)));
    EXPECT_TRUE(sessions.Use(*sessions.Read(used.back(), At(1)), used.back(), At(1))) << i;
  }
  for (const std::string& sealed : used) EXPECT_FALSE(sessions.Read(sealed, At(1)));
  EXPECT_TRUE(sessions.Read(sessions.Seal(Some(200)), At(1)));
}

}  // namespace
}  // namespace stator::pools
