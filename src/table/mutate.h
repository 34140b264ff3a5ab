// The only way an item changes.
//
// Wait for the key's turn, read the item, ask `decide` what becomes of it, then guard, row, index difference and change
// record in one commit; on a lost race read again, bounded, with back-off. An unknown outcome is InternalServerError.
//
// Who comes for an item that a transaction holds is not kept waiting: a single change fails (kTransactionConflict), a
// transaction is cancelled with that as a reason. Transactions take the turns of their keys in one order, so none waits
// for another in a circle, and of those that meet at least the one with the last turn goes through.
#pragma once

#include <absl/functional/function_ref.h>

#include <span>
#include <string>
#include <vector>

#include "base/task.h"
#include "catalog/schema.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "item/value.h"
#include "streams/streams.h"
#include "table/cancelled.h"
#include "table/conflicts.h"
#include "table/expiry_progress.h"
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
  std::optional<Expiry> expiry;      // of the row it put into the expiry index, if it did

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

// Asked once everything is planned, before it is committed, and again after a lost race: may refuse with an error of
// the whole, or add to the commit.
using Seal = absl::FunctionRef<Status(const std::vector<Changed>& planned, engine::Batch* batch)>;

// One item to read. Borrowed until the task is done.
struct ItemKey {
  const catalog::TableSchema& table;
  Bytes key;  // TableKey
};

struct Found {
  bool exists = false;
  engine::Value value;  // the stored item, if exists
};

class Mutator {
 public:
  Mutator(engine::Engine& engine, const streams::Streams& streams, Sizes& sizes)
      : engine_(engine), streams_(streams), sizes_(sizes) {}

  // All of these run on `lane` and finish there.
  Task<Result<Changed>> Mutate(Change change, Lane& lane);
  // All of them in one commit; the keys must differ. The first error of a `decide` is the error of all. Waits for
  // transactions, too.
  Task<Result<std::vector<Changed>>> MutateAll(const std::vector<Change>& changes, Lane& lane);
  // A transaction: all of them in one commit, none if any `decide` fails, and what is kept as it is has not changed
  // meanwhile. The keys must differ. `dry`: decides, for the reasons, and writes nothing.
  Task<Result<std::vector<Changed>>> Transact(const std::vector<Change>& changes, bool dry, Seal seal, Lane& lane);
  // The items of one state. Fails (Cancelled) if a transaction that writes holds one of them.
  Task<Result<std::vector<Found>>> ReadTogether(const std::vector<ItemKey>& keys, Lane& lane);

  Conflicts& conflicts() { return conflicts_; }
  ExpiryProgress& expiry_progress() { return expiry_progress_; }

 private:
  class Turns;

  // `guard_kept`: what is left as it is takes part in the commit.
  Status Plan(const Change& change, bool guard_kept, engine::Batch* batch, Changed* changed,
              streams::OpenShardsRef* shards) const;
  void Count(const catalog::TableSchema& table, const Changed& changed);
  Status PlanAll(const std::vector<Change>& changes, engine::Batch* batch, std::vector<Changed>* planned,
                 std::vector<streams::OpenShardsRef>* shards) const;
  template <class Keyed>
  Status Unheld(const std::vector<Keyed>& all, Conflicts::Kind kind, std::span<const KeyQueues::Name> met);
  static Result<std::vector<Found>> ReadAll(const engine::View& view, const std::vector<ItemKey>& keys,
                                            engine::Batch* guards);

  engine::Engine& engine_;
  const streams::Streams& streams_;
  Sizes& sizes_;
  KeyQueues queues_;
  Conflicts conflicts_;
  ExpiryProgress expiry_progress_;
};

}  // namespace stator::table
