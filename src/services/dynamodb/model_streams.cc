// ListStreams, DescribeStream, GetShardIterator, GetRecords: the model of DynamoDB Streams.
#include "services/dynamodb/model.h"
#include "services/dynamodb/model_common.h"

namespace stator::services::dynamodb::model {
namespace {

constexpr Shape kStreamArn = String("StreamArn", 37, 1024);
constexpr Shape kShardId = String("ShardId", 28, 65);
constexpr Shape kPage = Integer("PositiveIntegerObject", 1, 100);
constexpr Shape kRecordPage = Integer("PositiveIntegerObject", 1, 1000);
constexpr Shape kSequenceNumber = String("SequenceNumber", 21, 40);
constexpr Shape kShardIterator = String("ShardIterator", 1, 2048);
constexpr std::string_view kIteratorTypes[] = {"AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"};
constexpr Shape kIteratorType = Enum("ShardIteratorType", kIteratorTypes);
constexpr std::string_view kFilterTypes[] = {"CHILD_SHARDS"};
constexpr Shape kFilterType = Enum("ShardFilterType", kFilterTypes);
constexpr ShapeMember kFilterMembers[] = {{"Type", &kFilterType}, {"ShardId", &kShardId}};
constexpr Shape kFilter = Structure("ShardFilter", kFilterMembers);

constexpr ShapeMember kListStreamsMembers[] = {
    {"TableName", &kTableName}, {"Limit", &kPage}, {"ExclusiveStartStreamArn", &kStreamArn}};
constexpr ShapeMember kDescribeStreamMembers[] = {{"StreamArn", &kStreamArn, true},
                                                  {"Limit", &kPage},
                                                  {"ExclusiveStartShardId", &kShardId},
                                                  {"ShardFilter", &kFilter}};
constexpr ShapeMember kGetShardIteratorMembers[] = {{"StreamArn", &kStreamArn, true},
                                                    {"ShardId", &kShardId, true},
                                                    {"ShardIteratorType", &kIteratorType, true},
                                                    {"SequenceNumber", &kSequenceNumber}};
constexpr ShapeMember kGetRecordsMembers[] = {{"ShardIterator", &kShardIterator, true}, {"Limit", &kRecordPage}};

}  // namespace

constinit const Shape kListStreamsInput = Structure("ListStreamsInput", kListStreamsMembers);
constinit const Shape kDescribeStreamInput = Structure("DescribeStreamInput", kDescribeStreamMembers);
constinit const Shape kGetShardIteratorInput = Structure("GetShardIteratorInput", kGetShardIteratorMembers);
constinit const Shape kGetRecordsInput = Structure("GetRecordsInput", kGetRecordsMembers);

}  // namespace stator::services::dynamodb::model
