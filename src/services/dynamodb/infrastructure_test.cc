#include "services/dynamodb/infrastructure.h"

#include <gmock/gmock.h>

#include "services/dynamodb/control_test.h"

namespace stator::services::dynamodb {
namespace {

using testing::HasSubstr;

const std::string kPlain = "arn:aws:dynamodb:eu-west-1:000000000000:table/Plain";
const std::string kStream = "arn:aws:kinesis:eu-west-1:000000000000:stream/events";

class InfrastructureTest : public ControlTest {
 protected:
  InfrastructureTest() {
    Do("CreateTable", R"({"TableName": "Plain",
      "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
      "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
      "GlobalSecondaryIndexes": [{"IndexName": "by-pk", "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
         "Projection": {"ProjectionType": "ALL"}}]})");
  }
  // "ErrorName: text", or the reply.
  std::string Say(const std::string& operation, const std::string& request) {
    const dispatch::Answer answer = Call(operation, request);
    if (answer.ok()) return *answer;
    return std::string(FactsOf(answer.error().type()).name) + ": " + answer.error().text;
  }
};

TEST_F(InfrastructureTest, ContinuousBackupsAreDisabled) {
  const std::string disabled = R"({"ContinuousBackupsDescription":{"ContinuousBackupsStatus":"ENABLED",)"
                               R"("PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"DISABLED"}}})";
  EXPECT_EQ(Do("DescribeContinuousBackups", R"({"TableName": "Plain"})"), disabled);
  EXPECT_EQ(Do("DescribeContinuousBackups", R"({"TableName": ")" + kPlain + "\"}"), disabled);
  const auto update = [this](const std::string& specification) {
    return Say("UpdateContinuousBackups",
               R"({"TableName": "Plain", "PointInTimeRecoverySpecification": )" + specification + "}");
  };
  EXPECT_EQ(update(R"({"PointInTimeRecoveryEnabled": false})"), disabled);
  EXPECT_EQ(update(R"({"PointInTimeRecoveryEnabled": true})"),
            "ContinuousBackupsUnavailableException: Backups have not yet been enabled for this table: Plain");
  EXPECT_THAT(update(R"({"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 36})"),
              HasSubstr("'PointInTimeRecoverySpecification.RecoveryPeriodInDays' failed to satisfy constraint: Member "
                        "must have value less than or equal to 35"));
  EXPECT_THAT(update("{}"), HasSubstr("Value null at 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled'"));
  EXPECT_EQ(Say("DescribeContinuousBackups", R"({"TableName": "Absent"})"),
            "TableNotFoundException: Table not found: Absent");
}

TEST_F(InfrastructureTest, ListsAreEmpty) {
  EXPECT_EQ(Do("ListBackups", R"({"TableName": "Plain", "BackupType": "ALL", "Limit": 100})"),
            R"({"BackupSummaries":[]})");
  EXPECT_EQ(Do("ListExports", R"({"TableArn": ")" + kPlain + "\"}"), R"({"ExportSummaries":[]})");
  EXPECT_EQ(Do("ListImports", R"({"PageSize": 25})"), R"({"ImportSummaryList":[]})");
  EXPECT_EQ(Do("ListBulkOperations", "{}"), R"({"BulkOperationsSummaryList":[]})");
  EXPECT_EQ(Do("ListGlobalTables", R"({"RegionName": "eu-west-1"})"), R"({"GlobalTables":[]})");
  EXPECT_EQ(Do("ListContributorInsights", R"({"TableName": "Plain"})"), R"({"ContributorInsightsSummaries":[]})");
}

TEST_F(InfrastructureTest, NobodyWasGivenAToken) {
  EXPECT_EQ(Text("ListExports", R"({"NextToken": "more"})"), "Invalid NextToken");
  EXPECT_EQ(Text("ListImports", R"({"NextToken": ")" + std::string(112, 'a') + "\"}"), "Invalid NextToken");
  EXPECT_THAT(Text("ListImports", R"({"NextToken": ")" + std::string(112, 'g') + "\"}"),
              HasSubstr("Member must satisfy regular expression pattern: ([0-9a-f]{16})+"));
  EXPECT_EQ(Text("ListContributorInsights", R"({"NextToken": "more"})"), "Invalid NextToken");
  EXPECT_EQ(Text("ListBulkOperations", R"({"NextToken": "more"})"), "Invalid NextToken");
  EXPECT_THAT(Text("ListBackups", R"({"ExclusiveStartBackupArn": ")" + std::string(40, 'a') + "\"}"),
              HasSubstr("Invalid ExclusiveStartBackupArn: "));
  EXPECT_THAT(Text("ListBackups", R"({"TimeRangeLowerBound": 2.5, "TimeRangeUpperBound": 2})"),
              HasSubstr("TimeRangeLowerBound must not be later"));
}

