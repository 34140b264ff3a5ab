// What a stream is: the changes of one table from the moment it was enabled, in shards. A Stream never changes; a
// change makes a new one (streams/streams.h), and whoever holds one keeps it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "catalog/schema.h"
#include "engine/engine.h"
#include "errors/result.h"

namespace stator::streams {

// On disk: never renumber.
enum class ViewType : uint8_t { kKeysOnly = 0, kNewImage = 1, kOldImage = 2, kNewAndOldImages = 3 };
Bytes NameOf(ViewType);  // "NEW_AND_OLD_IMAGES"
ViewType ViewTypeOf(Bytes name);

enum class StreamStatus : uint8_t { kEnabling, kEnabled, kDisabling, kDisabled };
Bytes NameOf(StreamStatus);  // "ENABLED"

// Holds the changes of the items whose key hash (the first eight bytes of a table's key) lies in [first_hash,
// last_hash], each item's in order, in a log of the engine.
//
// A shard ends by age or when its stream is disabled; where the stream goes on, a child of the same range follows. A
// shard appears in a Stream only when its parent is closed, so the rule of all readers - the parent to its end, then
// the children from their beginning - keeps the order of every item.
struct Shard {
  std::string id;  // "shardId-00000001795000000123-0a1b2c3d"; ids of one stream sort by age, parents before children
  std::string parent;  // its id; empty: none. A parent may be gone by age.
  engine::Space log{};
  uint64_t first_hash = 0;
  uint64_t last_hash = ~uint64_t{0};
  engine::Position first = 0;  // no record stands before it: where reading from the beginning starts
  // kClosing: nothing new is planned for it, but commits may be under way. To readers the same as kOpen. On disk: never
  // renumber.
  enum class State : uint8_t { kOpen = 0, kClosing = 1, kClosed = 2 } state = State::kOpen;
  engine::Position last = 0;  // kClosed: of its last record, or first - 1 if it has none
  Time created;
  Time ended;  // unless kOpen: when it began to close

  bool closed() const { return state == State::kClosed; }
  // Whether a reader that would go on at `next` has read everything there will ever be.
  bool EndsBefore(engine::Position next) const { return closed() && next > last; }
};

struct Stream {
  catalog::NamespaceId name_space{};
  std::string arn;  // arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/stream/LABEL
  std::string label;
  std::string table;  // its name; the table may be gone, or be another one by now
  std::string table_id;
  engine::Space table_space{};
  catalog::KeySchema key;
  ViewType view = ViewType::kKeysOnly;
  bool enabled = true;  // new changes are added
  Time created;
  Time disabled;              // unless enabled
  std::vector<Shard> shards;  // by id

  // Null if it has none of that id.
  const Shard* FindShard(Bytes id) const;
};

using StreamRef = std::shared_ptr<const Stream>;

// The ARN of a table's stream, and its parts. False: not of that form.
std::string StreamArn(Bytes table_arn, Bytes label);
struct StreamArnParts {
  Bytes region;
  Bytes account;
  Bytes table;
  Bytes label;
};
bool SplitStreamArn(Bytes arn, StreamArnParts* parts);

}  // namespace stator::streams
