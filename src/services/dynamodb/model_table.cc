// CreateTable, DescribeTable, ListTables, DeleteTable.
#include "services/dynamodb/model_table.h"

#include "services/dynamodb/model.h"

namespace stator::services::dynamodb::model {
namespace {

constexpr ShapeMember kCreateMembers[] = {
    {"AttributeDefinitions", &kAttributeDefinitions},
    {"TableName", &kControlTableName},
    {"KeySchema", &kKeySchema},
    {"LocalSecondaryIndexes", &kLocalIndexes},
    {"GlobalSecondaryIndexes", &kGlobalIndexes},
    {"BillingMode", &kBillingMode},
    {"ProvisionedThroughput", &kProvisionedThroughput},
    {"StreamSpecification", &kStreamSpecification},
    {"SSESpecification", &kSseSpecification},
    {"Tags", &kTagList},
    {"TableClass", &kTableClass},
    {"DeletionProtectionEnabled", &kFlag},
    {"WarmThroughput", &kWarmThroughput},
    {"ResourcePolicy", &kText},
    {"OnDemandThroughput", &kOnDemandThroughput},
    {"GlobalTableSourceArn", &kTableArn},
    {"GlobalTableSettingsReplicationMode", &kSettingsReplicationMode},
    {"VectorIndexes", &kVectorIndexes},
};
constexpr ShapeMember kNameOnly[] = {{"TableName", &kControlTableName}};

constexpr Shape kListLimit = Integer("ListTablesInputLimit", 1, 100);
constexpr ShapeMember kListMembers[] = {{"ExclusiveStartTableName", &kTableName}, {"Limit", &kListLimit}};

}  // namespace

constinit const Shape kCreateTableInput = Structure("CreateTableInput", kCreateMembers);
constinit const Shape kDescribeTableInput = Structure("DescribeTableInput", kNameOnly);
constinit const Shape kDeleteTableInput = Structure("DeleteTableInput", kNameOnly);
constinit const Shape kListTablesInput = Structure("ListTablesInput", kListMembers);

}  // namespace stator::services::dynamodb::model
