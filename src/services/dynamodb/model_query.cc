// Query and Scan.
#include "services/dynamodb/model.h"
#include "services/dynamodb/model_common.h"

namespace stator::services::dynamodb::model {
namespace {

constexpr std::string_view kSelectValues[] = {"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES",
                                              "ALL_PROJECTED_ATTRIBUTES"};
constexpr Shape kSelect = Enum("Select", kSelectValues);

constexpr ShapeMember kConditionMembers[] = {
    {"AttributeValueList", &kAttributeValueList},
    {"ComparisonOperator", &kComparisonOperator, true},
};
constexpr Shape kCondition = Structure("Condition", kConditionMembers);
constexpr Shape kKeyConditions = Map("KeyConditions", &kCondition);
constexpr Shape kFilterConditions = Map("FilterConditionMap", &kCondition);
constexpr Shape kTotalSegments = Integer("ScanTotalSegments", 1, 1000000);
constexpr Shape kSegment = Integer("ScanSegment", 0, 999999);

constexpr ShapeMember kQueryMembers[] = {
    {"TableName", &kTableArn, true},
    {"IndexName", &kIndexName},
    {"Select", &kSelect},
    {"AttributesToGet", &kAttributeNameList},
    {"Limit", &kPositiveInteger},
    {"ConsistentRead", &kFlag},
    {"KeyConditions", &kKeyConditions},
    {"QueryFilter", &kFilterConditions},
    {"ConditionalOperator", &kConditionalOperator},
    {"ScanIndexForward", &kFlag},
    {"ExclusiveStartKey", &kAttributeMap},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
    {"ProjectionExpression", &kText},
    {"FilterExpression", &kText},
    {"KeyConditionExpression", &kText},
    {"ExpressionAttributeNames", &kExpressionNames},
    {"ExpressionAttributeValues", &kExpressionValues},
};
constexpr ShapeMember kScanMembers[] = {
    {"TableName", &kTableArn, true},
    {"IndexName", &kIndexName},
    {"AttributesToGet", &kAttributeNameList},
    {"Limit", &kPositiveInteger},
    {"Select", &kSelect},
    {"ScanFilter", &kFilterConditions},
    {"ConditionalOperator", &kConditionalOperator},
    {"ExclusiveStartKey", &kAttributeMap},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
    {"TotalSegments", &kTotalSegments},
    {"Segment", &kSegment},
    {"ProjectionExpression", &kText},
    {"FilterExpression", &kText},
    {"ExpressionAttributeNames", &kExpressionNames},
    {"ExpressionAttributeValues", &kExpressionValues},
    {"ConsistentRead", &kFlag},
};

}  // namespace

constinit const Shape kQueryInput = Structure("QueryInput", kQueryMembers);
constinit const Shape kScanInput = Structure("ScanInput", kScanMembers);

}  // namespace stator::services::dynamodb::model
