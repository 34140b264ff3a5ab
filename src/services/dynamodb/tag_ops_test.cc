#include <gmock/gmock.h>

#include "services/dynamodb/control_test.h"

namespace stator::services::dynamodb {
namespace {

using testing::HasSubstr;

const std::string kArn = "arn:aws:dynamodb:eu-west-1:000000000000:table/Plain";

class TagOpsTest : public ControlTest {
 protected:
  TagOpsTest() {
    Do("CreateTable", R"({"TableName": "Plain",
      "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
      "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
      "Tags": [{"Key": "z", "Value": "1"}]})");
  }
  static std::string Of(const std::string& rest, const std::string& arn = kArn) {
    return R"({"ResourceArn": ")" + arn + "\"" + rest + "}";
  }
  static std::string Tags(int count) {
    std::string tags;
    for (int i = 0; i < count; ++i) {
      tags += std::string(tags.empty() ? "" : ",") + R"({"Key": "k)" + std::to_string(i) + R"(", "Value": "v"})";
    }
    return R"(, "Tags": [)" + tags + "]";
  }
};

TEST_F(TagOpsTest, AddReplaceRemove) {
  EXPECT_EQ(Do("TagResource", Of(R"(, "Tags": [{"Key": "a", "Value": ""}, {"Key": "z", "Value": "2"}])")), "");
  EXPECT_EQ(Do("ListTagsOfResource", Of("")), R"({"Tags":[{"Key":"a","Value":""},{"Key":"z","Value":"2"}]})");
  EXPECT_EQ(Do("UntagResource", Of(R"(, "TagKeys": ["z", "nothing"])")), "");
  EXPECT_EQ(Do("ListTagsOfResource", Of("")), R"({"Tags":[{"Key":"a","Value":""}]})");
}

TEST_F(TagOpsTest, Limits) {
  const auto with_key = [](const std::string& key) {
    return Of(R"(, "Tags": [{"Key": ")" + key + R"(", "Value": "v"}])");
  };
  std::string letters;
  for (int i = 0; i < 128; ++i) letters += "ä";
  EXPECT_EQ(Do("TagResource", with_key(letters)), "");
  EXPECT_THAT(Text("TagResource", with_key(letters + "ä")), HasSubstr("Tag key must be between 1 and 128 characters"));
  EXPECT_THAT(Text("TagResource", with_key("")), HasSubstr("Tag key must be between 1 and 128 characters"));
  EXPECT_THAT(Text("TagResource", with_key("aws:x")), HasSubstr("aws: prefixed tag key names"));
  EXPECT_THAT(Text("TagResource", Of(R"(, "Tags": [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}])")),
              HasSubstr("Duplicate tag key: a"));
  EXPECT_EQ(Do("TagResource", Of(Tags(48))), "");
  EXPECT_THAT(Text("TagResource", Of(Tags(49))), HasSubstr("Too many tags: tag limit is 50"));
}

TEST_F(TagOpsTest, AllOnOnePage) {
  EXPECT_EQ(Do("TagResource", Of(Tags(49))), "");
  const std::string all = Do("ListTagsOfResource", Of(""));
  EXPECT_THAT(all, HasSubstr(R"("Key":"k48")"));
  EXPECT_THAT(all, testing::Not(HasSubstr("NextToken")));
  for (const char* token : {"", "10", "garbage"}) {
    EXPECT_EQ(Text("ListTagsOfResource", Of(std::string(R"(, "NextToken": ")") + token + "\"")), "Invalid NextToken");
  }
}

TEST_F(TagOpsTest, Refused) {
  EXPECT_EQ(Text("TagResource", "{}"), "Invalid TableArn");
  EXPECT_EQ(Text("ListTagsOfResource", Of("", "x")), "Invalid TableArn: Invalid ResourceArn provided as input x");
  EXPECT_EQ(Text("TagResource", Of("")),
            "1 validation error detected: Value null at 'Tags' failed to satisfy constraint: Member must not be null");
  EXPECT_EQ(Text("TagResource", Of(R"(, "Tags": [])")), "Atleast one Tag needs to be provided as Input.");
  EXPECT_EQ(Text("UntagResource", Of(R"(, "TagKeys": [])")), "Atleast one Tag Key needs to be provided as Input.");
  const std::string other = "arn:aws:dynamodb:eu-west-1:000000000000:table/Nothing";
  const std::string not_found = "Requested resource not found: ResourcArn: " + other + " not found";
  EXPECT_EQ(Text("TagResource", Of(Tags(1), other)), not_found);
  EXPECT_EQ(Text("ListTagsOfResource", Of("", other)), not_found);
  EXPECT_EQ(Text("UntagResource", Of(R"(, "TagKeys": ["a"])", other)), "Requested resource not found");
}

TEST_F(TagOpsTest, Account) {
  EXPECT_THAT(Do("DescribeLimits", "{}"), HasSubstr(R"("TableMaxReadCapacityUnits":40000)"));
  EXPECT_EQ(Do("DescribeEndpoints", "{}"),
            R"({"Endpoints":[{"Address":"dynamodb.eu-west-1.amazonaws.com","CachePeriodInMinutes":1440}]})");
}

}  // namespace
}  // namespace stator::services::dynamodb
