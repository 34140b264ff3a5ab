#include <gmock/gmock.h>

#include "json/value.h"
#include "services/dynamodb/service_testing.h"

namespace stator::services::dynamodb {
namespace {

using testing::HasSubstr;

const std::string kPolicy =
    R"({\"Statement\": {\"Effect\": \"Allow\", \"Principal\": \"*\", \"Action\": \"*\", \"Resource\": \"*\"}})";

class PolicyOps : public testing::Test {
 protected:
  PolicyOps() { arn_ = Create("kept", ""); }

  // The table's ARN.
  std::string Create(const std::string& name, const std::string& rest) {
    const std::string made =
        service_.Call("CreateTable", R"({"TableName": ")" + name +
                                         R"(", "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
             "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST")" +
                                         rest + "}");
    return Member(made, "TableArn", "TableDescription");
  }
  static std::string Member(const std::string& reply, Bytes name, Bytes in = {}) {
    json::Document document;
    json::Value value = *document.Parse(reply);
    if (!in.empty()) value = value.Find(in);
    return value.valid() && value.Find(name).valid() ? std::string(value.Find(name).text()) : "";
  }
  std::string Put(const std::string& arn, const std::string& rest = "") {
    return service_.Call("PutResourcePolicy",
                         R"({"ResourceArn": ")" + arn + R"(", "Policy": ")" + kPolicy + "\"" + rest + "}");
  }
  std::string Get(const std::string& arn) {
    return service_.Call("GetResourcePolicy", R"({"ResourceArn": ")" + arn + "\"}");
  }
  std::string Delete(const std::string& arn, const std::string& rest = "") {
    return service_.Call("DeleteResourcePolicy", R"({"ResourceArn": ")" + arn + "\"" + rest + "}");
  }

  TestService service_;
  std::string arn_;
};

TEST_F(PolicyOps, PutGetDelete) {
  EXPECT_THAT(Get(arn_), HasSubstr("PolicyNotFoundException"));
  EXPECT_THAT(Get(arn_), HasSubstr("Resource-based policy not found for the provided ResourceArn: " + arn_));
  EXPECT_EQ(Delete(arn_), "{}");
  const std::string revision = Member(Put(arn_, R"(, "ExpectedRevisionId": "NO_POLICY")"), "RevisionId");
  EXPECT_NE(revision, "");
  EXPECT_EQ(Get(arn_), R"({"Policy":")" + kPolicy + R"(","RevisionId":")" + revision + "\"}");
  EXPECT_EQ(Member(Put(arn_), "RevisionId"), revision);
  EXPECT_THAT(Put(arn_, R"(, "ExpectedRevisionId": "5")"), HasSubstr("PolicyNotFoundException"));
  EXPECT_THAT(Delete(arn_, R"(, "ExpectedRevisionId": "5")"), HasSubstr("PolicyNotFoundException"));
  EXPECT_EQ(Member(Delete(arn_, R"(, "ExpectedRevisionId": ")" + revision + "\""), "RevisionId"), revision);
  EXPECT_THAT(Get(arn_), HasSubstr("PolicyNotFoundException"));
}

TEST_F(PolicyOps, GoWithTheirTable) {
  Put(arn_);
  service_.Call("DeleteTable", R"({"TableName": "kept"})");
  EXPECT_THAT(Get(arn_), HasSubstr("ResourceNotFoundException"));
  Create("kept", "");
  EXPECT_THAT(Get(arn_), HasSubstr("PolicyNotFoundException"));
}

TEST_F(PolicyOps, OfAStream) {
  const std::string table =
      Create("flowing", R"(, "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"})");
  const std::string described = service_.Call("DescribeTable", R"({"TableName": "flowing"})");
  const std::string stream = Member(described, "LatestStreamArn", "Table");
  Put(stream);
  EXPECT_THAT(Get(stream), HasSubstr(kPolicy));
  EXPECT_THAT(Get(table), HasSubstr("PolicyNotFoundException"));
  EXPECT_THAT(Get(table + "/stream/2000-01-01T00:00:00.000"), HasSubstr("ResourceNotFoundException"));
}

TEST_F(PolicyOps, WithCreateTable) {
  const std::string arn = Create("born", R"(, "ResourcePolicy": ")" + kPolicy + "\"");
  EXPECT_THAT(Get(arn), HasSubstr(kPolicy));
  EXPECT_EQ(Create("refused", R"(, "ResourcePolicy": "{}")"), "");
  EXPECT_EQ(service_.status(), 400);
}

TEST_F(PolicyOps, Refused) {
  EXPECT_THAT(service_.Call("PutResourcePolicy", R"({"ResourceArn": ")" + arn_ + "\"}"),
              HasSubstr("Value null at 'Policy' failed to satisfy constraint: Member must not be null"));
  EXPECT_THAT(Put("nonsense"), HasSubstr("Invalid TableArn: Invalid ResourceArn provided as input nonsense"));
  EXPECT_THAT(Put(arn_ + "/index/by-x"), HasSubstr("ValidationException"));
  EXPECT_THAT(Put(arn_ + "x"), HasSubstr("Requested resource not found: Table: keptx not found"));
}

}  // namespace
}  // namespace stator::services::dynamodb
