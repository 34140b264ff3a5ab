#include "services/dynamodb/table_ops.h"

#include <gmock/gmock.h>

#include "services/dynamodb/control_test.h"

namespace stator::services::dynamodb {
namespace {

using catalog::State;
using testing::HasSubstr;
using testing::Not;

const char* const kMusic = R"({"TableName": "Music",
  "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}, {"AttributeName": "sk", "AttributeType": "N"},
                           {"AttributeName": "year", "AttributeType": "N"}],
  "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
  "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 6},
  "GlobalSecondaryIndexes": [{"IndexName": "by-year", "KeySchema": [{"AttributeName": "year", "KeyType": "HASH"}],
     "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["title"]},
     "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 2}}],
  "LocalSecondaryIndexes": [{"IndexName": "local", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"},
     {"AttributeName": "year", "KeyType": "RANGE"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}],
  "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"}})";

const char* const kPlain = R"({"TableName": "Plain",
  "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
  "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"})";

class TableOpsTest : public ControlTest {};

TEST_F(TableOpsTest, CreateAnswersCreatingAndTheNextRequestSeesActive) {
  const std::string created = Do("CreateTable", kMusic);
  EXPECT_THAT(created, HasSubstr(R"("TableStatus":"CREATING")"));
  EXPECT_THAT(created, HasSubstr(R"("IndexStatus":"CREATING")"));
  const std::string described = Do("DescribeTable", R"({"TableName": "Music"})");
  EXPECT_THAT(described, HasSubstr(R"({"Table":{"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},)"));
  for (
      const char* part : {
          R"("KeySchema":[{"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}])",
          R"("CreationDateTime":1795000000.123)",
          R"("TableStatus":"ACTIVE")",
          R"("ProvisionedThroughput":{"NumberOfDecreasesToday":0,"ReadCapacityUnits":5,"WriteCapacityUnits":6})",
          R"("TableSizeBytes":700,"ItemCount":7)",
          R"("TableArn":"arn:aws:dynamodb:eu-west-1:000000000000:table/Music")",
          R"("DeletionProtectionEnabled":false)",
          R"("Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["title"]},"IndexStatus":"ACTIVE")",
          R"("IndexSizeBytes":30,"ItemCount":3,"IndexArn":"arn:aws:dynamodb:eu-west-1:000000000000:table/Music/index/)",
          R"("LocalSecondaryIndexes":[{"IndexName":"local")",
          R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"})",
          R"("LatestStreamLabel":"2026-11-18T11:06:40.123")",
          R"(table/Music/stream/2026-11-18T11:06:40.123")",
          R"("WarmThroughput":{"ReadUnitsPerSecond":5,"WriteUnitsPerSecond":6,"Status":"ACTIVE"})",
      }) {
    EXPECT_THAT(described, HasSubstr(part));
  }
  for (const char* absent :
       {"BillingModeSummary", "SSEDescription", "TableClassSummary", "OnDemandThroughput", "Backfilling", "Replicas"}) {
    EXPECT_THAT(described, Not(HasSubstr(absent)));
  }
  EXPECT_EQ(Do("DescribeTable", R"({"TableName": "arn:aws:dynamodb:us-east-1:123456789012:table/Music"})"), described);
}

TEST_F(TableOpsTest, OnDemandTablesSayWhen) {
  EXPECT_THAT(Do("CreateTable", kPlain), HasSubstr(R"("BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST"})"));
  const std::string described = Do("DescribeTable", R"({"TableName": "Plain"})");
  EXPECT_THAT(described, HasSubstr(R"("BillingModeSummary":{"BillingMode":"PAY_PER_REQUEST",)"
                                   R"("LastUpdateToPayPerRequestDateTime":1795000000.123})"));
  EXPECT_THAT(described, HasSubstr(R"({"NumberOfDecreasesToday":0,"ReadCapacityUnits":0,"WriteCapacityUnits":0})"));
  EXPECT_THAT(described, HasSubstr(R"({"ReadUnitsPerSecond":12000,"WriteUnitsPerSecond":4000,"Status":"ACTIVE"})"));
}

