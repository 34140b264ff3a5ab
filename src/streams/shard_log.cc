// Tests: shard_log_test.cc.
#include "streams/shard_log.h"

namespace stator::streams {
namespace {

using engine::Position;

// Finds where `passes` begins to fail, given that it holds for a first part of the records and for none after that.
// Sets `last` to the position of the last record it holds for, if there is one.
template <class Fn>
Status Halve(const engine::Engine& engine, engine::Space log, Position from, Position* last, Fn passes) {
  Position low = from;  // every record below passes
  Position high = engine.newest() + 1;
  while (low < high) {
    const Position middle = low + (high - low) / 2;
    bool found = false;
    Position position = 0;
    STATOR_OK(engine.ReadLog(log, middle, 1, 0, [&](const engine::LogRecord& record) {
      position = record.position;
      found = passes(record);
      return false;
    }));
    if (found) {
      *last = position;
      low = position + 1;
    } else {
      high = middle;
    }
  }
  return {};
}

}  // namespace

Result<Position> FirstSince(const engine::Engine& engine, engine::Space log, Position from, Time time) {
  Position last_older = from - 1;
  STATOR_OK(Halve(engine, log, from, &last_older, [time](const engine::LogRecord& r) { return r.time < time; }));
  return last_older + 1;
}

Result<Position> LastRecord(const engine::Engine& engine, engine::Space log, Position from) {
  Position last = from - 1;
  STATOR_OK(Halve(engine, log, from, &last, [](const engine::LogRecord&) { return true; }));
  return last;
}

}  // namespace stator::streams
