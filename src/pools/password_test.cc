#include "pools/password.h"

#include <gtest/gtest.h>

#include <set>

#include "errors/pools.h"
#include "pools/names.h"
#include "pools/outbox.h"

namespace stator::pools {
namespace {

std::string Wrong(const PasswordPolicy& policy, Bytes password) {
  const Status status = CheckPolicy(policy, password);
  return status.ok() ? "" : status.error().text;
}

TEST(PasswordTest, SaysWhatIsMissing) {
  const PasswordPolicy policy;
  const std::string before = "Password did not conform with policy: ";
  EXPECT_EQ(Wrong(policy, "Aa1!Aa1"), before + "Password not long enough");
  EXPECT_EQ(Wrong(policy, "aaaaaa1!"), before + "Password must have uppercase characters");
  EXPECT_EQ(Wrong(policy, "AAAAAA1!"), before + "Password must have lowercase characters");
  EXPECT_EQ(Wrong(policy, "Aaaaaaa!"), before + "Password must have numeric characters");
  EXPECT_EQ(Wrong(policy, "Aaaaaaa1"), before + "Password must have symbol characters");
  EXPECT_EQ(Wrong(policy, "Aaaaaa1!"), "");
}

TEST(PasswordTest, CountsCharactersAndInnerSpaces) {
  const PasswordPolicy plain{8, false, false, false, false};
  EXPECT_EQ(Wrong(plain, "\u2602\u2602\u2602\u2602\u2602\u2602\u2602\u2602"), "");
  EXPECT_NE(Wrong(plain, "\u2602\u2602\u2602\u2602"), "");
  const PasswordPolicy symbols{1, false, false, false, true};
  EXPECT_EQ(Wrong(symbols, "a b"), "");
  EXPECT_NE(Wrong(symbols, " ab "), "");
  for (const char c : std::string("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-")) {
    EXPECT_EQ(Wrong(symbols, std::string("a") + c), "") << c;
  }
}

TEST(PasswordTest, MakesPasswordsThatEveryPolicyTakes) {
  for (const int length : {6, 8, 20, 99}) {
    const PasswordPolicy policy{length};
    std::set<std::string> made;
    for (int i = 0; i < 50; ++i) {
      const std::string password = MakePassword(policy);
      EXPECT_TRUE(CheckPolicy(policy, password).ok()) << password;
      made.insert(password);
    }
    EXPECT_EQ(made.size(), 50u);
  }
}

TEST(PasswordTest, MakesCodesOfSixDigits) {
  std::set<std::string> codes;
  for (int i = 0; i < 100; ++i) {
    const std::string code = MakeCode();
    EXPECT_EQ(code.size(), 6u);
    EXPECT_EQ(code.find_first_not_of("0123456789"), std::string::npos);
    codes.insert(code);
  }
  EXPECT_GT(codes.size(), 90u);
}

TEST(NamesTest, HaveAwsForms) {
  EXPECT_EQ(NewPoolId("eu-central-1").size(), std::string("eu-central-1_").size() + 9);
  EXPECT_TRUE(NewPoolId("eu-central-1").starts_with("eu-central-1_"));
  EXPECT_EQ(NewClientId().size(), 26u);
  EXPECT_EQ(NewClientSecret().size(), 51u);
  EXPECT_NE(NewClientId(), NewClientId());
}

TEST(OutboxTest, MasksDestinations) {
  EXPECT_EQ(Masked("email", "nora@example.com"), "n***@e***");
  EXPECT_EQ(Masked("phone_number", "+4915112345678"), "+*********5678");
  EXPECT_EQ(Masked("email", ""), "***");
  EXPECT_EQ(Masked("phone_number", "+1"), "**");
}

}  // namespace
}  // namespace stator::pools
