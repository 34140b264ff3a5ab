// Records: typed, versioned rows in space 0, the one store of catalog, access and services.
//
// A record's key is its kind and its ordered parts; its value a version byte and a payload the owner of the kind lays
// out. The version is the payload's format: who reads a kind reads every version it ever wrote. docs/formats/engine.md
// shows the bytes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "base/bytes.h"
#include "engine/engine.h"
#include "errors/result.h"

namespace stator::records {

// On disk: never renumber, never reuse.
enum class Kind : uint8_t {
  kStore = 0,         // counters and settings of the whole store
  kTable = 1,         // a table's description
  kDroppedSpace = 2,  // a space whose table is gone and whose rows may still be there
  kSizes = 5,         // rows and bytes of a space, written at a clean stop
  kStream = 6,        // a stream of a table and its shards (`streams`)
  kLogGroup = 7,      // a log group (`logs`)
  kLogStream = 8,     // a log stream (`logs`)
  kFunction = 9,      // a function, its versions, aliases and settings (`functions`)
  kMapping = 10,      // an event source mapping (`triggers`)
  kCheckpoint = 11,   // how far a mapping has read a shard (`triggers`)
  kPool = 12,         // a user pool (`pools`)
  kPoolClient = 13,   // an app client of one
  kPoolKeys = 14,     // its signing keys and its secret
  kPoolUser = 15,     // a user
  kPoolName = 16,     // what one user of a pool is found by: sub, aliases
  kPoolEntry = 17,    // what several users may share: values of attributes, for filters
  kPoolSignIn = 18,   // a sign-in and the hash of its refresh token
  kPoolGroup = 19,    // a group
};

// Parts sort as they are compared: bytewise, a shorter part before its continuations, part by part.
class Key {
 public:
  explicit Key(Kind kind, std::initializer_list<Bytes> parts = {});
  // Appends one more part.
  Key& Add(Bytes part);
  // Eight bytes, big-endian: parts made so sort as numbers.
  Key& Add(uint64_t number);

  Bytes bytes() const { return bytes_; }
  Kind kind() const { return static_cast<Kind>(bytes_.front()); }

 private:
  std::string bytes_;
};

// One record as it was read. The views live until the next read with the same reader, or the end of the callback.
struct Record {
  uint8_t version = 0;
  Bytes payload;
};

void Put(engine::Batch* batch, const Key& key, uint8_t version, Bytes payload);
void Erase(engine::Batch* batch, const Key& key);

// Whether there is such a record. `row->seen` is set either way and serves Batch::Guard(kRecordSpace, key.bytes(), …);
// `record` points into `row`.
Result<bool> Get(const engine::View& view, const Key& key, engine::Value* row, Record* record);

// Every record whose key begins with `prefix` (its kind and the parts it has), in key order. `rest` holds the remaining
// parts: take them with NextPart. `each` returns an error to stop.
using Each = absl::AnyInvocable<Status(Bytes rest, const Record& record)>;
Status ForEach(const engine::View& view, const Key& prefix, Each each);

// Takes one part from the front of `rest`. False at the end, or when the bytes are not parts.
bool NextPart(Bytes* rest, std::string* part);
bool NextPart(Bytes* rest, uint64_t* number);

}  // namespace stator::records
