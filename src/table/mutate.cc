#include "table/mutate.h"

#include <algorithm>
#include <deque>

#include "base/pause.h"
#include "engine/commit.h"
#include "errors/table.h"
#include "table/outcome.h"

namespace stator::table {
namespace {

using engine::Batch;
using engine::Committed;
using engine::Outcome;

int64_t Bytes64(item::ItemView item) { return item.valid() ? static_cast<int64_t>(item.size_bytes()) : 0; }

}  // namespace

// Reads the item, decides, and adds what follows to the batch. Nothing but, if asked for, the guard is added when
// nothing changes. `shards` is to be held until the commit is done. REQUIRES: the key's turn.
Status Mutator::Plan(const Change& change, bool guard_kept, Batch* batch, Changed* changed,
                     streams::OpenShardsRef* shards) const {
  const engine::Space space = change.table.space;
  STATOR_TRY(changed->existed, engine_.Get(space, change.key, &changed->before));
  STATOR_TRY(Decision decision, change.decide(changed->before_item()));
  switch (decision.kind) {
    case Decision::Kind::kKeep:
      changed->exists = changed->existed;
      break;
    case Decision::Kind::kPut:
      changed->exists = true;
      changed->after = std::move(decision.item);
      break;
    case Decision::Kind::kErase:
      changed->exists = false;
      break;
  }
  const bool untouched = decision.kind == Decision::Kind::kKeep || (!changed->existed && !changed->exists);
  changed->same = untouched || (changed->existed && changed->exists && changed->before.bytes == changed->after);
  if (!changed->same || guard_kept) batch->Guard(space, change.key, changed->before.seen);
  if (changed->same) return {};
  if (changed->exists) {
    batch->Put(space, change.key, changed->after);
  } else {
    batch->Erase(space, change.key);
  }
  *shards = streams_.ShardsOf(space);
  if (*shards) {
    streams::AppendChange(batch, (*shards)->LogOf(change.key), changed->before_item(), changed->after_item(),
                          change.by_service);
  }
  if (change.table.ttl.enabled) {
    changed->expiry =
        AppendExpiryDifference(change.table, change.key, changed->before_item(), changed->after_item(), batch);
  }
  if (change.table.indexes.empty()) return {};
  return AppendIndexDifference(engine_, change.table, changed->before_item(), changed->after_item(), batch,
                               &changed->indexes);
}

void Mutator::Count(const catalog::TableSchema& table, const Changed& changed) {
  if (changed.same) return;
  sizes_.Add(table.space, {int64_t{changed.exists} - int64_t{changed.existed},
                           Bytes64(changed.after_item()) - Bytes64(changed.before_item())});
  if (changed.expiry) expiry_progress_.Put(table.ttl.space, *changed.expiry);
  for (const IndexChange& index : changed.indexes) {
    sizes_.Add(index.index->space,
               {int64_t{index.after_bytes > 0} - int64_t{index.before_bytes > 0},
                static_cast<int64_t>(index.after_bytes) - static_cast<int64_t>(index.before_bytes)});
  }
}

Task<Result<Changed>> Mutator::Mutate(Change change, Lane& lane) {
  const KeyQueues::Name name = KeyQueues::NameOf(change.table.space, change.key);
  if (queues_.Shown(name) || conflicts_.Take(Conflicts::kWrite, change.table.space, change.key)) {
    co_return Fail(errors::kTransactionConflict);
  }
  const auto turn = co_await queues_.at(KeyQueues::IndexOf(name)).Lock(lane);
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    if (attempt > 0) co_await Pause(lane, BackOff(attempt));
    Changed changed;
    Batch batch;
    streams::OpenShardsRef shards;
    STATOR_CO_OK(Plan(change, false, &batch, &changed, &shards));
    if (batch.empty()) co_return changed;
    const Committed committed = co_await engine::Commit(engine_, std::move(batch), lane);
    if (committed.outcome == Outcome::kDone) {
      Count(change.table, changed);
      co_return changed;
    }
    if (committed.outcome != Outcome::kConflict) co_return ErrorOf(committed.outcome);
  }
  co_return ErrorOf(Outcome::kConflict);
}

Task<Result<std::vector<Changed>>> Mutator::MutateAll(const std::vector<Change>& changes, Lane& lane) {
  // Turns are taken in one order by everyone, so that no two wait for each other.
  std::vector<size_t> order;
  order.reserve(changes.size());
  for (const Change& change : changes)
    order.push_back(KeyQueues::IndexOf(KeyQueues::NameOf(change.table.space, change.key)));
  std::sort(order.begin(), order.end());
  order.erase(std::unique(order.begin(), order.end()), order.end());
  std::deque<TaskMutex::Held> turns;
  for (const size_t index : order) {
    auto turn = co_await queues_.at(index).Lock(lane);
    turns.push_back(std::move(turn));
  }
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    if (attempt > 0) co_await Pause(lane, BackOff(attempt));
    std::vector<Changed> done(changes.size());
    std::vector<streams::OpenShardsRef> shards(changes.size());
    Batch batch;
    for (size_t i = 0; i < changes.size(); ++i) STATOR_CO_OK(Plan(changes[i], false, &batch, &done[i], &shards[i]));
    if (batch.empty()) co_return done;
    const Committed committed = co_await engine::Commit(engine_, std::move(batch), lane);
    if (committed.outcome == Outcome::kDone) {
      for (size_t i = 0; i < changes.size(); ++i) Count(changes[i].table, done[i]);
      co_return done;
    }
    if (committed.outcome != Outcome::kConflict) co_return ErrorOf(committed.outcome);
  }
  co_return ErrorOf(Outcome::kConflict);
}

}  // namespace stator::table