TEST_F(InfrastructureTest, WhatIsNamedIsNotThere) {
  const std::string backup = kPlain + "/backup/01489602797149-73d8d5bc";
  for (const char* operation : {"DescribeBackup", "DeleteBackup"}) {
    EXPECT_EQ(Say(operation, R"({"BackupArn": ")" + backup + "\"}"),
              "BackupNotFoundException: Backup not found: " + backup);
    EXPECT_EQ(Say(operation, R"({"BackupArn": ")" + kPlain + "\"}"),
              "ValidationException: Invalid BackupArn: Invalid ResourceArn provided as input " + kPlain);
  }
  EXPECT_EQ(Say("RestoreTableFromBackup", R"({"TargetTableName": "New", "BackupArn": ")" + backup + "\"}"),
            "BackupNotFoundException: Backup not found: " + backup);
  const std::string move = kPlain + "/export/01489602797149-73d8d5bc";
  EXPECT_EQ(Say("DescribeExport", R"({"ExportArn": ")" + move + "\"}"),
            "ExportNotFoundException: Export not found: " + move);
  EXPECT_THAT(Say("DescribeImport", R"({"ImportArn": ")" + move + "\"}"), HasSubstr("Invalid ImportArn: "));
  EXPECT_THAT(Say("DescribeBulkOperation", R"({"BulkOperationArn": ")" + move + "\"}"),
              HasSubstr("ResourceNotFoundException: Requested resource not found: BulkOperation: "));
  EXPECT_THAT(Say("CancelBulkOperation", R"({"BulkOperationArn": ")" + kStream + "\"}"),
              HasSubstr("ValidationException: Invalid BulkOperationArn: "));
  for (const char* operation : {"DescribeGlobalTable", "DescribeGlobalTableSettings", "UpdateGlobalTableSettings"}) {
    EXPECT_EQ(Say(operation, R"({"GlobalTableName": "Plain"})"),
              "GlobalTableNotFoundException: Global table not found: Global table with name: 'Plain' does not exist.");
  }
}

TEST_F(InfrastructureTest, WhatIsNotAvailableSaysSo) {
  EXPECT_EQ(Say("CreateBackup", R"({"TableName": "Plain", "BackupName": "one"})"),
            "ContinuousBackupsUnavailableException: Backups have not yet been enabled for this table: Plain");
  EXPECT_EQ(Say("CreateBackup", R"({"TableName": "Absent", "BackupName": "one"})"),
            "TableNotFoundException: Table not found: Absent");
  const std::string unavailable =
      "PointInTimeRecoveryUnavailableException: Point in time recovery is not enabled for table 'Plain'";
  const std::string restore = R"({"TargetTableName": "New", "SourceTableName": "Plain")";
  EXPECT_EQ(Say("RestoreTableToPointInTime", restore + R"(, "UseLatestRestorableTime": true})"), unavailable);
  EXPECT_THAT(Say("RestoreTableToPointInTime", restore + "}"), HasSubstr("Either RestoreDateTime or"));
  EXPECT_THAT(Say("RestoreTableToPointInTime", restore + R"(, "UseLatestRestorableTime": true, "RestoreDateTime": 5})"),
              HasSubstr("cannot both be specified"));
  EXPECT_EQ(Say("RestoreTableToPointInTime",
                R"({"TargetTableName": "Plain", "SourceTableName": "Plain", "UseLatestRestorableTime": true})"),
            "TableAlreadyExistsException: Table already exists: Plain");
  const std::string out = R"({"TableArn": ")" + kPlain + R"(", "S3Bucket": )";
  EXPECT_EQ(Say("ExportTableToPointInTime", out + R"("my-bucket.1"})"), unavailable);
  EXPECT_THAT(Say("ExportTableToPointInTime", out + R"("-bucket"})"), HasSubstr("Value at 'S3Bucket' failed"));
  EXPECT_EQ(Say("CreateGlobalTable", R"({"GlobalTableName": "Plain", "ReplicationGroup": []})"),
            "ValidationException: CreateGlobalTable is not supported in this region");
  EXPECT_EQ(Say("StartBulkPutItems",
                R"({"TableName": "Plain", "InputS3Configuration": {"S3Bucket": "my-bucket", "InputFormat": "ION"},
                "OutputS3Configuration": {"OutputType": ["ERROR"]}})"),
            "ValidationException: StartBulkPutItems is not supported in this region");
}

