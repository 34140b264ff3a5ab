// TransactWriteItems and TransactGetItems.
#include "services/dynamodb/model.h"
#include "services/dynamodb/model_common.h"

namespace stator::services::dynamodb::model {
namespace {

constexpr ShapeMember kConditionCheckMembers[] = {
    {"Key", &kAttributeMap, true},
    {"TableName", &kTableArn, true},
    {"ConditionExpression", &kText, true},
    {"ExpressionAttributeNames", &kExpressionNames},
    {"ExpressionAttributeValues", &kExpressionValues},
    {"ReturnValuesOnConditionCheckFailure", &kOnConditionFailure},
};
constexpr Shape kConditionCheck = Structure("ConditionCheck", kConditionCheckMembers);

constexpr ShapeMember kPutMembers[] = {
    {"Item", &kAttributeMap, true},
    {"TableName", &kTableArn, true},
    {"ConditionExpression", &kText},
    {"ExpressionAttributeNames", &kExpressionNames},
    {"ExpressionAttributeValues", &kExpressionValues},
    {"ReturnValuesOnConditionCheckFailure", &kOnConditionFailure},
};
constexpr Shape kPut = Structure("Put", kPutMembers);

constexpr ShapeMember kDeleteMembers[] = {
    {"Key", &kAttributeMap, true},
    {"TableName", &kTableArn, true},
    {"ConditionExpression", &kText},
    {"ExpressionAttributeNames", &kExpressionNames},
    {"ExpressionAttributeValues", &kExpressionValues},
    {"ReturnValuesOnConditionCheckFailure", &kOnConditionFailure},
};
constexpr Shape kDelete = Structure("Delete", kDeleteMembers);

constexpr ShapeMember kUpdateMembers[] = {
    {"Key", &kAttributeMap, true},
    {"UpdateExpression", &kText, true},
    {"TableName", &kTableArn, true},
    {"ConditionExpression", &kText},
    {"ExpressionAttributeNames", &kExpressionNames},
    {"ExpressionAttributeValues", &kExpressionValues},
    {"ReturnValuesOnConditionCheckFailure", &kOnConditionFailure},
};
constexpr Shape kUpdate = Structure("Update", kUpdateMembers);

constexpr ShapeMember kWriteItemMembers[] = {
    {"ConditionCheck", &kConditionCheck},
    {"Put", &kPut},
    {"Delete", &kDelete},
    {"Update", &kUpdate},
};
constexpr Shape kWriteItem = Structure("TransactWriteItem", kWriteItemMembers);
constexpr Shape kWriteItems = List("TransactWriteItemList", &kWriteItem, 1, 100);
constexpr Shape kToken = String("ClientRequestToken", 1, 36);
constexpr ShapeMember kTransactWriteMembers[] = {
    {"TransactItems", &kWriteItems, true},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
    {"ReturnItemCollectionMetrics", &kReturnItemCollectionMetrics},
    {"ClientRequestToken", &kToken},
};

constexpr ShapeMember kGetMembers[] = {
    {"Key", &kAttributeMap, true},
    {"TableName", &kTableArn, true},
    {"ProjectionExpression", &kText},
    {"ExpressionAttributeNames", &kExpressionNames},
};
constexpr Shape kGet = Structure("Get", kGetMembers);
constexpr ShapeMember kGetItemMembers[] = {{"Get", &kGet, true}};
constexpr Shape kGetItem = Structure("TransactGetItem", kGetItemMembers);
constexpr Shape kGetItems = List("TransactGetItemList", &kGetItem, 1, 100);
constexpr ShapeMember kTransactGetMembers[] = {
    {"TransactItems", &kGetItems, true},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
};

}  // namespace

constinit const Shape kTransactWriteItemsInput = Structure("TransactWriteItemsInput", kTransactWriteMembers);
constinit const Shape kTransactGetItemsInput = Structure("TransactGetItemsInput", kTransactGetMembers);

}  // namespace stator::services::dynamodb::model
