// Committing from a thread that may block: at start, on workers, on threads of a store's own, in tests. A task on a
// lane awaits its commit instead (engine/commit.h).
#pragma once

#include "engine/engine.h"

namespace stator::engine {

// Commits the batch and blocks the calling thread until the engine has answered. Nothing is tried again: the outcome is
// the caller's to judge. REQUIRES: not on a lane.
[[nodiscard]] Committed CommitAndWait(Engine& engine, Batch batch);

}  // namespace stator::engine
