// How tables and indexes pass from state to state: pure functions, which catalog.cc makes durable.
#pragma once

#include <optional>
#include <vector>

#include "catalog/schema.h"
#include "errors/result.h"

namespace stator::catalog {

// Of its rows, its indexes and its expiry index.
std::vector<engine::Space> SpacesOf(const TableSchema& schema);
// The spaces of `before` that `after` (may be null) no longer has.
std::vector<engine::Space> SpacesThatLeave(const TableSchema& before, const TableSchema* after);

// ResourceInUseException unless the table is ACTIVE.
Status CheckIdle(const TableSchema& schema);

// Gives the indexes that `before` has not their first state, and the table, if it asks for kUpdating, the state it has
// from now on: that one and its leaving indexes kDeleting if states `last`, else kActive.
void BeginUpdate(const TableSchema& before, bool last, TableSchema* after);

// Where a table on its way arrives; nothing if it goes.
std::optional<TableSchema> Arrived(const TableSchema& schema);

// Says of an index, or of the expiry index, that it is filled. An index of a table that is UPDATING does not become
// ACTIVE by that: the table is first (notes/dynamodb.md, section 4, "Tables").
void MarkFilled(engine::Space index, TableSchema* schema);
// Makes the filled indexes of an ACTIVE table ACTIVE; whether there were any.
bool ActivateFilled(TableSchema* schema);

}  // namespace stator::catalog
