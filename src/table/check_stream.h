// Whether a stream tells what happened to its table.
#pragma once

#include "engine/engine.h"
#include "streams/streams.h"
#include "table/check.h"

namespace stator::table {

// Walks every change of the stream that is still kept, parents before children: each is well-formed and stands in the
// shard of its key; what it found is what the change of that item before it left; and if `table` is given (the stream
// is enabled), the row is what the last change of it left. Adds to `report`; fails only when the engine cannot be read.
// Nothing may be written meanwhile. Blocks.
Status CheckStream(const engine::Engine& engine, const streams::Stream& stream, const catalog::TableSchema* table,
                   CheckReport* report);

}  // namespace stator::table
