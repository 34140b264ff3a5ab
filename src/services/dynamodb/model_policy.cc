// PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy.
#include "services/dynamodb/model.h"
#include "services/dynamodb/model_common.h"

namespace stator::services::dynamodb::model {
namespace {

constexpr Shape kResourceArn = String("ResourceArnString", 1, 1283);
constexpr Shape kRevisionId = String("PolicyRevisionId", 1, 255);
constexpr ShapeMember kPutMembers[] = {{"ResourceArn", &kResourceArn, true},
                                       {"Policy", &kText, true},
                                       {"ExpectedRevisionId", &kRevisionId},
                                       {"ConfirmRemoveSelfResourceAccess", &kFlag}};
constexpr ShapeMember kGetMembers[] = {{"ResourceArn", &kResourceArn, true}};
constexpr ShapeMember kDeleteMembers[] = {{"ResourceArn", &kResourceArn, true}, {"ExpectedRevisionId", &kRevisionId}};

}  // namespace

constinit const Shape kPutResourcePolicyInput = Structure("PutResourcePolicyInput", kPutMembers);
constinit const Shape kGetResourcePolicyInput = Structure("GetResourcePolicyInput", kGetMembers);
constinit const Shape kDeleteResourcePolicyInput = Structure("DeleteResourcePolicyInput", kDeleteMembers);

}  // namespace stator::services::dynamodb::model
