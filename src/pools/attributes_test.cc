#include <gtest/gtest.h>

#include "errors/pools.h"
#include "pools/accounts.h"

namespace stator::pools {
namespace {

class AttributesTest : public ::testing::Test {
 protected:
  AttributesTest() {
    pool_.custom = {{.name = "custom:n", .type = Attribute::Type::kNumber, .min = -5, .max = 5},
                    {.name = "custom:once", .is_mutable = false},
                    {.name = "custom:short", .min = 2, .max = 3},
                    {.name = "dev:custom:x", .developer_only = true}};
  }
  std::string Wrong(const std::string& name, const std::string& value, bool admin = false, bool existing = true) {
    AttributeChange change;
    change.set = {{name, value}};
    change.admin = admin;
    const Status status = CheckAttributes(pool_, &client_, existing ? &user_ : nullptr, change);
    return status.ok() ? "" : status.error().text;
  }

  Pool pool_;
  Client client_;
  User user_;
};

TEST_F(AttributesTest, ValuesAreChecked) {
  const std::string schema = "Attributes did not conform to the schema: ";
  EXPECT_EQ(Wrong("custom:n", "-5"), "");
  EXPECT_EQ(Wrong("custom:n", "6"), schema + "custom:n: Number is out of range");
  EXPECT_EQ(Wrong("custom:n", "five"), schema + "custom:n: Attribute value must be a number");
  EXPECT_EQ(Wrong("custom:n", "99999999999999999999999"), schema + "custom:n: Attribute value must be a number");
  EXPECT_EQ(Wrong("custom:short", "\u2602\u2602\u2602"), "");
  EXPECT_EQ(Wrong("custom:short", "a"), schema + "custom:short: String must be at least 2 characters long");
  EXPECT_EQ(Wrong("custom:short", "abcd"), schema + "custom:short: String must be no longer than 3 characters");
  EXPECT_EQ(Wrong("nothing", "x"), schema + "nothing: Attribute does not exist in the schema.");
  EXPECT_EQ(Wrong("birthdate", "1990"), schema + "birthdate: String must be at least 10 characters long");
}

TEST_F(AttributesTest, AddressesHaveForms) {
  for (const char* email : {"a@b.cd", "a+b@example.com", "ü@exämple.de"}) EXPECT_TRUE(IsEmail(email)) << email;
  for (const char* email : {"", "a", "@b.cd", "a@", "a@b", "a b@c.de", "a@b@c.de", "a@.de", "a@b.", "a\n@b.cd"}) {
    EXPECT_FALSE(IsEmail(email)) << email;
  }
  for (const char* phone : {"+4915112345678", "+12"}) EXPECT_TRUE(IsPhoneNumber(phone)) << phone;
  for (const char* phone : {"", "+", "+1", "015112345678", "+49 151", "+123456789012345678"}) {
    EXPECT_FALSE(IsPhoneNumber(phone)) << phone;
  }
}

TEST_F(AttributesTest, WhoMayWriteWhat) {
  const std::string unwritable = "A client attempted to write unauthorized attribute";
  EXPECT_EQ(Wrong("email_verified", "true"), unwritable);
  EXPECT_EQ(Wrong("email_verified", "true", true), "");
  EXPECT_EQ(Wrong("email_verified", "yes", true),
            "Attributes did not conform to the schema: email_verified: Attribute value must be true or false");
  EXPECT_EQ(Wrong("dev:custom:x", "1"), unwritable);
  EXPECT_EQ(Wrong("dev:custom:x", "1", true), "");
  EXPECT_EQ(Wrong("custom:once", "1"), "user.custom:once: Attribute cannot be updated.");
  EXPECT_EQ(Wrong("custom:once", "1", false, false), "");
  EXPECT_EQ(Wrong("sub", "1", true), "user.sub: Attribute cannot be updated.");
  client_.write_attributes = {"name"};
  EXPECT_EQ(Wrong("name", "x"), "");
  EXPECT_EQ(Wrong("nickname", "x"), unwritable);
  EXPECT_EQ(Wrong("nickname", "x", true), "");
}

TEST_F(AttributesTest, ANewAddressIsNotVerified) {
  user_.Set("email", "a@b.cd");
  user_.Set("email_verified", "true");
  AttributeChange same;
  same.set = {{"email", "a@b.cd"}};
  ApplyAttributes(same, &user_);
  EXPECT_TRUE(user_.Verified("email"));
  AttributeChange other;
  other.set = {{"email", "x@b.cd"}};
  ApplyAttributes(other, &user_);
  EXPECT_FALSE(user_.Verified("email"));
  EXPECT_EQ(*user_.Find("email_verified"), "false");
  AttributeChange told;
  told.set = {{"email", "y@b.cd"}, {"email_verified", "true"}};
  ApplyAttributes(told, &user_);
  EXPECT_TRUE(user_.Verified("email"));
  AttributeChange gone;
  gone.set = {{"email", ""}};
  ApplyAttributes(gone, &user_);
  EXPECT_EQ(user_.Find("email"), nullptr);
  EXPECT_EQ(user_.Find("email_verified"), nullptr);
}

TEST_F(AttributesTest, RequiredOnesMustBeThere) {
  pool_.changed_standard = {{.name = "email", .required = true}};
  const std::string text = "Attributes did not conform to the schema: email: The attribute is required";
  EXPECT_EQ(Wrong("name", "x", false, false), text);
  EXPECT_EQ(Wrong("name", "x", true, false), "") << "an administrator may leave it to the user";
  EXPECT_EQ(Wrong("email", "", false, true), text);
  AttributeChange removal;
  removal.remove = {"email"};
  EXPECT_EQ(CheckAttributes(pool_, &client_, &user_, removal).error().text, text);
}

}  // namespace
}  // namespace stator::pools
