// The only way an item changes.
//
// Wait for the key's turn, read the item, ask `decide` what becomes of it, then guard, row, index difference and change
// record in one commit; on a lost race read again, bounded, with back-off. An unknown outcome is InternalServerError.
#pragma once

#include <absl/functional/function_ref.h>

#include <string>
#include <vector>

#include "base/task.h"
#include "catalog/schema.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "item/value.h"
#include "streams/streams.h"
#include "table/index_diff.h"
#include "table/key_queues.h"
#include "table/sizes.h"

namespace stator::table {

// What becomes of an item.
struct Decision {
  enum class Kind : uint8_t { kKeep, kPut, kErase };
  Kind kind = Kind::kKeep;
  std::string item;  // kPut: the whole item, stored form, with the key it was decided for

  static Decision Keep() { return {}; }
  static Decision Put(std::string stored) { return {Kind::kPut, std::move(stored)}; }
  static Decision Erase() { return {Kind::kErase, {}}; }
};

// A pure function of the item as it is (invalid: none); may be called again after a lost race.
using Decide = absl::FunctionRef<Result<Decision>(item::ItemView before)>;

// One mutation that was done.
struct Changed {
  bool existed = false;
  engine::Value before;  // the stored item, if existed
  bool exists = false;
  std::string after;                 // the stored item, if exists and it differs from before
  bool same = false;                 // nothing was written: after is as before
  std::vector<IndexChange> indexes;  // those the change touched

  item::ItemView before_item() const { return existed ? item::ItemView(before.bytes) : item::ItemView(); }
  item::ItemView after_item() const {
    if (!exists) return {};
    return same ? before_item() : item::ItemView(after);
  }
};

// One item to change. Borrowed until the task is done: the table, the key and `decide`.
struct Change {
  const catalog::TableSchema& table;
  Bytes key;  // TableKey
  Decide decide;
  bool by_service = false;  // not a client's: expiry
};

class Mutator {
 public:
  Mutator(engine::Engine& engine, const streams::Streams& streams, Sizes& sizes)
      : engine_(engine), streams_(streams), sizes_(sizes) {}

  // Both run on `lane` and finish there.
  Task<Result<Changed>> Mutate(Change change, Lane& lane);
  // All of them in one commit; the keys must differ. The first error of a `decide` is the error of all.
  Task<Result<std::vector<Changed>>> MutateAll(const std::vector<Change>& changes, Lane& lane);

 private:
  Status Plan(const Change& change, engine::Batch* batch, Changed* changed, streams::OpenShardsRef* shards) const;
  void Count(const catalog::TableSchema& table, const Changed& changed);

  engine::Engine& engine_;
  const streams::Streams& streams_;
  Sizes& sizes_;
  KeyQueues queues_;
};

}  // namespace stator::table