TEST_F(TableOpsTest, NamesThatAreNotThere) {
  for (const char* operation : {"CreateTable", "DescribeTable", "UpdateTable", "DeleteTable"}) {
    EXPECT_EQ(Text(operation, "{}"), "The parameter 'TableName' is required but was not present in the request");
  }
  for (const char* operation : {"DescribeTable", "UpdateTable", "DeleteTable"}) {
    EXPECT_EQ(Text(operation, R"({"TableName": "ab"})"),
              "TableName must be at least 3 characters long and at most 255 characters long");
  }
  EXPECT_EQ(Text("CreateTable", R"({"TableName": "ab"})"),
            "1 validation error detected: Value at 'TableName' failed to satisfy constraint: Member must have length "
            "greater than or equal to 3");
  EXPECT_EQ(Text("DescribeTable", R"({"TableName": "Nothing"})"),
            "Requested resource not found: Table: Nothing not found");
  EXPECT_EQ(Text("DeleteTable", R"({"TableName": "Nothing"})"),
            "Requested resource not found: Table: Nothing not found");
  EXPECT_EQ(Text("UpdateTable", R"({"TableName": "Nothing", "BillingMode": "PAY_PER_REQUEST"})"),
            "Requested resource not found: Table: Nothing not found");
  Do("CreateTable", kPlain);
  EXPECT_EQ(Text("CreateTable", kPlain), "Table already exists: Plain");
}

TEST_F(TableOpsTest, DeleteOmitsKeysIndexesAndCreation) {
  Do("CreateTable", kMusic);
  const std::string deleted = Do("DeleteTable", R"({"TableName": "Music"})");
  EXPECT_THAT(deleted, HasSubstr(R"("TableStatus":"DELETING")"));
  for (const char* absent : {"KeySchema", "AttributeDefinitions", "CreationDateTime", "SecondaryIndexes"}) {
    EXPECT_THAT(deleted, Not(HasSubstr(absent)));
  }
  EXPECT_EQ(Find("Music"), nullptr);
}

TEST_F(TableOpsTest, DeletionProtection) {
  Do("CreateTable", kPlain);
  EXPECT_THAT(Do("UpdateTable", R"({"TableName": "Plain", "DeletionProtectionEnabled": true})"),
              HasSubstr(R"("TableStatus":"ACTIVE")"));
  EXPECT_EQ(Text("DeleteTable", R"({"TableName": "Plain"})"),
            "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection "
            "first.");
  Do("UpdateTable", R"({"TableName": "Plain", "DeletionProtectionEnabled": "false"})");
  Do("DeleteTable", R"({"TableName": "Plain"})");
}

TEST_F(TableOpsTest, ListPages) {
  for (const char* name : {"bbb", "aaa", "ccc"}) {
    std::string request = kPlain;
    request.replace(request.find("Plain"), 5, name);
    Do("CreateTable", request);
  }
  EXPECT_EQ(Do("ListTables", "{}"), R"({"TableNames":["aaa","bbb","ccc"]})");
  EXPECT_EQ(Do("ListTables", R"({"Limit": 2})"), R"({"TableNames":["aaa","bbb"],"LastEvaluatedTableName":"bbb"})");
  EXPECT_EQ(Do("ListTables", R"({"Limit": 2, "ExclusiveStartTableName": "bbb"})"), R"({"TableNames":["ccc"]})");
  EXPECT_EQ(
      Text("ListTables", R"({"Limit": 0})"),
      "1 validation error detected: Value at 'Limit' failed to satisfy constraint: Member must have value greater "
      "than or equal to 1");
}

