#include "services/dynamodb/model.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "json/value.h"

namespace stator::services::dynamodb::model {
namespace {

using dispatch::Shape;
using dispatch::ShapeMember;

// The request members of every operation that is served: notes/dynamodb.md, section 3.
constexpr std::pair<const char*, const char*> kMembers[] = {
    {"PutItem",
     "TableName, Item, Expected, ReturnValues, ReturnConsumedCapacity, ReturnItemCollectionMetrics, "
     "ConditionalOperator, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues, "
     "ReturnValuesOnConditionCheckFailure"},
    {"GetItem",
     "TableName, Key, AttributesToGet, ConsistentRead, ReturnConsumedCapacity, ProjectionExpression, "
     "ExpressionAttributeNames"},
    {"UpdateItem",
     "TableName, Key, AttributeUpdates, Expected, ConditionalOperator, ReturnValues, ReturnConsumedCapacity, "
     "ReturnItemCollectionMetrics, UpdateExpression, ConditionExpression, ExpressionAttributeNames, "
     "ExpressionAttributeValues, ReturnValuesOnConditionCheckFailure"},
    {"DeleteItem",
     "TableName, Key, Expected, ConditionalOperator, ReturnValues, ReturnConsumedCapacity, "
     "ReturnItemCollectionMetrics, ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues, "
     "ReturnValuesOnConditionCheckFailure"},
    {"BatchGetItem", "RequestItems, ReturnConsumedCapacity"},
    {"BatchWriteItem", "RequestItems, ReturnConsumedCapacity, ReturnItemCollectionMetrics"},
    {"Query",
     "TableName, IndexName, Select, AttributesToGet, Limit, ConsistentRead, KeyConditions, QueryFilter, "
     "ConditionalOperator, ScanIndexForward, ExclusiveStartKey, ReturnConsumedCapacity, ProjectionExpression, "
     "FilterExpression, KeyConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues"},
    {"Scan",
     "TableName, IndexName, AttributesToGet, Limit, Select, ScanFilter, ConditionalOperator, ExclusiveStartKey, "
     "ReturnConsumedCapacity, TotalSegments, Segment, ProjectionExpression, FilterExpression, "
     "ExpressionAttributeNames, ExpressionAttributeValues, ConsistentRead"},
    {"TransactWriteItems", "TransactItems, ReturnConsumedCapacity, ReturnItemCollectionMetrics, ClientRequestToken"},
    {"TransactGetItems", "TransactItems, ReturnConsumedCapacity"},
    {"ExecuteStatement",
     "Statement, Parameters, ConsistentRead, NextToken, ReturnConsumedCapacity, Limit, "
     "ReturnValuesOnConditionCheckFailure"},
    {"BatchExecuteStatement", "Statements, ReturnConsumedCapacity"},
    {"ExecuteTransaction", "TransactStatements, ReturnConsumedCapacity, ClientRequestToken"},
    {"CreateTable",
     "TableName, AttributeDefinitions, KeySchema, LocalSecondaryIndexes, GlobalSecondaryIndexes, BillingMode, "
     "ProvisionedThroughput, StreamSpecification, SSESpecification, Tags, TableClass, DeletionProtectionEnabled, "
     "WarmThroughput, ResourcePolicy, OnDemandThroughput, GlobalTableSourceArn, GlobalTableSettingsReplicationMode, "
     "VectorIndexes"},
    {"DescribeTable", "TableName"},
    {"UpdateTable",
     "TableName, AttributeDefinitions, BillingMode, ProvisionedThroughput, GlobalSecondaryIndexUpdates, "
     "StreamSpecification, SSESpecification, ReplicaUpdates, TableClass, DeletionProtectionEnabled, "
     "MultiRegionConsistency, GlobalTableWitnessUpdates, OnDemandThroughput, WarmThroughput, "
     "GlobalTableSettingsReplicationMode, DisassociationProtectionEnabled, VectorIndexUpdates"},
    {"DeleteTable", "TableName"},
    {"ListTables", "ExclusiveStartTableName, Limit"},
    {"DescribeLimits", ""},
    {"DescribeEndpoints", ""},
    {"UpdateTimeToLive", "TableName, TimeToLiveSpecification"},
    {"DescribeTimeToLive", "TableName"},
    {"TagResource", "ResourceArn, Tags"},
    {"UntagResource", "ResourceArn, TagKeys"},
    {"ListTagsOfResource", "ResourceArn, NextToken"},
    {"CreateBackup", "TableName, BackupName"},
    {"DescribeBackup", "BackupArn"},
    {"ListBackups", "TableName, Limit, TimeRangeLowerBound, TimeRangeUpperBound, ExclusiveStartBackupArn, BackupType"},
    {"DeleteBackup", "BackupArn"},
    {"RestoreTableFromBackup",
     "TargetTableName, BackupArn, BillingModeOverride, GlobalSecondaryIndexOverride, LocalSecondaryIndexOverride, "
     "ProvisionedThroughputOverride, OnDemandThroughputOverride, SSESpecificationOverride, VectorIndexOverride"},
    {"UpdateContinuousBackups", "TableName, PointInTimeRecoverySpecification"},
    {"DescribeContinuousBackups", "TableName"},
    {"RestoreTableToPointInTime",
     "TargetTableName, SourceTableArn, SourceTableName, UseLatestRestorableTime, RestoreDateTime, BillingModeOverride, "
     "GlobalSecondaryIndexOverride, LocalSecondaryIndexOverride, ProvisionedThroughputOverride, "
     "OnDemandThroughputOverride, SSESpecificationOverride, VectorIndexOverride"},
    {"ExportTableToPointInTime",
     "TableArn, S3Bucket, ExportTime, S3BucketOwner, S3Prefix, S3SseAlgorithm, S3SseKmsKeyId, ExportFormat, "
     "ExportType, IncrementalExportSpecification, FilterSpecification, ClientToken"},
    {"DescribeExport", "ExportArn"},
    {"ListExports", "TableArn, MaxResults, NextToken"},
    {"ImportTable",
     "S3BucketSource, InputFormat, TableCreationParameters, InputFormatOptions, InputCompressionType, ClientToken"},
    {"DescribeImport", "ImportArn"},
    {"ListImports", "TableArn, PageSize, NextToken"},
    {"StartBulkPutItems",
     "InputS3Configuration, OutputS3Configuration, TableName, MaxWriteRequestUnits, PerformanceTier, ClientToken"},
    {"DescribeBulkOperation", "BulkOperationArn"},
    {"ListBulkOperations", "MaxResults, NextToken"},
    {"CancelBulkOperation", "BulkOperationArn"},
    {"EnableKinesisStreamingDestination", "TableName, StreamArn, EnableKinesisStreamingConfiguration"},
    {"UpdateKinesisStreamingDestination", "TableName, StreamArn, UpdateKinesisStreamingConfiguration"},
    {"DisableKinesisStreamingDestination", "TableName, StreamArn, EnableKinesisStreamingConfiguration"},
    {"DescribeKinesisStreamingDestination", "TableName"},
    {"UpdateContributorInsights", "TableName, ContributorInsightsAction, IndexName, ContributorInsightsMode"},
    {"DescribeContributorInsights", "TableName, IndexName"},
    {"ListContributorInsights", "TableName, NextToken, MaxResults"},
    {"PutResourcePolicy", "ResourceArn, Policy, ExpectedRevisionId, ConfirmRemoveSelfResourceAccess"},
    {"GetResourcePolicy", "ResourceArn"},
    {"DeleteResourcePolicy", "ResourceArn, ExpectedRevisionId"},
    {"CreateGlobalTable", "GlobalTableName, ReplicationGroup"},
    {"UpdateGlobalTable", "GlobalTableName, ReplicaUpdates"},
    {"DescribeGlobalTable", "GlobalTableName"},
    {"ListGlobalTables", "ExclusiveStartGlobalTableName, Limit, RegionName"},
    {"UpdateGlobalTableSettings",
     "GlobalTableName, GlobalTableBillingMode, GlobalTableProvisionedWriteCapacityUnits, "
     "GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate, GlobalTableGlobalSecondaryIndexSettingsUpdate, "
     "ReplicaSettingsUpdate"},
    {"DescribeGlobalTableSettings", "GlobalTableName"},
    {"UpdateTableReplicaAutoScaling",
     "TableName, GlobalSecondaryIndexUpdates, ProvisionedWriteCapacityAutoScalingUpdate, ReplicaUpdates"},
    {"DescribeTableReplicaAutoScaling", "TableName"},
    {"ListStreams", "TableName, Limit, ExclusiveStartStreamArn"},
    {"DescribeStream", "StreamArn, Limit, ExclusiveStartShardId, ShardFilter"},
    {"GetShardIterator", "StreamArn, ShardId, ShardIteratorType, SequenceNumber"},
    {"GetRecords", "ShardIterator, Limit"},
};

// Walks a shape and everything it is made of.
void CheckShape(const Shape& shape, int depth) {
  ASSERT_LT(depth, 12) << "shapes do not contain themselves";
  EXPECT_FALSE(shape.model_name.empty());
  const bool bounded = shape.min >= 0 && shape.max >= 0;
  EXPECT_TRUE(!bounded || shape.min <= shape.max) << shape.model_name;
  const bool container = shape.kind == Shape::Kind::kList || shape.kind == Shape::Kind::kMap;
  ASSERT_EQ(shape.element != nullptr, container) << shape.model_name;
  if (container) CheckShape(*shape.element, depth + 1);
  std::set<std::string_view> names;
  for (const ShapeMember& member : shape.members) {
    EXPECT_TRUE(names.insert(member.name).second) << shape.model_name << "." << member.name;
    CheckShape(*member.shape, depth + 1);
  }
}

TEST(Model, EveryShapeIsWellFormed) {
  for (const auto& [operation, members] : kMembers) {
    SCOPED_TRACE(operation);
    const Shape* shape = InputShape(operation);
    ASSERT_NE(shape, nullptr);
    EXPECT_EQ(shape->kind, Shape::Kind::kStructure);
    CheckShape(*shape, 0);
  }
  EXPECT_EQ(InputShape("SearchVectors"), nullptr);
}

TEST(Model, MembersAreThoseOfTheService) {
  for (const auto& [operation, members] : kMembers) {
    std::set<std::string> expected;
    std::istringstream words(members);
    for (std::string word; std::getline(words >> std::ws, word, ',');) expected.insert(word);
    std::set<std::string> found;
    for (const ShapeMember& member : InputShape(operation)->members) found.insert(std::string(member.name));
    EXPECT_EQ(found, expected) << operation;
  }
}

std::string Check(const char* operation, const std::string& request) {
  json::Document document;
  const Status status = dispatch::CheckShape(*InputShape(operation), *document.Parse(request));
  return status.ok() ? "" : status.error().text;
}

TEST(Model, Constraints) {
  const std::string at = "1 validation error detected: Value at '";
  const std::string failed = "' failed to satisfy constraint: Member must ";
  struct Case {
    const char* operation;
    std::string request;
    std::string text;
  };
  const Case cases[] = {
      {"GetItem", R"({"TableName": "t"})",
       "1 validation error detected: Value null at 'Key' failed to satisfy constraint: Member must not be null"},
      {"GetItem", R"({"TableName": "", "Key": {}})",
       at + "TableName" + failed + "have length greater than or equal to 1"},
      {"PutItem", R"({"TableName": "t", "Item": {}, "ReturnValues": "ALL"})",
       at + "ReturnValues" + failed + "satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"},
      {"PutItem", R"({"TableName": "t", "Item": {"a": {"S": 5}}})", "NUMBER_VALUE cannot be converted to String"},
      {"Query", R"({"TableName": "t", "Limit": 0})", at + "Limit" + failed + "have value greater than or equal to 1"},
      {"Query", R"({"TableName": "t", "IndexName": "ab"})",
       at + "IndexName" + failed + "have length greater than or equal to 3"},
      {"Query", R"({"TableName": "t", "KeyConditions": {"a": {}}})",
       "1 validation error detected: Value null at 'KeyConditions.a.member.ComparisonOperator' failed to satisfy "
       "constraint: Member must not be null"},
      {"Scan", R"({"TableName": "t", "Segment": -1})",
       at + "Segment" + failed + "have value greater than or equal to 0"},
      {"BatchGetItem", R"({"RequestItems": {"abc": {"Keys": []}}})",
       at + "RequestItems.abc.member.Keys" + failed + "have length greater than or equal to 1"},
      {"BatchWriteItem", R"({"RequestItems": {"abc": []}})",
       at + "RequestItems.abc.member" + failed + "have length greater than or equal to 1"},
      {"BatchWriteItem", R"({"RequestItems": {}})",
       at + "RequestItems" + failed + "have length greater than or equal to 1"},
      {"CreateTable", R"({"AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "X"}]})",
       at + "AttributeDefinitions.1.member.AttributeType" + failed + "satisfy enum value set: [B, N, S]"},
      {"CreateTable", R"({"ProvisionedThroughput": {"ReadCapacityUnits": 0, "WriteCapacityUnits": 1}})",
       at + "ProvisionedThroughput.ReadCapacityUnits" + failed + "have value greater than or equal to 1"},
      {"UpdateTable", R"({"GlobalSecondaryIndexUpdates": [{"Delete": {}}]})",
       "1 validation error detected: Value null at 'GlobalSecondaryIndexUpdates.1.member.Delete.IndexName' failed to "
       "satisfy constraint: Member must not be null"},
  };
  for (const Case& c : cases) EXPECT_EQ(Check(c.operation, c.request), c.text) << c.operation << " " << c.request;
}

}  // namespace
}  // namespace stator::services::dynamodb::model
