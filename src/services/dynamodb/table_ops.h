// CreateTable, DescribeTable, ListTables, UpdateTable, DeleteTable.
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

void RegisterTableOps(dispatch::Registry& registry, TableAccess tables);

}  // namespace stator::services::dynamodb