TEST_F(InfrastructureTest, KinesisDestinations) {
  EXPECT_EQ(Do("DescribeKinesisStreamingDestination", R"({"TableName": "Plain"})"),
            R"({"TableName":"Plain","KinesisDataStreamDestinations":[]})");
  const std::string request = R"({"TableName": "Plain", "StreamArn": ")" + kStream + "\"";
  EXPECT_EQ(Say("EnableKinesisStreamingDestination", request + "}"),
            "ResourceNotFoundException: Requested resource not found: Stream: " + kStream + " not found");
  EXPECT_THAT(Say("DisableKinesisStreamingDestination", request + "}"), HasSubstr("must be ACTIVE to perform DISABLE"));
  EXPECT_THAT(Say("UpdateKinesisStreamingDestination", request + "}"),
              HasSubstr("cannot be null or contain only null"));
  EXPECT_THAT(
      Say("UpdateKinesisStreamingDestination", request + R"(, "UpdateKinesisStreamingConfiguration":
                                 {"ApproximateCreationDateTimePrecision": "MICROSECOND"}})"),
      HasSubstr("No streaming destination with streamArn: " + kStream + " found for table with tableName: Plain"));
  EXPECT_THAT(Say("EnableKinesisStreamingDestination", R"({"TableName": "Plain", "StreamArn": ")" + kPlain + "\"}"),
              HasSubstr("ValidationException: Invalid StreamArn: "));
  EXPECT_EQ(Say("DescribeKinesisStreamingDestination", R"({"TableName": "Absent"})"),
            "ResourceNotFoundException: Requested resource not found: Table: Absent not found");
}

TEST_F(InfrastructureTest, ContributorInsights) {
  EXPECT_EQ(Do("DescribeContributorInsights", R"({"TableName": "Plain"})"),
            R"({"TableName":"Plain","ContributorInsightsStatus":"DISABLED"})");
  EXPECT_EQ(Do("DescribeContributorInsights", R"({"TableName": "Plain", "IndexName": "by-pk"})"),
            R"({"TableName":"Plain","IndexName":"by-pk","ContributorInsightsStatus":"DISABLED"})");
  EXPECT_THAT(Say("DescribeContributorInsights", R"({"TableName": "Plain", "IndexName": "other"})"),
              HasSubstr("ResourceNotFoundException"));
  EXPECT_EQ(Do("UpdateContributorInsights", R"({"TableName": "Plain", "ContributorInsightsAction": "DISABLE"})"),
            R"({"TableName":"Plain","ContributorInsightsStatus":"DISABLED"})");
  EXPECT_EQ(Say("UpdateContributorInsights", R"({"TableName": "Plain", "ContributorInsightsAction": "ENABLE"})"),
            "ValidationException: Contributor Insights is not supported in this region");
  EXPECT_THAT(Say("UpdateContributorInsights", R"({"TableName": "Plain", "ContributorInsightsAction": "ON"})"),
              HasSubstr("Member must satisfy enum value set: [ENABLE, DISABLE]"));
}

TEST_F(InfrastructureTest, ReplicaAutoScaling) {
  EXPECT_EQ(Do("DescribeTableReplicaAutoScaling", R"({"TableName": "Plain"})"),
            R"({"TableAutoScalingDescription":{"TableName":"Plain","TableStatus":"ACTIVE","Replicas":[]}})");
  EXPECT_THAT(Say("UpdateTableReplicaAutoScaling", R"({"TableName": "Plain", "ReplicaUpdates": []})"),
              HasSubstr("Value at 'ReplicaUpdates' failed"));
  EXPECT_THAT(Say("UpdateTableReplicaAutoScaling", R"({"TableName": "Plain"})"), HasSubstr("ValidationException: "));
}

// Nobody learns from docs/operations.md that something works that does not.
TEST_F(InfrastructureTest, WhatIsNotServedHasARemark) {
  for (const auto& [target, registered] : registry_->All()) {
    const dispatch::Support& support = registered.operation.support;
    EXPECT_EQ(support.level != dispatch::Support::Level::kServed, !support.remark.empty()) << target;
  }
}

}  // namespace
}  // namespace stator::services::dynamodb
