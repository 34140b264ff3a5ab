// TagResource, UntagResource, ListTagsOfResource, DescribeLimits, DescribeEndpoints.
#include "services/dynamodb/model.h"
#include "services/dynamodb/model_common.h"
#include "services/dynamodb/model_table.h"

namespace stator::services::dynamodb::model {
namespace {

// A missing ARN, a missing list and an empty one have texts of their own: tag_ops.cc.
constexpr Shape kResourceArn = String("ResourceArnString", -1, 1283);
constexpr Shape kTagKey = String("TagKeyString", 1, 128);
constexpr Shape kTagKeys = List("TagKeyList", &kTagKey);

constexpr ShapeMember kTagMembers[] = {{"ResourceArn", &kResourceArn}, {"Tags", &kTagList}};
constexpr ShapeMember kUntagMembers[] = {{"ResourceArn", &kResourceArn}, {"TagKeys", &kTagKeys}};
constexpr ShapeMember kListTagsMembers[] = {{"ResourceArn", &kResourceArn}, {"NextToken", &kText}};

}  // namespace

constinit const Shape kTagResourceInput = Structure("TagResourceInput", kTagMembers);
constinit const Shape kUntagResourceInput = Structure("UntagResourceInput", kUntagMembers);
constinit const Shape kListTagsOfResourceInput = Structure("ListTagsOfResourceInput", kListTagsMembers);
constinit const Shape kDescribeLimitsInput = Structure("DescribeLimitsInput", {});
constinit const Shape kDescribeEndpointsInput = Structure("DescribeEndpointsRequest", {});

}  // namespace stator::services::dynamodb::model
