// Transactions on items: the turns of all keys, in one order, then one commit. Tests: transact_test.cc,
// tests/histories.
#include <algorithm>
#include <iterator>

#include "base/pause.h"
#include "engine/commit.h"
#include "table/mutate.h"
#include "table/outcome.h"

namespace stator::table {
namespace {

using engine::Batch;
using engine::Committed;
using engine::Outcome;
using Name = KeyQueues::Name;

bool InOrder(Name a, Name b) {
  const size_t left = KeyQueues::IndexOf(a);
  const size_t right = KeyQueues::IndexOf(b);
  return left != right ? left < right : a < b;
}

}  // namespace

// The turns of a transaction's keys: taken one after another in the order of their queues, shown while they are held.
class Mutator::Turns {
 public:
  Turns(KeyQueues& queues, const std::vector<Change>& changes) : queues_(queues) {
    names_.reserve(changes.size());
    for (const Change& change : changes) names_.push_back(KeyQueues::NameOf(change.table.space, change.key));
    std::sort(names_.begin(), names_.end(), InOrder);
    turns_.reserve(names_.size());
    FindNext();
  }
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;
  ~Turns() { Release(); }

  bool complete() const { return next_.empty(); }
  // The names of the queue that is next, and that queue. REQUIRES: not complete.
  std::span<const Name> next() const { return next_; }
  size_t next_index() const { return KeyQueues::IndexOf(next_.front()); }
  void Take(TaskMutex::Held turn) {
    turns_.push_back(std::move(turn));
    queues_.Show(next_index(), next_);
    FindNext();
  }
  void Release() {
    const size_t shown = complete() ? names_.size() : static_cast<size_t>(next_.data() - names_.data());
    for (size_t i = 0; i < shown && !turns_.empty(); ++i) queues_.Show(KeyQueues::IndexOf(names_[i]), {});
    turns_.clear();
  }

 private:
  void FindNext() {
    const size_t begin = next_.empty() ? 0 : static_cast<size_t>(next_.data() - names_.data()) + next_.size();
    size_t end = begin;
    while (end < names_.size() && KeyQueues::IndexOf(names_[end]) == KeyQueues::IndexOf(names_[begin])) ++end;
    next_ = std::span<const Name>(names_).subspan(begin, end - begin);
  }

  KeyQueues& queues_;
  std::vector<Name> names_;
  std::span<const Name> next_;
  std::vector<TaskMutex::Held> turns_;
};

// Fails if somebody holds one of the items. `met`: names that were held a moment ago.
template <class Keyed>
Status Mutator::Unheld(const std::vector<Keyed>& all, Conflicts::Kind kind, std::span<const Name> met) {
  Reasons reasons;
  for (size_t i = 0; i < all.size(); ++i) {
    const engine::Space space = all[i].table.space;
    const Name name = KeyQueues::NameOf(space, all[i].key);
    const bool held = queues_.Shown(name) || std::find(met.begin(), met.end(), name) != met.end();
    if (!held && !conflicts_.Take(kind, space, all[i].key)) continue;
    reasons.resize(all.size());
    reasons[i] = Fail(errors::kTransactionConflict);
  }
  if (reasons.empty()) return {};
  return Cancel(std::move(reasons));
}

// Every change is decided even when one has failed: each has its own reason.
Status Mutator::PlanAll(const std::vector<Change>& changes, Batch* batch, std::vector<Changed>* planned,
                        std::vector<streams::OpenShardsRef>* shards) const {
  Reasons reasons;
  for (size_t i = 0; i < changes.size(); ++i) {
    Status status = Plan(changes[i], true, batch, &(*planned)[i], &(*shards)[i]);
    if (batch->bytes() > Batch::kMaxBytes) return Fail(errors::kTransactionTooLarge);
    if (status.ok()) continue;
    if (status.error().type() == ErrorType::InternalServerError) return status;
    reasons.resize(changes.size());
    reasons[i] = status.error();
  }
  if (reasons.empty()) return {};
  return Cancel(std::move(reasons));
}

Task<Result<std::vector<Changed>>> Mutator::Transact(const std::vector<Change>& changes, bool dry, Seal seal,
                                                     Lane& lane) {
  STATOR_CO_OK(Unheld(changes, Conflicts::kTransaction, {}));
  Turns turns(queues_, changes);
  while (!turns.complete()) {
    std::vector<Name> met;
    const auto shown = [this](Name name) { return queues_.Shown(name); };
    std::copy_if(turns.next().begin(), turns.next().end(), std::back_inserter(met), shown);
    if (!met.empty()) {
      turns.Release();
      co_return Unheld(changes, Conflicts::kTransaction, met).error();
    }
    auto turn = co_await queues_.at(turns.next_index()).Lock(lane);
    turns.Take(std::move(turn));
  }
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    if (attempt > 0) co_await Pause(lane, BackOff(attempt));
    std::vector<Changed> planned(changes.size());
    std::vector<streams::OpenShardsRef> shards(changes.size());
    Batch batch;
    STATOR_CO_OK(PlanAll(changes, &batch, &planned, &shards));
    if (dry) co_return planned;
    STATOR_CO_OK(seal(planned, &batch));
    if (batch.bytes() > Batch::kMaxBytes) co_return Fail(errors::kTransactionTooLarge);
    const Committed committed = co_await engine::Commit(engine_, std::move(batch), lane);
    if (committed.outcome == Outcome::kDone) {
      for (size_t i = 0; i < changes.size(); ++i) Count(changes[i].table, planned[i]);
      co_return planned;
    }
    if (committed.outcome != Outcome::kConflict) co_return ErrorOf(committed.outcome);
  }
  co_return ErrorOf(Outcome::kConflict);
}

Result<std::vector<Found>> Mutator::ReadAll(const engine::View& view, const std::vector<ItemKey>& keys, Batch* guards) {
  std::vector<Found> found(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    const engine::Space space = keys[i].table.space;
    STATOR_TRY(found[i].exists, view.Get(space, keys[i].key, &found[i].value));
    if (guards) guards->Guard(space, keys[i].key, found[i].value.seen);
  }
  return found;
}

// Reads, and a commit of guards alone, which no device waits for; when somebody came between, a snapshot, which cannot
// fail twice.
Task<Result<std::vector<Found>>> Mutator::ReadTogether(const std::vector<ItemKey>& keys, Lane& lane) {
  STATOR_CO_OK(Unheld(keys, Conflicts::kRead, {}));
  Batch guards;
  STATOR_CO_TRY(std::vector<Found> found, ReadAll(engine_, keys, &guards));
  if (keys.size() == 1) co_return found;
  const Committed committed = co_await engine::Commit(engine_, std::move(guards), lane);
  if (committed.outcome == Outcome::kDone) co_return found;
  found.clear();
  STATOR_CO_TRY(const std::unique_ptr<engine::View> view, engine_.Snapshot());
  co_return ReadAll(*view, keys, nullptr);
}

}  // namespace stator::table
