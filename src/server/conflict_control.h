// POST /_stator/test/conflicts: chosen items and tokens are in conflict, so often (table/conflicts.h).
// docs/transactions.md says what it takes.
#pragma once

#include "catalog/catalog.h"
#include "dispatch/dispatcher.h"
#include "table/tables.h"

namespace stator::server {

// Only with --test-controls. Borrows everything.
void AddConflictControl(dispatch::Dispatcher& dispatcher, const catalog::Catalog& catalog, table::Tables& tables);

}  // namespace stator::server
