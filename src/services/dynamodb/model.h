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

// The shape of an operation's request by the operation's name; null for an operation that is not served.
const dispatch::Shape* InputShape(std::string_view operation);

}  // namespace stator::services::dynamodb::model
