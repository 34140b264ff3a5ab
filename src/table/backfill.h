// Filling a new index from the items that are there.
#pragma once

#include <absl/functional/function_ref.h>

#include "catalog/schema.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "table/sizes.h"

namespace stator::table {

// Adds to `index` the entry of every item of the table. REQUIRES: every mutation now under way keeps the index itself,
// so that an item written meanwhile is right already. Items whose key attributes cannot be used are skipped (note,
// section 5). Blocks: call on a worker thread. Stops early when `wanted` says that the index is gone.
Status Backfill(engine::Engine& engine, const catalog::TableSchema& table, const catalog::IndexSchema& index,
                Sizes& sizes, absl::FunctionRef<bool()> wanted);

}  // namespace stator::table
