// One change of one item as a log keeps it: what happened, the item before and the item after, whole.
// docs/formats/streams.md describes every byte.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "engine/engine.h"
#include "item/value.h"
#include "streams/stream.h"

namespace stator::streams {

// On disk: never renumber.
enum class Event : uint8_t { kInsert = 1, kModify = 2, kRemove = 3 };
Bytes NameOf(Event);  // "INSERT"

// Borrows from what it was decoded from.
struct Change {
  engine::Position position = 0;  // the order of changes of a shard, and of the whole store
  Time time;                      // of the commit
  Event event = Event::kInsert;
  bool by_service = false;  // expiry removed the item (userIdentity)
  item::ItemView before;    // invalid: there was none
  item::ItemView after;     // invalid: there is none

  // One that there is: its key attributes are the item's.
  item::ItemView image() const { return after.valid() ? after : before; }
};

// Adds the record of a change to a batch, beside the row named last. REQUIRES: before or after is valid.
void AppendChange(engine::Batch* batch, engine::Space log, item::ItemView before, item::ItemView after,
                  bool by_service);
// False: the bytes are no record. Looks at the frame, not into the items.
bool DecodeChange(const engine::LogRecord& record, Change* change);
// As DecodeChange, every byte: for `stator check`.
bool ValidChange(Bytes record);

// "100000000000000000042": 21 digits, so that numbers, and texts of one length, sort as positions do.
std::string SequenceNumber(engine::Position position);
std::optional<engine::Position> ParseSequenceNumber(Bytes text);

// A hash of the item's key (partition and sort key): equal for all changes of one item.
uint64_t ItemHash(const catalog::KeySchema& key, const Change& change);

}  // namespace stator::streams
