// How the shards of a stream come and go: pure functions, which streams.cc makes durable.
#pragma once

#include <vector>

#include "catalog/catalog.h"
#include "streams/streams.h"

namespace stator::streams {

using NewSpace = catalog::Companion::NewSpace;

// A moment: the clock's time, and the first position that commits may have from now on.
struct Moment {
  Time now;
  engine::Position next;
};

// A stream that begins: `count` shards of equal hash ranges.
Stream BeginStream(const catalog::TableSchema& table, int count, Moment moment, NewSpace new_space);
// No change goes to it any more.
void DisableStream(Stream* stream, Time now);
// Every open shard created at or before `created` is closing, and has a child of its range.
void RollOver(Stream* stream, Time created, Moment moment, NewSpace new_space);
// Whether RollOver would do anything.
bool IsRollDue(const Stream& stream, Time created);
// Forgets the shards that ended at or before `ended`; gives their logs.
std::vector<engine::Space> ForgetShards(Stream* stream, Time ended);

// The logs of the shards in that state.
std::vector<engine::Space> LogsIn(const Stream& stream, Shard::State state);
// Null if it has no open shard.
OpenShardsRef OpenShardsOf(const Stream& stream);
// The stream as readers see it: without the shards whose parent is not closed, or not shown itself.
Stream Shown(const Stream& stream);

}  // namespace stator::streams
