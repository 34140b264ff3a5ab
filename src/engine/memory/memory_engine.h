// The engine that keeps everything in memory: `--in-memory`, and the model the other engines are tested against.
#pragma once

#include <memory>

#include "engine/engine.h"

namespace stator::engine {

// Commits complete before Commit returns when the caller runs on their lane. `clock` must outlive the engine; the
// engine must outlive its views and cursors (not the values read from it).
std::unique_ptr<Engine> NewMemoryEngine(const Clock& clock);

}  // namespace stator::engine
