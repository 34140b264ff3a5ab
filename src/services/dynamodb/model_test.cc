#include "services/dynamodb/model.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "json/value.h"

namespace stator::services::dynamodb::model {
namespace {

using dispatch::Shape;
using dispatch::ShapeMember;

const char* const kOperations[] = {"CreateTable",       "DescribeTable",  "ListTables",    "UpdateTable",
                                   "DeleteTable",       "TagResource",    "UntagResource", "ListTagsOfResource",
                                   "DescribeEndpoints", "PutItem",        "GetItem",       "UpdateItem",
                                   "DeleteItem",        "Query",          "Scan",          "BatchGetItem",
                                   "BatchWriteItem",    "DescribeLimits", "ListStreams",   "DescribeStream",
                                   "GetShardIterator",  "GetRecords"};

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
  for (const char* operation : kOperations) {
    SCOPED_TRACE(operation);
    const Shape* shape = InputShape(operation);
    ASSERT_NE(shape, nullptr);
    EXPECT_EQ(shape->kind, Shape::Kind::kStructure);
    CheckShape(*shape, 0);
  }
  EXPECT_EQ(InputShape("SearchVectors"), nullptr);
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
