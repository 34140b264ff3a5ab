// Global tables of 2017, and auto scaling of replicas.
#include <algorithm>

#include "services/dynamodb/model.h"
#include "services/dynamodb/model_infrastructure.h"
#include "services/dynamodb/model_table.h"

namespace stator::services::dynamodb::model {
namespace {

// `\p{Print}+`
bool IsPrintable(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}
// Characters of XML; those a JSON text can carry, but for the control characters.
bool IsXmlText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\r' || c == '\n' || c == '\t';
  });
}

// Auto scaling.
constexpr Shape kRoleArn =
    dispatch::make::Matching("AutoScalingRoleArn", 1, 1600,
                             "[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*", IsXmlText);
constexpr Shape kPolicyName = dispatch::make::Matching("AutoScalingPolicyName", 1, 256, "\\p{Print}+", IsPrintable);
constexpr Shape kSeconds = Integer("IntegerObject");
constexpr ShapeMember kTrackingMembers[] = {{"DisableScaleIn", &kFlag},
                                            {"ScaleInCooldown", &kSeconds},
                                            {"ScaleOutCooldown", &kSeconds},
                                            {"TargetValue", &kNumber, true}};
constexpr Shape kTracking = Structure("AutoScalingTargetTrackingScalingPolicyConfigurationUpdate", kTrackingMembers);
constexpr ShapeMember kPolicyMembers[] = {{"PolicyName", &kPolicyName},
                                          {"TargetTrackingScalingPolicyConfiguration", &kTracking, true}};
constexpr Shape kPolicy = Structure("AutoScalingPolicyUpdate", kPolicyMembers);
constexpr ShapeMember kScalingMembers[] = {{"MinimumUnits", &kPositiveLong},
                                           {"MaximumUnits", &kPositiveLong},
                                           {"AutoScalingDisabled", &kFlag},
                                           {"AutoScalingRoleArn", &kRoleArn},
                                           {"ScalingPolicyUpdate", &kPolicy}};
constexpr Shape kScaling = Structure("AutoScalingSettingsUpdate", kScalingMembers);

// Auto scaling of replicas.
constexpr ShapeMember kIndexScalingMembers[] = {{"IndexName", &kIndexName},
                                                {"ProvisionedWriteCapacityAutoScalingUpdate", &kScaling}};
constexpr Shape kIndexScaling = Structure("GlobalSecondaryIndexAutoScalingUpdate", kIndexScalingMembers);
constexpr Shape kIndexScalings = List("GlobalSecondaryIndexAutoScalingUpdateList", &kIndexScaling, 1);
constexpr ShapeMember kReplicaIndexScalingMembers[] = {{"IndexName", &kIndexName},
                                                       {"ProvisionedReadCapacityAutoScalingUpdate", &kScaling}};
constexpr Shape kReplicaIndexScaling =
    Structure("ReplicaGlobalSecondaryIndexAutoScalingUpdate", kReplicaIndexScalingMembers);
constexpr Shape kReplicaIndexScalings = List("ReplicaGlobalSecondaryIndexAutoScalingUpdateList", &kReplicaIndexScaling);
constexpr ShapeMember kReplicaScalingMembers[] = {{"RegionName", &kText, true},
                                                  {"ReplicaGlobalSecondaryIndexUpdates", &kReplicaIndexScalings},
                                                  {"ReplicaProvisionedReadCapacityAutoScalingUpdate", &kScaling}};
constexpr Shape kReplicaScaling = Structure("ReplicaAutoScalingUpdate", kReplicaScalingMembers);
constexpr Shape kReplicaScalings = List("ReplicaAutoScalingUpdateList", &kReplicaScaling, 1);
constexpr ShapeMember kUpdateScalingMembers[] = {{"GlobalSecondaryIndexUpdates", &kIndexScalings},
                                                 {"TableName", &kControlTableName},
                                                 {"ProvisionedWriteCapacityAutoScalingUpdate", &kScaling},
                                                 {"ReplicaUpdates", &kReplicaScalings}};
constexpr ShapeMember kDescribeScalingMembers[] = {{"TableName", &kControlTableName}};

