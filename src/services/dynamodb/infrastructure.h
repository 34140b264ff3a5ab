// What infrastructure tools, administrators' pages and waiters ask about features beside the tables: backups, exports,
// imports, Kinesis destinations, Contributor Insights, global tables. None of these features is there, so that each
// operation answers what is true without it: an empty list, what is not found, what is disabled; and to what would
// begin one, the error that AWS has for a feature that is not available. docs/operations.md says which is which.
#pragma once

#include "services/dynamodb/table_ops.h"

namespace stator::services::dynamodb {

void RegisterBackupOps(dispatch::Registry& registry, const TableAccess& tables);  // backup_ops.cc
void RegisterTransferOps(dispatch::Registry& registry,
                         const TableAccess& tables);  // transfer_ops.cc: exports, imports, bulk
void RegisterInsightOps(dispatch::Registry& registry,
                        const TableAccess& tables);  // insight_ops.cc: and Kinesis destinations
void RegisterGlobalOps(dispatch::Registry& registry,
                       const TableAccess& tables);  // global_ops.cc: and their auto scaling
// All of these.
void RegisterInfrastructureOps(dispatch::Registry& registry, const TableAccess& tables);

// --- How they read and answer: infrastructure.cc ---

// The table of TableName. `missing` is the row of one that is not there, which takes its name.
Result<catalog::TableRef> FindTable(const TableAccess& tables, json::Value body, ErrorId missing);

// Whether `arn` is of the form TABLE-ARN/KIND/ID, as those of backups ("backup"), exports and imports are.
// ValidationException in the name of the `member` it was given as.
Status CheckChildArn(Bytes arn, Bytes kind, Bytes member);

// A NextToken, which nobody can have been given: {"MEMBER": []} without one, ValidationException with one.
dispatch::Answer EmptyPage(json::Value body, Bytes member);

// Operations that do not wait.
using Reply = dispatch::Answer (*)(const TableAccess& tables, const dispatch::Call& call);
void AddReply(dispatch::Registry& registry, const TableAccess& tables, std::string_view name,
              const dispatch::Shape& input, Reply reply, dispatch::Support support = {});

constexpr dispatch::Support Partly(std::string_view remark) { return {dispatch::Support::Level::kPartly, remark}; }
constexpr dispatch::Support Unavailable(std::string_view remark) {
  return {dispatch::Support::Level::kUnavailable, remark};
}

}  // namespace stator::services::dynamodb
