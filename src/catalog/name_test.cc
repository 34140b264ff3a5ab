#include "catalog/name.h"

#include <gtest/gtest.h>

namespace stator::catalog {
namespace {

std::string Name(Bytes text, NameFor use = NameFor::kTable) {
  const Result<Bytes> name = TableNameOf(text, use);
  return name.ok() ? std::string(*name) : name.error().text;
}

TEST(TableName, NamesAndArns) {
  EXPECT_EQ(Name("abc"), "abc");
  EXPECT_EQ(Name("a.b-C_9"), "a.b-C_9");
  EXPECT_EQ(Name("arn:aws:dynamodb:eu-west-1:123456789012:table/Music"), "Music");
  EXPECT_EQ(Name("arn:aws-cn:dynamodb:cn-north-1:000000000000:table/Music"), "Music");
  EXPECT_EQ(Name(std::string(255, 'a')), std::string(255, 'a'));
}

TEST(TableName, Refused) {
  const std::string length = "TableName must be at least 3 characters long and at most 255 characters long";
  EXPECT_EQ(Name(""), length);
  EXPECT_EQ(Name("ab"), length);
  EXPECT_EQ(Name(std::string(256, 'a')), length);
  EXPECT_EQ(
      Name("a;b"),
      "1 validation error detected: Value at 'TableName' failed to satisfy constraint: Member must satisfy regular "
      "expression pattern: [a-zA-Z0-9_.-]+");
  for (const char* arn : {
           "arn:",
           "arn:aws:dynamodb:eu-west-1:123456789012:table",
           "arn:aws:dynamodb:eu-west-1:123456789012:table/",
           "arn:aws:dynamodb:eu-west-1:123456789012:table/ab",
           "arn:aws:dynamodb:eu-west-1::table/abc",
           "arn:aws:dynamodb:eu-west-1:12x:table/abc",
           "arn:aws:s3:eu-west-1:123456789012:table/abc",
           "arn:aws:dynamodb:eu-west-1:123456789012:table/abc/index/def",
           "arn:aws:dynamodb:eu-west-1:123456789012:stream/abc",
       }) {
    EXPECT_EQ(Name(arn), std::string("Invalid TableArn: Invalid ResourceArn provided as input ") + arn);
  }
}

// As a peer measured it: since ARNs go where names go, the data plane's model asks for one character only.
TEST(TableName, Lengths) {
  const std::string model =
      "1 validation error detected: Value at 'TableName' failed to satisfy constraint: Member must ";
  EXPECT_EQ(Name("ab", NameFor::kNewTable), model + "have length greater than or equal to 3");
  EXPECT_EQ(Name(std::string(256, 'a'), NameFor::kNewTable), model + "have length less than or equal to 255");
  EXPECT_EQ(Name("", NameFor::kItems), model + "have length greater than or equal to 1");
  EXPECT_EQ(Name("a", NameFor::kItems), "a");
  EXPECT_EQ(Name(std::string(256, 'a'), NameFor::kItems), model + "have length less than or equal to 255");
}

TEST(TableName, ArnRoundTrip) { EXPECT_EQ(Name(TableArn("us-east-1", "000000000000", "abc")), "abc"); }

}  // namespace
}  // namespace stator::catalog
