// BatchGetItem and BatchWriteItem.
#include "services/dynamodb/model.h"
#include "services/dynamodb/model_common.h"

namespace stator::services::dynamodb::model {
namespace {

constexpr Shape kKeyList = List("KeyList", &kAttributeMap, 1, 100);
constexpr ShapeMember kKeysAndAttributesMembers[] = {
    {"Keys", &kKeyList, true},        {"AttributesToGet", &kAttributeNameList},        {"ConsistentRead", &kFlag},
    {"ProjectionExpression", &kText}, {"ExpressionAttributeNames", &kExpressionNames},
};
constexpr Shape kKeysAndAttributes = Structure("KeysAndAttributes", kKeysAndAttributesMembers);
constexpr Shape kGetRequests = Map("BatchGetRequestMap", &kKeysAndAttributes, 1, 100);
constexpr ShapeMember kBatchGetMembers[] = {
    {"RequestItems", &kGetRequests, true},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
};

constexpr ShapeMember kPutRequestMembers[] = {{"Item", &kAttributeMap, true}};
constexpr Shape kPutRequest = Structure("PutRequest", kPutRequestMembers);
constexpr ShapeMember kDeleteRequestMembers[] = {{"Key", &kAttributeMap, true}};
constexpr Shape kDeleteRequest = Structure("DeleteRequest", kDeleteRequestMembers);
constexpr ShapeMember kWriteRequestMembers[] = {{"PutRequest", &kPutRequest}, {"DeleteRequest", &kDeleteRequest}};
constexpr Shape kWriteRequest = Structure("WriteRequest", kWriteRequestMembers);
constexpr Shape kWriteRequests = List("WriteRequests", &kWriteRequest, 1, 25);
constexpr Shape kWriteRequestMap = Map("BatchWriteItemRequestMap", &kWriteRequests, 1, 25);
constexpr ShapeMember kBatchWriteMembers[] = {
    {"RequestItems", &kWriteRequestMap, true},
    {"ReturnConsumedCapacity", &kReturnConsumedCapacity},
    {"ReturnItemCollectionMetrics", &kReturnItemCollectionMetrics},
};

}  // namespace

constinit const Shape kBatchGetItemInput = Structure("BatchGetItemInput", kBatchGetMembers);
constinit const Shape kBatchWriteItemInput = Structure("BatchWriteItemInput", kBatchWriteMembers);

}  // namespace stator::services::dynamodb::model
