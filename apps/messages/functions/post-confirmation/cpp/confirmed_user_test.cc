#include "confirmed_user.h"

#include <gtest/gtest.h>

#include "directory/errors.h"

namespace stator::post_confirmation {
namespace {

std::string Event(const std::string& attributes) {
  return R"({"version":"1","triggerSource":"PostConfirmation_ConfirmSignUp","request":{"userAttributes":{)" +
         attributes + R"(}},"response":{}})";
}

TEST(ConfirmedUser, IsReadFromTheAttributes) {
  const auto user = ConfirmedUser(Event(
      R"("sub":"s","email":"n@example.com","preferred_username":"nora","name":"N \"L\"","email_verified":"true")"));
  ASSERT_TRUE(user.ok());
  EXPECT_EQ(user->cognito_user_id, "s");
  EXPECT_EQ(user->email, "n@example.com");
  EXPECT_EQ(user->handle, "nora");
  EXPECT_EQ(user->display_name, "N \"L\"");
  EXPECT_EQ(ConfirmedUser(Event(R"("sub":"s","email":"e","preferred_username":"nora")"))->display_name, "nora");
}

TEST(ConfirmedUser, NothingIsMadeUp) {
  for (const std::string& event :
       {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"request":[]})"),
        Event(R"("email":"e","preferred_username":"h")"), Event(R"("sub":"s","preferred_username":"h")"),
        Event(R"("sub":"s","email":"e")"), Event(R"("sub":"MOCK","email":"e","preferred_username":"h")"),
        Event(R"("sub":1,"email":"e","preferred_username":"h")")}) {
    const auto user = ConfirmedUser(event);
    ASSERT_FALSE(user.ok()) << event;
    EXPECT_EQ(user.error().id, messages::directory_errors::kBadUser);
  }
}

}  // namespace
}  // namespace stator::post_confirmation
