// Backups on demand, and continuous ones.
#include "services/dynamodb/model.h"
#include "services/dynamodb/model_infrastructure.h"
#include "services/dynamodb/model_table.h"

namespace stator::services::dynamodb::model {
namespace {

constexpr Shape kBackupName = String("BackupName", 3, 255, kNamePattern);
constexpr Shape kBackupPage = Integer("BackupsInputLimit", 1, 100);
constexpr std::string_view kBackupTypes[] = {"USER", "SYSTEM", "AWS_BACKUP", "ALL"};
constexpr Shape kBackupType = Enum("BackupTypeFilter", kBackupTypes);
constexpr Shape kRecoveryPeriod = Integer("RecoveryPeriodInDays", 1, 35);
constexpr ShapeMember kRecoveryMembers[] = {{"PointInTimeRecoveryEnabled", &kFlag, true},
                                            {"RecoveryPeriodInDays", &kRecoveryPeriod}};
constexpr Shape kRecovery = Structure("PointInTimeRecoverySpecification", kRecoveryMembers);

constexpr ShapeMember kCreateMembers[] = {{"TableName", &kControlTableName}, {"BackupName", &kBackupName, true}};
constexpr ShapeMember kArnMembers[] = {{"BackupArn", &kLongArn, true}};
constexpr ShapeMember kListMembers[] = {{"TableName", &kTableArn},
                                        {"Limit", &kBackupPage},
                                        {"TimeRangeLowerBound", &kDate},
                                        {"TimeRangeUpperBound", &kDate},
                                        {"ExclusiveStartBackupArn", &kLongArn},
                                        {"BackupType", &kBackupType}};
constexpr ShapeMember kUpdateContinuousMembers[] = {{"TableName", &kControlTableName},
                                                    {"PointInTimeRecoverySpecification", &kRecovery, true}};
constexpr ShapeMember kDescribeContinuousMembers[] = {{"TableName", &kControlTableName}};
constexpr ShapeMember kRestoreMembers[] = {{"TargetTableName", &kTableName, true},
                                           {"BackupArn", &kLongArn, true},
                                           {"BillingModeOverride", &kBillingMode},
                                           {"GlobalSecondaryIndexOverride", &kGlobalIndexes},
                                           {"LocalSecondaryIndexOverride", &kLocalIndexes},
                                           {"ProvisionedThroughputOverride", &kProvisionedThroughput},
                                           {"OnDemandThroughputOverride", &kOnDemandThroughput},
                                           {"SSESpecificationOverride", &kSseSpecification},
                                           {"VectorIndexOverride", &kVectorIndexes}};
constexpr ShapeMember kRestoreToTimeMembers[] = {{"SourceTableArn", &kTableArn},
                                                 {"SourceTableName", &kTableName},
                                                 {"TargetTableName", &kTableName, true},
                                                 {"UseLatestRestorableTime", &kFlag},
                                                 {"RestoreDateTime", &kDate},
                                                 {"BillingModeOverride", &kBillingMode},
                                                 {"GlobalSecondaryIndexOverride", &kGlobalIndexes},
                                                 {"LocalSecondaryIndexOverride", &kLocalIndexes},
                                                 {"ProvisionedThroughputOverride", &kProvisionedThroughput},
                                                 {"OnDemandThroughputOverride", &kOnDemandThroughput},
                                                 {"SSESpecificationOverride", &kSseSpecification},
                                                 {"VectorIndexOverride", &kVectorIndexes}};

}  // namespace

constinit const Shape kCreateBackupInput = Structure("CreateBackupInput", kCreateMembers);
constinit const Shape kDescribeBackupInput = Structure("DescribeBackupInput", kArnMembers);
constinit const Shape kDeleteBackupInput = Structure("DeleteBackupInput", kArnMembers);
constinit const Shape kListBackupsInput = Structure("ListBackupsInput", kListMembers);
constinit const Shape kRestoreTableFromBackupInput = Structure("RestoreTableFromBackupInput", kRestoreMembers);
constinit const Shape kUpdateContinuousBackupsInput =
    Structure("UpdateContinuousBackupsInput", kUpdateContinuousMembers);
constinit const Shape kDescribeContinuousBackupsInput =
    Structure("DescribeContinuousBackupsInput", kDescribeContinuousMembers);
constinit const Shape kRestoreTableToPointInTimeInput =
    Structure("RestoreTableToPointInTimeInput", kRestoreToTimeMembers);

}  // namespace stator::services::dynamodb::model