TEST_F(TableOpsTest, UpdateShowsTheOldUnitsUntilItIsDone) {
  Do("CreateTable", kMusic);
  const std::string updated = Do("UpdateTable", R"({"TableName": "Music",
    "ProvisionedThroughput": {"ReadCapacityUnits": 50, "WriteCapacityUnits": 3}})");
  EXPECT_THAT(updated, HasSubstr(R"("TableStatus":"UPDATING")"));
  EXPECT_THAT(updated, HasSubstr(R"("ReadCapacityUnits":5,"WriteCapacityUnits":6)"));
  const std::string described = Do("DescribeTable", R"({"TableName": "Music"})");
  EXPECT_THAT(described, HasSubstr(R"("LastIncreaseDateTime":1795000000.123,"LastDecreaseDateTime":1795000000.123,)"
                                   R"("NumberOfDecreasesToday":1,"ReadCapacityUnits":50,"WriteCapacityUnits":3)"));
  now_ = now_ + std::chrono::hours(24);
  EXPECT_THAT(Do("DescribeTable", R"({"TableName": "Music"})"), HasSubstr(R"("NumberOfDecreasesToday":0,)"
                                                                          R"("ReadCapacityUnits":50)"));
}

TEST_F(TableOpsTest, IndexesComeAndGo) {
  Do("CreateTable", kPlain);
  const std::string created = Do("UpdateTable", R"({"TableName": "Plain",
    "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "N"}, {"AttributeName": "pk", "AttributeType": "N"},
                             {"AttributeName": "unused", "AttributeType": "S"}],
    "GlobalSecondaryIndexUpdates": [{"Create": {"IndexName": "by-a", "Projection": {"ProjectionType": "ALL"},
      "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "pk", "KeyType": "RANGE"}]}}]})");
  EXPECT_THAT(created, HasSubstr(R"("TableStatus":"UPDATING")"));
  EXPECT_THAT(created, HasSubstr(R"("IndexStatus":"CREATING","Backfilling":true)"));
  // The table's type of an attribute stands; what no key uses is not kept.
  EXPECT_THAT(created, HasSubstr(R"("AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},)"
                                 R"({"AttributeName":"a","AttributeType":"N"}])"));
  EXPECT_EQ(Find("Plain")->indexes[0].key.range[0].type, item::Tag::kString);
  EXPECT_EQ(Find("Plain")->state, State::kActive);
  EXPECT_EQ(Find("Plain")->indexes[0].state, State::kCreating);
  EXPECT_EQ(Text("UpdateTable", R"({"TableName": "Plain", "GlobalSecondaryIndexUpdates": [{"Create": {
              "IndexName": "second", "Projection": {"ProjectionType": "ALL"},
              "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}]}}]})"),
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table");

  const std::string deleted = Do(
      "UpdateTable", R"({"TableName": "Plain", "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "by-a"}}]})");
  EXPECT_THAT(deleted, HasSubstr(R"("IndexStatus":"DELETING")"));
  EXPECT_THAT(Do("DescribeTable", R"({"TableName": "Plain"})"),
              HasSubstr(R"({"Table":{"AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}])"));
  EXPECT_TRUE(Find("Plain")->indexes.empty());
}

TEST_F(TableOpsTest, StreamsKeepTheirLastArn) {
  Do("CreateTable", kPlain);
  EXPECT_THAT(Do("DescribeTable", R"({"TableName": "Plain"})"), Not(HasSubstr("Stream")));
  Do("UpdateTable",
     R"({"TableName": "Plain", "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}})");
  EXPECT_THAT(Do("DescribeTable", R"({"TableName": "Plain"})"), HasSubstr(R"("StreamViewType":"KEYS_ONLY")"));
  now_ = now_ + std::chrono::seconds(1);
  Do("UpdateTable", R"({"TableName": "Plain", "StreamSpecification": {"StreamEnabled": false}})");
  const std::string described = Do("DescribeTable", R"({"TableName": "Plain"})");
  EXPECT_THAT(described, Not(HasSubstr("StreamSpecification")));
  EXPECT_THAT(described, HasSubstr(R"("LatestStreamLabel":"2026-11-18T11:06:40.123")"));
}

