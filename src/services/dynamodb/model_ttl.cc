// UpdateTimeToLive, DescribeTimeToLive.
#include "services/dynamodb/model.h"
#include "services/dynamodb/model_common.h"

namespace stator::services::dynamodb::model {
namespace {

constexpr Shape kAttribute = String("TimeToLiveAttributeName", 1, 255);
constexpr Shape kEnabled = Boolean("TimeToLiveEnabled");
constexpr ShapeMember kSpecificationMembers[] = {{"Enabled", &kEnabled, true}, {"AttributeName", &kAttribute, true}};
constexpr Shape kSpecification = Structure("TimeToLiveSpecification", kSpecificationMembers);

constexpr ShapeMember kUpdateMembers[] = {{"TableName", &kControlTableName},
                                          {"TimeToLiveSpecification", &kSpecification, true}};
constexpr ShapeMember kDescribeMembers[] = {{"TableName", &kControlTableName}};

}  // namespace

constinit const Shape kUpdateTimeToLiveInput = Structure("UpdateTimeToLiveInput", kUpdateMembers);
constinit const Shape kDescribeTimeToLiveInput = Structure("DescribeTimeToLiveInput", kDescribeMembers);

}  // namespace stator::services::dynamodb::model
