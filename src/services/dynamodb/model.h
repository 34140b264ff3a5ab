// The requests of the DynamoDB API as shapes (dispatch/shape.h): every member, every constraint and every enum of AWS's
// model, notes/dynamodb.md section 3. The tables stand in model_*.cc, one file per family.
#pragma once

#include <string_view>

#include "dispatch/shape.h"

namespace stator::services::dynamodb::model {

// Items: model_item.cc
extern const dispatch::Shape kPutItemInput;
extern const dispatch::Shape kGetItemInput;
extern const dispatch::Shape kUpdateItemInput;
extern const dispatch::Shape kDeleteItemInput;
// Ranges: model_query.cc
extern const dispatch::Shape kQueryInput;
extern const dispatch::Shape kScanInput;
// Batches: model_batch.cc
extern const dispatch::Shape kBatchGetItemInput;
extern const dispatch::Shape kBatchWriteItemInput;
// Transactions: model_transact.cc
extern const dispatch::Shape kTransactGetItemsInput;
extern const dispatch::Shape kTransactWriteItemsInput;
// Statements: model_statement.cc
extern const dispatch::Shape kExecuteStatementInput;
extern const dispatch::Shape kBatchExecuteStatementInput;
extern const dispatch::Shape kExecuteTransactionInput;
// Tables: model_table.cc, model_update_table.cc
extern const dispatch::Shape kCreateTableInput;
extern const dispatch::Shape kDescribeTableInput;
extern const dispatch::Shape kListTablesInput;
extern const dispatch::Shape kUpdateTableInput;
extern const dispatch::Shape kDeleteTableInput;
// Expiry: model_ttl.cc
extern const dispatch::Shape kUpdateTimeToLiveInput;
extern const dispatch::Shape kDescribeTimeToLiveInput;
// The streams API: model_streams.cc
extern const dispatch::Shape kListStreamsInput;
extern const dispatch::Shape kDescribeStreamInput;
extern const dispatch::Shape kGetShardIteratorInput;
extern const dispatch::Shape kGetRecordsInput;
// Tags and account: model_account.cc
extern const dispatch::Shape kTagResourceInput;
extern const dispatch::Shape kUntagResourceInput;
extern const dispatch::Shape kListTagsOfResourceInput;
extern const dispatch::Shape kDescribeLimitsInput;
extern const dispatch::Shape kDescribeEndpointsInput;
// Backups: model_backup.cc
extern const dispatch::Shape kCreateBackupInput;
extern const dispatch::Shape kDescribeBackupInput;
extern const dispatch::Shape kListBackupsInput;
extern const dispatch::Shape kDeleteBackupInput;
extern const dispatch::Shape kRestoreTableFromBackupInput;
extern const dispatch::Shape kUpdateContinuousBackupsInput;
extern const dispatch::Shape kDescribeContinuousBackupsInput;
extern const dispatch::Shape kRestoreTableToPointInTimeInput;
// To and from S3: model_transfer.cc
extern const dispatch::Shape kExportTableToPointInTimeInput;
extern const dispatch::Shape kDescribeExportInput;
extern const dispatch::Shape kListExportsInput;
extern const dispatch::Shape kImportTableInput;
extern const dispatch::Shape kDescribeImportInput;
extern const dispatch::Shape kListImportsInput;
extern const dispatch::Shape kStartBulkPutItemsInput;
extern const dispatch::Shape kDescribeBulkOperationInput;
extern const dispatch::Shape kListBulkOperationsInput;
extern const dispatch::Shape kCancelBulkOperationInput;
// Kinesis destinations and Contributor Insights: model_insight.cc
extern const dispatch::Shape kEnableKinesisStreamingDestinationInput;
extern const dispatch::Shape kUpdateKinesisStreamingDestinationInput;
extern const dispatch::Shape kDisableKinesisStreamingDestinationInput;
extern const dispatch::Shape kDescribeKinesisStreamingDestinationInput;
extern const dispatch::Shape kUpdateContributorInsightsInput;
extern const dispatch::Shape kDescribeContributorInsightsInput;
extern const dispatch::Shape kListContributorInsightsInput;
// Global tables and their auto scaling: model_global.cc
extern const dispatch::Shape kCreateGlobalTableInput;
extern const dispatch::Shape kUpdateGlobalTableInput;
extern const dispatch::Shape kDescribeGlobalTableInput;
extern const dispatch::Shape kListGlobalTablesInput;
extern const dispatch::Shape kUpdateGlobalTableSettingsInput;
extern const dispatch::Shape kDescribeGlobalTableSettingsInput;
extern const dispatch::Shape kUpdateTableReplicaAutoScalingInput;
extern const dispatch::Shape kDescribeTableReplicaAutoScalingInput;
// Policies: model_policy.cc
extern const dispatch::Shape kPutResourcePolicyInput;
extern const dispatch::Shape kGetResourcePolicyInput;
extern const dispatch::Shape kDeleteResourcePolicyInput;

// The shape of an operation's request by the operation's name; null for an operation that is not served.
const dispatch::Shape* InputShape(std::string_view operation);

}  // namespace stator::services::dynamodb::model
