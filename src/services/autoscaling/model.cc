#include "services/autoscaling/model.h"

#include <algorithm>

#include "dispatch/shape_make.h"

namespace stator::services::autoscaling::model {
namespace {

using dispatch::Shape;
using dispatch::ShapeMember;
using namespace dispatch::make;  // NOLINT(google-build-using-namespace): the words of a model

// Of what XML may hold, the characters a JSON text can carry but for control characters.
bool IsXmlText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\r' || c == '\n' || c == '\t';
  });
}

constexpr std::string_view kXmlPattern = "[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*";
constexpr Shape kName = Matching("ResourceIdMaxLen1600", 1, 1600, kXmlPattern, IsXmlText);
constexpr Shape kNames = List("ResourceIdsMaxLen1600", &kName, 0, 50);
constexpr Shape kToken = Matching("XmlString", -1, -1, kXmlPattern, IsXmlText);
constexpr Shape kShortName = String("PolicyName", 1, 256);
constexpr Shape kNumber = Integer("MaxResults");
constexpr Shape kFlag = Boolean("Boolean");
constexpr Shape kTime{.kind = Shape::Kind::kTimestamp, .model_name = "TimestampType"};
constexpr Shape kAny{.kind = Shape::Kind::kAny, .model_name = "Configuration"};
constexpr std::string_view kNamespaces[] = {"ecs",   "elasticmapreduce", "ec2",        "appstream",  "dynamodb",
                                            "rds",   "sagemaker",        "comprehend", "lambda",     "cassandra",
                                            "kafka", "elasticache",      "neptune",    "workspaces", "custom-resource"};
constexpr Shape kNamespace = Enum("ServiceNamespace", kNamespaces);
constexpr std::string_view kDimensions[] = {"ecs:service:DesiredCount",
                                            "ec2:spot-fleet-request:TargetCapacity",
                                            "elasticmapreduce:instancegroup:InstanceCount",
                                            "appstream:fleet:DesiredCapacity",
                                            "dynamodb:table:ReadCapacityUnits",
                                            "dynamodb:table:WriteCapacityUnits",
                                            "dynamodb:index:ReadCapacityUnits",
                                            "dynamodb:index:WriteCapacityUnits",
                                            "rds:cluster:ReadReplicaCount",
                                            "sagemaker:variant:DesiredInstanceCount",
                                            "custom-resource:ResourceType:Property",
                                            "comprehend:document-classifier-endpoint:DesiredInferenceUnits",
                                            "comprehend:entity-recognizer-endpoint:DesiredInferenceUnits",
                                            "lambda:function:ProvisionedConcurrency",
                                            "cassandra:table:ReadCapacityUnits",
                                            "cassandra:table:WriteCapacityUnits",
                                            "kafka:broker-storage:VolumeSize",
                                            "elasticache:cache-cluster:Nodes",
                                            "elasticache:replication-group:NodeGroups",
                                            "elasticache:replication-group:Replicas",
                                            "neptune:cluster:ReadReplicaCount",
                                            "sagemaker:variant:DesiredProvisionedConcurrency",
                                            "sagemaker:inference-component:DesiredCopyCount",
                                            "workspaces:workspacespool:DesiredUserSessions"};
constexpr Shape kDimension = Enum("ScalableDimension", kDimensions);
constexpr std::string_view kPolicyTypes[] = {"StepScaling", "TargetTrackingScaling", "PredictiveScaling"};
constexpr Shape kPolicyType = Enum("PolicyType", kPolicyTypes);

constexpr ShapeMember kTargetsMembers[] = {{"ServiceNamespace", &kNamespace, true},
                                           {"ResourceIds", &kNames},
                                           {"ScalableDimension", &kDimension},
                                           {"MaxResults", &kNumber},
                                           {"NextToken", &kToken}};
constexpr ShapeMember kPoliciesMembers[] = {{"PolicyNames", &kNames}, {"ServiceNamespace", &kNamespace, true},
                                            {"ResourceId", &kName},   {"ScalableDimension", &kDimension},
                                            {"MaxResults", &kNumber}, {"NextToken", &kToken}};
