#include "services/dynamodb/model.h"

namespace stator::services::dynamodb::model {
namespace {

struct Entry {
  std::string_view operation;
  const dispatch::Shape* input;
};

constexpr Entry kInputs[] = {
    {"BatchExecuteStatement", &kBatchExecuteStatementInput},
    {"BatchGetItem", &kBatchGetItemInput},
    {"BatchWriteItem", &kBatchWriteItemInput},
    {"CancelBulkOperation", &kCancelBulkOperationInput},
    {"CreateBackup", &kCreateBackupInput},
    {"CreateGlobalTable", &kCreateGlobalTableInput},
    {"CreateTable", &kCreateTableInput},
    {"DeleteBackup", &kDeleteBackupInput},
    {"DeleteItem", &kDeleteItemInput},
    {"DeleteResourcePolicy", &kDeleteResourcePolicyInput},
    {"DeleteTable", &kDeleteTableInput},
    {"DescribeBackup", &kDescribeBackupInput},
    {"DescribeBulkOperation", &kDescribeBulkOperationInput},
    {"DescribeContinuousBackups", &kDescribeContinuousBackupsInput},
    {"DescribeContributorInsights", &kDescribeContributorInsightsInput},
    {"DescribeEndpoints", &kDescribeEndpointsInput},
    {"DescribeExport", &kDescribeExportInput},
    {"DescribeGlobalTable", &kDescribeGlobalTableInput},
    {"DescribeGlobalTableSettings", &kDescribeGlobalTableSettingsInput},
    {"DescribeImport", &kDescribeImportInput},
    {"DescribeKinesisStreamingDestination", &kDescribeKinesisStreamingDestinationInput},
    {"DescribeLimits", &kDescribeLimitsInput},
    {"DescribeStream", &kDescribeStreamInput},
    {"DescribeTable", &kDescribeTableInput},
    {"DescribeTableReplicaAutoScaling", &kDescribeTableReplicaAutoScalingInput},
    {"DescribeTimeToLive", &kDescribeTimeToLiveInput},
    {"DisableKinesisStreamingDestination", &kDisableKinesisStreamingDestinationInput},
    {"EnableKinesisStreamingDestination", &kEnableKinesisStreamingDestinationInput},
    {"ExecuteStatement", &kExecuteStatementInput},
    {"ExecuteTransaction", &kExecuteTransactionInput},
    {"ExportTableToPointInTime", &kExportTableToPointInTimeInput},
    {"GetItem", &kGetItemInput},
    {"GetRecords", &kGetRecordsInput},
    {"GetResourcePolicy", &kGetResourcePolicyInput},
    {"GetShardIterator", &kGetShardIteratorInput},
    {"ImportTable", &kImportTableInput},
    {"ListBackups", &kListBackupsInput},
    {"ListBulkOperations", &kListBulkOperationsInput},
    {"ListContributorInsights", &kListContributorInsightsInput},
    {"ListExports", &kListExportsInput},
    {"ListGlobalTables", &kListGlobalTablesInput},
    {"ListImports", &kListImportsInput},
    {"ListStreams", &kListStreamsInput},
    {"ListTables", &kListTablesInput},
    {"ListTagsOfResource", &kListTagsOfResourceInput},
    {"PutItem", &kPutItemInput},
    {"PutResourcePolicy", &kPutResourcePolicyInput},
    {"Query", &kQueryInput},
    {"RestoreTableFromBackup", &kRestoreTableFromBackupInput},
    {"RestoreTableToPointInTime", &kRestoreTableToPointInTimeInput},
    {"Scan", &kScanInput},
    {"StartBulkPutItems", &kStartBulkPutItemsInput},
    {"TagResource", &kTagResourceInput},
    {"TransactGetItems", &kTransactGetItemsInput},
    {"TransactWriteItems", &kTransactWriteItemsInput},
    {"UntagResource", &kUntagResourceInput},
    {"UpdateContinuousBackups", &kUpdateContinuousBackupsInput},
    {"UpdateContributorInsights", &kUpdateContributorInsightsInput},
    {"UpdateGlobalTable", &kUpdateGlobalTableInput},
    {"UpdateGlobalTableSettings", &kUpdateGlobalTableSettingsInput},
    {"UpdateItem", &kUpdateItemInput},
    {"UpdateKinesisStreamingDestination", &kUpdateKinesisStreamingDestinationInput},
    {"UpdateTable", &kUpdateTableInput},
    {"UpdateTableReplicaAutoScaling", &kUpdateTableReplicaAutoScalingInput},
    {"UpdateTimeToLive", &kUpdateTimeToLiveInput},
};

}  // namespace

const dispatch::Shape* InputShape(std::string_view operation) {
  for (const Entry& entry : kInputs) {
    if (entry.operation == operation) return entry.input;
  }
  return nullptr;
}

}  // namespace stator::services::dynamodb::model
