// Places in a shard's log, found by halving: positions and times grow together, and a log is read from any position.
#pragma once

#include "base/clock.h"
#include "engine/engine.h"
#include "errors/result.h"

namespace stator::streams {

// The smallest position >= `from` such that every record there or behind it is of `time` or later; behind the last
// record if all are older, and `from` if there is none.
Result<engine::Position> FirstSince(const engine::Engine& engine, engine::Space log, engine::Position from, Time time);

// The position of the last record >= `from`; from - 1 if there is none.
Result<engine::Position> LastRecord(const engine::Engine& engine, engine::Space log, engine::Position from);

}  // namespace stator::streams