constexpr ShapeMember kScheduledMembers[] = {{"ScheduledActionNames", &kNames},
                                             {"ServiceNamespace", &kNamespace, true},
                                             {"ResourceId", &kName},
                                             {"ScalableDimension", &kDimension},
                                             {"MaxResults", &kNumber},
                                             {"NextToken", &kToken}};
constexpr ShapeMember kActivitiesMembers[] = {{"ServiceNamespace", &kNamespace, true},
                                              {"ResourceId", &kName},
                                              {"ScalableDimension", &kDimension},
                                              {"MaxResults", &kNumber},
                                              {"NextToken", &kToken},
                                              {"IncludeNotScaledActivities", &kFlag}};
constexpr ShapeMember kRegisterMembers[] = {{"ServiceNamespace", &kNamespace, true},
                                            {"ResourceId", &kName, true},
                                            {"ScalableDimension", &kDimension, true},
                                            {"MinCapacity", &kNumber},
                                            {"MaxCapacity", &kNumber},
                                            {"RoleARN", &kName},
                                            {"SuspendedState", &kAny},
                                            {"Tags", &kAny}};
constexpr ShapeMember kDeregisterMembers[] = {
    {"ServiceNamespace", &kNamespace, true}, {"ResourceId", &kName, true}, {"ScalableDimension", &kDimension, true}};
constexpr ShapeMember kPutPolicyMembers[] = {{"PolicyName", &kShortName, true},
                                             {"ServiceNamespace", &kNamespace, true},
                                             {"ResourceId", &kName, true},
                                             {"ScalableDimension", &kDimension, true},
                                             {"PolicyType", &kPolicyType},
                                             {"StepScalingPolicyConfiguration", &kAny},
                                             {"TargetTrackingScalingPolicyConfiguration", &kAny},
                                             {"PredictiveScalingPolicyConfiguration", &kAny}};
constexpr ShapeMember kDeletePolicyMembers[] = {{"PolicyName", &kName, true},
                                                {"ServiceNamespace", &kNamespace, true},
                                                {"ResourceId", &kName, true},
                                                {"ScalableDimension", &kDimension, true}};
constexpr ShapeMember kPutActionMembers[] = {{"ServiceNamespace", &kNamespace, true},
                                             {"Schedule", &kName},
                                             {"Timezone", &kName},
                                             {"ScheduledActionName", &kShortName, true},
                                             {"ResourceId", &kName, true},
                                             {"ScalableDimension", &kDimension, true},
                                             {"StartTime", &kTime},
                                             {"EndTime", &kTime},
                                             {"ScalableTargetAction", &kAny}};
constexpr ShapeMember kDeleteActionMembers[] = {{"ServiceNamespace", &kNamespace, true},
                                                {"ScheduledActionName", &kName, true},
                                                {"ResourceId", &kName, true},
                                                {"ScalableDimension", &kDimension, true}};

}  // namespace

constinit const Shape kDescribeScalableTargetsInput = Structure("DescribeScalableTargetsRequest", kTargetsMembers);
constinit const Shape kDescribeScalingPoliciesInput = Structure("DescribeScalingPoliciesRequest", kPoliciesMembers);
constinit const Shape kDescribeScheduledActionsInput = Structure("DescribeScheduledActionsRequest", kScheduledMembers);
constinit const Shape kDescribeScalingActivitiesInput =
    Structure("DescribeScalingActivitiesRequest", kActivitiesMembers);
constinit const Shape kRegisterScalableTargetInput = Structure("RegisterScalableTargetRequest", kRegisterMembers);
constinit const Shape kDeregisterScalableTargetInput = Structure("DeregisterScalableTargetRequest", kDeregisterMembers);
constinit const Shape kPutScalingPolicyInput = Structure("PutScalingPolicyRequest", kPutPolicyMembers);
constinit const Shape kDeleteScalingPolicyInput = Structure("DeleteScalingPolicyRequest", kDeletePolicyMembers);
constinit const Shape kPutScheduledActionInput = Structure("PutScheduledActionRequest", kPutActionMembers);
constinit const Shape kDeleteScheduledActionInput = Structure("DeleteScheduledActionRequest", kDeleteActionMembers);

}  // namespace stator::services::autoscaling::model
