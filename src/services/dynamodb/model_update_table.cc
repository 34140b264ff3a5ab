// UpdateTable, the request with the most members.
#include "services/dynamodb/model.h"
#include "services/dynamodb/model_table.h"

namespace stator::services::dynamodb::model {
namespace {

// Global indexes.
constexpr ShapeMember kUpdateIndexMembers[] = {{"IndexName", &kIndexName, true},
                                               {"ProvisionedThroughput", &kProvisionedThroughput},
                                               {"OnDemandThroughput", &kOnDemandThroughput},
                                               {"WarmThroughput", &kWarmThroughput}};
constexpr Shape kUpdateIndex = Structure("UpdateGlobalSecondaryIndexAction", kUpdateIndexMembers);
constexpr Shape kCreateIndex = Structure("CreateGlobalSecondaryIndexAction", kGlobalIndexMembers);
constexpr ShapeMember kDeleteIndexMembers[] = {{"IndexName", &kIndexName, true}};
constexpr Shape kDeleteIndex = Structure("DeleteGlobalSecondaryIndexAction", kDeleteIndexMembers);
constexpr ShapeMember kIndexUpdateMembers[] = {
    {"Update", &kUpdateIndex}, {"Create", &kCreateIndex}, {"Delete", &kDeleteIndex}};
constexpr Shape kIndexUpdate = Structure("GlobalSecondaryIndexUpdate", kIndexUpdateMembers);
constexpr Shape kIndexUpdates = List("GlobalSecondaryIndexUpdateList", &kIndexUpdate);

// Replicas.
constexpr ShapeMember kProvisionedOverrideMembers[] = {{"ReadCapacityUnits", &kPositiveLong}};
constexpr Shape kProvisionedOverride = Structure("ProvisionedThroughputOverride", kProvisionedOverrideMembers);
constexpr ShapeMember kOnDemandOverrideMembers[] = {{"MaxReadRequestUnits", &kLongObject}};
constexpr Shape kOnDemandOverride = Structure("OnDemandThroughputOverride", kOnDemandOverrideMembers);
constexpr ShapeMember kReplicaIndexMembers[] = {{"IndexName", &kIndexName, true},
                                                {"ProvisionedThroughputOverride", &kProvisionedOverride},
                                                {"OnDemandThroughputOverride", &kOnDemandOverride}};
constexpr Shape kReplicaIndex = Structure("ReplicaGlobalSecondaryIndex", kReplicaIndexMembers);
constexpr Shape kReplicaIndexes = List("ReplicaGlobalSecondaryIndexList", &kReplicaIndex, 1);
constexpr ShapeMember kReplicaMembers[] = {{"RegionName", &kText, true},
                                           {"KMSMasterKeyId", &kText},
                                           {"ProvisionedThroughputOverride", &kProvisionedOverride},
                                           {"OnDemandThroughputOverride", &kOnDemandOverride},
                                           {"GlobalSecondaryIndexes", &kReplicaIndexes},
                                           {"TableClassOverride", &kTableClass}};
constexpr Shape kCreateReplica = Structure("CreateReplicationGroupMemberAction", kReplicaMembers);
constexpr Shape kUpdateReplica = Structure("UpdateReplicationGroupMemberAction", kReplicaMembers);
constexpr ShapeMember kRegionMembers[] = {{"RegionName", &kText, true}};
constexpr Shape kDeleteReplica = Structure("DeleteReplicationGroupMemberAction", kRegionMembers);
constexpr std::string_view kDisassociationModes[] = {"WAIT_FOR_REPLICATION"};
constexpr Shape kDisassociationMode = Enum("DisassociationMode", kDisassociationModes);
constexpr ShapeMember kDisassociateMembers[] = {{"RegionName", &kText, true},
                                                {"DisassociationMode", &kDisassociationMode, true}};
constexpr Shape kDisassociateReplica = Structure("DisassociateReplicationGroupMemberAction", kDisassociateMembers);
constexpr ShapeMember kReplicaUpdateMembers[] = {{"Create", &kCreateReplica},
                                                 {"Update", &kUpdateReplica},
                                                 {"Delete", &kDeleteReplica},
                                                 {"Disassociate", &kDisassociateReplica}};
constexpr Shape kReplicaUpdate = Structure("ReplicationGroupUpdate", kReplicaUpdateMembers);
constexpr Shape kReplicaUpdates = List("ReplicationGroupUpdateList", &kReplicaUpdate, 1);

constexpr Shape kCreateWitness = Structure("CreateGlobalTableWitnessGroupMemberAction", kRegionMembers);
constexpr Shape kDeleteWitness = Structure("DeleteGlobalTableWitnessGroupMemberAction", kRegionMembers);
constexpr ShapeMember kWitnessUpdateMembers[] = {{"Create", &kCreateWitness}, {"Delete", &kDeleteWitness}};
constexpr Shape kWitnessUpdate = Structure("GlobalTableWitnessGroupUpdate", kWitnessUpdateMembers);
constexpr Shape kWitnessUpdates = List("GlobalTableWitnessGroupUpdateList", &kWitnessUpdate, 1, 1);
constexpr std::string_view kConsistencyValues[] = {"EVENTUAL", "STRONG"};
constexpr Shape kMultiRegionConsistency = Enum("MultiRegionConsistency", kConsistencyValues);

// Vector indexes.
constexpr Shape kCreateVectorIndex = Structure("CreateVectorIndexAction", kVectorIndexMembers);
constexpr Shape kDeleteVectorIndex = Structure("DeleteVectorIndexAction", kDeleteIndexMembers);
constexpr ShapeMember kVectorUpdateMembers[] = {{"Create", &kCreateVectorIndex}, {"Delete", &kDeleteVectorIndex}};
constexpr Shape kVectorUpdate = Structure("VectorIndexUpdate", kVectorUpdateMembers);
constexpr Shape kVectorUpdates = List("VectorIndexUpdateList", &kVectorUpdate);

constexpr ShapeMember kUpdateMembers[] = {
    {"AttributeDefinitions", &kAttributeDefinitions},
    {"TableName", &kControlTableName},
    {"BillingMode", &kBillingMode},
    {"ProvisionedThroughput", &kProvisionedThroughput},
    {"GlobalSecondaryIndexUpdates", &kIndexUpdates},
    {"StreamSpecification", &kStreamSpecification},
    {"SSESpecification", &kSseSpecification},
    {"ReplicaUpdates", &kReplicaUpdates},
    {"TableClass", &kTableClass},
    {"DeletionProtectionEnabled", &kFlag},
    {"MultiRegionConsistency", &kMultiRegionConsistency},
    {"GlobalTableWitnessUpdates", &kWitnessUpdates},
    {"OnDemandThroughput", &kOnDemandThroughput},
    {"WarmThroughput", &kWarmThroughput},
    {"GlobalTableSettingsReplicationMode", &kSettingsReplicationMode},
    {"DisassociationProtectionEnabled", &kFlag},
    {"VectorIndexUpdates", &kVectorUpdates},
};

}  // namespace

constinit const Shape kUpdateTableInput = Structure("UpdateTableInput", kUpdateMembers);

}  // namespace stator::services::dynamodb::model
