// Removing what is due from one table, a small step at a time.
#pragma once

#include <string>

#include "base/lane.h"
#include "base/task.h"
#include "catalog/schema.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "table/mutate.h"

namespace stator::table {

struct SweepStep {
  uint64_t removed = 0;
  uint64_t kept = 0;  // another time by now
  bool more = false;
};

// Removes the next items whose rows lie from `from` on and before `to`, those that are still due at `now`, in one
// commit, and moves `from` behind them. Borrows until the task is done.
Task<Result<SweepStep>> SweepExpired(engine::Engine& engine, Mutator& mutator, const catalog::TableSchema& table,
                                     std::string& from, Bytes to, Time now, Lane& lane);

}  // namespace stator::table