// Global tables.
constexpr ShapeMember kReplicaMembers[] = {{"RegionName", &kText}};
constexpr Shape kReplica = Structure("Replica", kReplicaMembers);
constexpr Shape kReplicas = List("ReplicaList", &kReplica);
constexpr ShapeMember kNamedReplicaMembers[] = {{"RegionName", &kText, true}};
constexpr Shape kCreateReplica = Structure("CreateReplicaAction", kNamedReplicaMembers);
constexpr Shape kDeleteReplica = Structure("DeleteReplicaAction", kNamedReplicaMembers);
constexpr ShapeMember kReplicaUpdateMembers[] = {{"Create", &kCreateReplica}, {"Delete", &kDeleteReplica}};
constexpr Shape kReplicaUpdate = Structure("ReplicaUpdate", kReplicaUpdateMembers);
constexpr Shape kReplicaUpdates = List("ReplicaUpdateList", &kReplicaUpdate);
constexpr ShapeMember kCreateMembers[] = {{"GlobalTableName", &kTableName, true},
                                          {"ReplicationGroup", &kReplicas, true}};
constexpr ShapeMember kUpdateMembers[] = {{"GlobalTableName", &kTableName, true},
                                          {"ReplicaUpdates", &kReplicaUpdates, true}};
constexpr ShapeMember kNameMembers[] = {{"GlobalTableName", &kTableName, true}};
constexpr ShapeMember kListMembers[] = {
    {"ExclusiveStartGlobalTableName", &kTableName}, {"Limit", &kPositiveInteger}, {"RegionName", &kText}};

// Settings of global tables.
constexpr ShapeMember kIndexSettingsMembers[] = {{"IndexName", &kIndexName, true},
                                                 {"ProvisionedWriteCapacityUnits", &kPositiveLong},
                                                 {"ProvisionedWriteCapacityAutoScalingSettingsUpdate", &kScaling}};
constexpr Shape kIndexSettings = Structure("GlobalTableGlobalSecondaryIndexSettingsUpdate", kIndexSettingsMembers);
constexpr Shape kIndexSettingsList = List("GlobalTableGlobalSecondaryIndexSettingsUpdateList", &kIndexSettings, 1, 20);
constexpr ShapeMember kReplicaIndexSettingsMembers[] = {
    {"IndexName", &kIndexName, true},
    {"ProvisionedReadCapacityUnits", &kPositiveLong},
    {"ProvisionedReadCapacityAutoScalingSettingsUpdate", &kScaling}};
constexpr Shape kReplicaIndexSettings =
    Structure("ReplicaGlobalSecondaryIndexSettingsUpdate", kReplicaIndexSettingsMembers);
constexpr Shape kReplicaIndexSettingsList =
    List("ReplicaGlobalSecondaryIndexSettingsUpdateList", &kReplicaIndexSettings, 1, 20);
constexpr ShapeMember kReplicaSettingsMembers[] = {
    {"RegionName", &kText, true},
    {"ReplicaProvisionedReadCapacityUnits", &kPositiveLong},
    {"ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate", &kScaling},
    {"ReplicaGlobalSecondaryIndexSettingsUpdate", &kReplicaIndexSettingsList},
    {"ReplicaTableClass", &kTableClass}};
constexpr Shape kReplicaSettings = Structure("ReplicaSettingsUpdate", kReplicaSettingsMembers);
constexpr Shape kReplicaSettingsList = List("ReplicaSettingsUpdateList", &kReplicaSettings, 1, 50);
constexpr ShapeMember kUpdateSettingsMembers[] = {
    {"GlobalTableName", &kTableName, true},
    {"GlobalTableBillingMode", &kBillingMode},
    {"GlobalTableProvisionedWriteCapacityUnits", &kPositiveLong},
    {"GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate", &kScaling},
    {"GlobalTableGlobalSecondaryIndexSettingsUpdate", &kIndexSettingsList},
    {"ReplicaSettingsUpdate", &kReplicaSettingsList}};

}  // namespace

constinit const Shape kUpdateTableReplicaAutoScalingInput =
    Structure("UpdateTableReplicaAutoScalingInput", kUpdateScalingMembers);
constinit const Shape kDescribeTableReplicaAutoScalingInput =
    Structure("DescribeTableReplicaAutoScalingInput", kDescribeScalingMembers);
constinit const Shape kCreateGlobalTableInput = Structure("CreateGlobalTableInput", kCreateMembers);
constinit const Shape kUpdateGlobalTableInput = Structure("UpdateGlobalTableInput", kUpdateMembers);
constinit const Shape kDescribeGlobalTableInput = Structure("DescribeGlobalTableInput", kNameMembers);
constinit const Shape kListGlobalTablesInput = Structure("ListGlobalTablesInput", kListMembers);
constinit const Shape kUpdateGlobalTableSettingsInput =
    Structure("UpdateGlobalTableSettingsInput", kUpdateSettingsMembers);
constinit const Shape kDescribeGlobalTableSettingsInput = Structure("DescribeGlobalTableSettingsInput", kNameMembers);

}  // namespace stator::services::dynamodb::model
