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
    {"CreateTable", &kCreateTableInput},
    {"DeleteItem", &kDeleteItemInput},
    {"DeleteTable", &kDeleteTableInput},
    {"DescribeEndpoints", &kDescribeEndpointsInput},
    {"DescribeLimits", &kDescribeLimitsInput},
    {"DescribeStream", &kDescribeStreamInput},
    {"DescribeTable", &kDescribeTableInput},
    {"DescribeTimeToLive", &kDescribeTimeToLiveInput},
    {"ExecuteStatement", &kExecuteStatementInput},
    {"ExecuteTransaction", &kExecuteTransactionInput},
    {"GetItem", &kGetItemInput},
    {"GetRecords", &kGetRecordsInput},
    {"GetShardIterator", &kGetShardIteratorInput},
    {"ListStreams", &kListStreamsInput},
    {"ListTables", &kListTablesInput},
    {"ListTagsOfResource", &kListTagsOfResourceInput},
    {"PutItem", &kPutItemInput},
    {"Query", &kQueryInput},
    {"Scan", &kScanInput},
    {"TagResource", &kTagResourceInput},
    {"TransactGetItems", &kTransactGetItemsInput},
    {"TransactWriteItems", &kTransactWriteItemsInput},
    {"UntagResource", &kUntagResourceInput},
    {"UpdateItem", &kUpdateItemInput},
    {"UpdateTable", &kUpdateTableInput},
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
