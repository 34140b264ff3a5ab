// The control plane: operations on tables, their tags and the account.
#pragma once

#include "catalog/catalog.h"
#include "dispatch/operation.h"
#include "services/dynamodb/table_description.h"

namespace stator::services::dynamodb {

// What the operations on tables, tags and the account work on. Borrows the catalog, which outlives the registry.
struct TableAccess {
  catalog::Catalog& catalog;
  SizeOf size_of;
};

// CreateTable, DescribeTable, ListTables, UpdateTable, DeleteTable: table_ops.cc
void RegisterTableOps(dispatch::Registry& registry, TableAccess tables);
// TagResource, UntagResource, ListTagsOfResource: tag_ops.cc
void RegisterTagOps(dispatch::Registry& registry, TableAccess tables);
// UpdateTimeToLive, DescribeTimeToLive: ttl_ops.cc
void RegisterTimeToLiveOps(dispatch::Registry& registry, TableAccess tables);
// DescribeLimits, DescribeEndpoints: account_ops.cc
void RegisterAccountOps(dispatch::Registry& registry);

// TableName of a control operation, a name or an ARN.
Result<Bytes> ReadTableName(json::Value body);

// How the families above register themselves.
inline void AddControlOperation(dispatch::Registry& registry, std::string_view name, const dispatch::Shape& input,
                                bool writes, std::function<Task<dispatch::Answer>(const dispatch::Call&)> run) {
  registry.Add(
      {.target_prefix = "DynamoDB_20120810", .name = name, .input = &input, .writes = writes, .run = std::move(run)});
}

}  // namespace stator::services::dynamodb