TEST_F(TableOpsTest, BillingGoesThereAndBack) {
  Do("CreateTable", kMusic);
  Do("UpdateTable", R"({"TableName": "Music", "BillingMode": "PAY_PER_REQUEST"})");
  EXPECT_EQ(Find("Music")->throughput.read, 0);
  EXPECT_EQ(Text("UpdateTable", R"({"TableName": "Music", "BillingMode": "PROVISIONED",
              "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}})"),
            "One or more parameter values were invalid: ProvisionedThroughput must be specified for index: by-year");
  Do("UpdateTable", R"({"TableName": "Music", "BillingMode": "PROVISIONED",
    "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    "GlobalSecondaryIndexUpdates": [{"Update": {"IndexName": "by-year",
      "ProvisionedThroughput": {"ReadCapacityUnits": 3, "WriteCapacityUnits": 3}}}]})");
  EXPECT_EQ(Find("Music")->FindIndex("by-year")->throughput.read, 3);
  EXPECT_THAT(Do("DescribeTable", R"({"TableName": "Music"})"),
              HasSubstr(R"("BillingModeSummary":{"BillingMode":"PROVISIONED",)"));
  // No change is an error for a provisioned table and none for an on-demand one.
  EXPECT_THAT(Text("UpdateTable", R"({"TableName": "Music",
                "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}})"),
              HasSubstr("The provisioned throughput for the table will not change."));
  Do("CreateTable", kPlain);
  EXPECT_THAT(Do("UpdateTable", R"({"TableName": "Plain", "BillingMode": "PAY_PER_REQUEST"})"),
              HasSubstr(R"("TableStatus":"ACTIVE")"));
}

TEST_F(TableOpsTest, ThroughputIsStoredAndDescribed) {
  std::string request = kPlain;
  request.pop_back();
  request += R"(, "OnDemandThroughput": {"MaxReadRequestUnits": 10}, "TableClass": "STANDARD_INFREQUENT_ACCESS",
    "WarmThroughput": {"ReadUnitsPerSecond": 13000}, "SSESpecification": {"Enabled": true, "KMSMasterKeyId": "k1"}})";
  Do("CreateTable", request);
  const std::string described = Do("DescribeTable", R"({"TableName": "Plain"})");
  EXPECT_THAT(described, HasSubstr(R"("OnDemandThroughput":{"MaxReadRequestUnits":10})"));
  EXPECT_THAT(described, HasSubstr(R"("ReadUnitsPerSecond":13000,"WriteUnitsPerSecond":4000)"));
  EXPECT_THAT(described, HasSubstr(R"("TableClassSummary":{"TableClass":"STANDARD_INFREQUENT_ACCESS"})"));
  EXPECT_THAT(described, HasSubstr(R"("KMSMasterKeyArn":"arn:aws:kms:eu-west-1:000000000000:key/k1")"));
  EXPECT_THAT(Text("UpdateTable", R"({"TableName": "Plain", "WarmThroughput": {"ReadUnitsPerSecond": 12999}})"),
              HasSubstr("decreasing WarmThroughput is not supported"));
  Do("UpdateTable", R"({"TableName": "Plain", "OnDemandThroughput": {"MaxWriteRequestUnits": -1}})");
  EXPECT_THAT(Do("DescribeTable", R"({"TableName": "Plain"})"),
              HasSubstr(R"("OnDemandThroughput":{"MaxReadRequestUnits":10,"MaxWriteRequestUnits":-1})"));
}

TEST_F(TableOpsTest, StatesWithADelay) {
  Open(std::chrono::hours(1));
  Do("CreateTable", kPlain);
  EXPECT_THAT(Do("DescribeTable", R"({"TableName": "Plain"})"), HasSubstr(R"("TableStatus":"CREATING")"));
  const dispatch::Answer refused = Call("DeleteTable", R"({"TableName": "Plain"})");
  EXPECT_EQ(refused.error().type(), ErrorType::ResourceInUseException);
  Open(std::chrono::hours(1));
  Do("DeleteTable", R"({"TableName": "Plain"})");
  EXPECT_THAT(Do("DescribeTable", R"({"TableName": "Plain"})"), HasSubstr(R"("TableStatus":"DELETING")"));
  EXPECT_EQ(Text("CreateTable", kPlain), "Table already exists: Plain");
}

}  // namespace
}  // namespace stator::services::dynamodb
