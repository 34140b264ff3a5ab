// PutItem, GetItem, UpdateItem, DeleteItem.
#include "services/dynamodb/model.h"
#include "services/dynamodb/model_common.h"

namespace stator::services::dynamodb::model {
namespace {

constexpr std::string_view kReturnValues[] = {"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"};
constexpr Shape kReturnValue = Enum("ReturnValue", kReturnValues);

constexpr ShapeMember kExpectedMembers[] = {
    {"Value", &kAttributeValue},
    {"Exists", &kFlag},
    {"ComparisonOperator", &kComparisonOperator},
    {"AttributeValueList", &kAttributeValueList},
};
constexpr Shape kExpectedValue = Structure("ExpectedAttributeValue", kExpectedMembers);
constexpr Shape kExpected = Map("ExpectedAttributeMap", &kExpectedValue);

constexpr std::string_view kActionValues[] = {"ADD", "PUT", "DELETE"};
constexpr Shape kAction = Enum("AttributeAction", kActionValues);
constexpr ShapeMember kValueUpdateMembers[] = {
    {"Value", &kAttributeValue},
    {"Action", &kAction},
};
constexpr Shape kValueUpdate = Structure("AttributeValueUpdate", kValueUpdateMembers);
constexpr Shape kAttributeUpdates = Map("AttributeUpdates", &kValueUpdate);

constexpr ShapeMember kPutMembers[] = {
    {"TableName", &kTableArn, true},
    {"Item", &kAttributeMap, true},
    {"Expected", &kExpected},
    {"ReturnValues", &kReturnValue},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
    {"ReturnItemCollectionMetrics", &kReturnItemCollectionMetrics},
    {"ConditionalOperator", &kConditionalOperator},
    {"ConditionExpression", &kText},
    {"ExpressionAttributeNames", &kExpressionNames},
    {"ExpressionAttributeValues", &kExpressionValues},
    {"ReturnValuesOnConditionCheckFailure", &kOnConditionFailure},
};
constexpr ShapeMember kGetMembers[] = {
    {"TableName", &kTableArn, true},
    {"Key", &kAttributeMap, true},
    {"AttributesToGet", &kAttributeNameList},
    {"ConsistentRead", &kFlag},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
    {"ProjectionExpression", &kText},
    {"ExpressionAttributeNames", &kExpressionNames},
};
constexpr ShapeMember kUpdateMembers[] = {
    {"TableName", &kTableArn, true},
    {"Key", &kAttributeMap, true},
    {"AttributeUpdates", &kAttributeUpdates},
    {"Expected", &kExpected},
    {"ConditionalOperator", &kConditionalOperator},
    {"ReturnValues", &kReturnValue},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
    {"ReturnItemCollectionMetrics", &kReturnItemCollectionMetrics},
    {"UpdateExpression", &kText},
    {"ConditionExpression", &kText},
    {"ExpressionAttributeNames", &kExpressionNames},
    {"ExpressionAttributeValues", &kExpressionValues},
    {"ReturnValuesOnConditionCheckFailure", &kOnConditionFailure},
};
constexpr ShapeMember kDeleteMembers[] = {
    {"TableName", &kTableArn, true},
    {"Key", &kAttributeMap, true},
    {"Expected", &kExpected},
    {"ConditionalOperator", &kConditionalOperator},
    {"ReturnValues", &kReturnValue},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
    {"ReturnItemCollectionMetrics", &kReturnItemCollectionMetrics},
    {"ConditionExpression", &kText},
    {"ExpressionAttributeNames", &kExpressionNames},
    {"ExpressionAttributeValues", &kExpressionValues},
    {"ReturnValuesOnConditionCheckFailure", &kOnConditionFailure},
};

}  // namespace

constinit const Shape kPutItemInput = Structure("PutItemInput", kPutMembers);
constinit const Shape kGetItemInput = Structure("GetItemInput", kGetMembers);
constinit const Shape kUpdateItemInput = Structure("UpdateItemInput", kUpdateMembers);
constinit const Shape kDeleteItemInput = Structure("DeleteItemInput", kDeleteMembers);

}  // namespace stator::services::dynamodb::model
