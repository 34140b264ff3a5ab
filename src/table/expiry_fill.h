// Filling an expiry index with the items that were there before it, a small step at a time.
#pragma once

#include <string>

#include "base/lane.h"
#include "base/task.h"
#include "catalog/schema.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "table/expiry_progress.h"

namespace stator::table {

// Adds the rows of the next items of the table from `from` on, in one commit, and moves `from` behind them. True: there
// are more. Each item is guarded: a write that comes between wins, and has its row by itself. REQUIRES: every mutation
// under way keeps the index. Borrows until the task is done.
Task<Result<bool>> FillExpiryStep(engine::Engine& engine, const catalog::TableSchema& table, ExpiryProgress& progress,
                                  std::string& from, Lane& lane);

}  // namespace stator::table
