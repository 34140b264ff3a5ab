#include "services/cognito/user_filter.h"

#include <gtest/gtest.h>

#include "errors/pools.h"

namespace stator::services::cognito {
namespace {

UserFilter Parsed(Bytes text) {
  const auto filter = ParseFilter(text);
  EXPECT_TRUE(filter.ok()) << text;
  return filter.ok() && *filter ? **filter : UserFilter();
}

TEST(UserFilter, ReadsNameOperatorAndValue) {
  for (Bytes text : {R"(name = "Nora")", R"(name="Nora")", "  name\t=\n \"Nora\"  "}) {
    const UserFilter filter = Parsed(text);
    EXPECT_EQ(filter.attribute, "name");
    EXPECT_FALSE(filter.prefix);
    EXPECT_EQ(filter.value, "Nora");
  }
  EXPECT_TRUE(Parsed(R"(cognito:user_status^="CONF")").prefix);
  EXPECT_EQ(Parsed(R"(cognito:user_status^="CONF")").attribute, "cognito:user_status");
  EXPECT_EQ(Parsed(R"(name = "a \"b\" \\ c")").value, R"(a "b" \ c)");
  EXPECT_EQ(Parsed(R"(name = "")").value, "");
}

TEST(UserFilter, AnEmptyTextIsNoFilter) {
  for (Bytes text : {"", "  "}) {
    const auto filter = ParseFilter(text);
    ASSERT_TRUE(filter.ok());
    EXPECT_FALSE(filter->has_value());
  }
}

TEST(UserFilter, RefusesWhatIsNone) {
  for (Bytes text : {"name", "name =", R"(name "x")", "name = x", R"(name = "x)", R"(name = "x\)", R"(name == "x")",
                     R"(= "x")", R"(name = "x" y)", R"(name ^ = "x")", R"(name != "x")", "\"", "^=", "^"}) {
    const auto filter = ParseFilter(text);
    ASSERT_FALSE(filter.ok()) << text;
    EXPECT_EQ(filter.error().id, errors::kPoolFilter);
  }
  const auto custom = ParseFilter(R"(custom:team = "red")");
  ASSERT_FALSE(custom.ok());
  EXPECT_EQ(custom.error().text, "Invalid search attribute: custom:team");
}

TEST(UserFilter, Compares) {
  pools::Pool pool;
  pools::User user;
  user.username = "Nora";
  user.sub = "1b5c";
  user.status = pools::UserStatus::kForceChangePassword;
  user.attributes = {{"email", "Nora@Example.com"}};
  const auto matches = [&](Bytes text) { return Matches(Parsed(text), pool, user); };
  EXPECT_TRUE(matches(R"(username = "Nora")"));
  EXPECT_FALSE(matches(R"(username = "nora")"));
  EXPECT_TRUE(matches(R"(username ^= "No")"));
  EXPECT_TRUE(matches(R"(sub ^= "1b")"));
  EXPECT_TRUE(matches(R"(cognito:user_status = "force_Change_password")"));
  EXPECT_TRUE(matches(R"(status = "Enabled")"));
  EXPECT_FALSE(matches(R"(status = "enabled")"));
  EXPECT_FALSE(matches(R"(email = "nora@example.com")"));
  EXPECT_FALSE(matches(R"(name = "")"));
  pool.case_sensitive = false;
  EXPECT_TRUE(matches(R"(email = "nora@example.com")"));
  EXPECT_TRUE(matches(R"(email ^= "NORA")"));
}

}  // namespace
}  // namespace stator::services::cognito
