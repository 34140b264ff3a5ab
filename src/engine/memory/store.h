// The rows of the memory engine: versions of rows in ordered sets, one lock over all.
//
// A commit takes the lock exclusively for the microseconds it needs; a read shares it. A reader of an earlier state (a
// snapshot, a cursor that has not yet come to its end) is registered, and while one is, superseded versions stay.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <vector>

#include "engine/memory/space.h"
#include "engine/space_set.h"
#include "engine/writes.h"

namespace stator::engine {

class MemoryStore {
 public:
  using SpacePtr = std::shared_ptr<MemorySpace>;

  // Who reads the state at `at` for longer than one call.
  class Reader {
   public:
    Reader(MemoryStore* store, Position at) : store_(store), at_(at) {}
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    ~Reader() { store_->Leave(at_); }
    Position at() const { return at_; }

   private:
    MemoryStore* store_;
    Position at_;
  };

  MemoryStore() = default;
  ~MemoryStore();

  // A conflict or done.
  Committed Apply(const Batch& batch, Time now, std::vector<Space>* appended);

  // Finds the row as it was at `at`, or as it is if `at` is null; a found row is referenced for the caller.
  Row* Find(Space space, Bytes key, const Position* at, Version* seen) const;
  std::unique_ptr<Reader> Enter();

  // A walk over a range, in pieces of at most `limit` rows, which are referenced for the caller.
  struct Walk {
    SpacePtr space;
    Position at = 0;
    std::string from, to;  // once the walk outlives its first piece, as is the reader
    Order order = Order::kForward;
    bool ended = true;
    std::unique_ptr<Reader> reader;
  };
  template <class Out>
  Walk Begin(Space space, const Position* at, Bytes from, Bytes to, Order order, size_t limit, Out* rows);
  // `after`: the last row of the piece before.
  template <class Out>
  void Continue(Walk* walk, const Row& after, size_t limit, Out* rows);

  void Log(Space log, Position from, size_t limit, size_t max_bytes, std::vector<LogEntry>* entries) const;
  // Both give what is to be freed outside of the lock.
  std::vector<LogEntry> Trim(Space log, Position before);
  SpacePtr Drop(Space space);
  std::vector<SpacePtr> Clear();

  Position newest() const;

  // Frees superseded versions that no reader needs any more, some of them; true if there may be more.
  bool Prune();
  bool HasGarbage() const { return has_garbage_.load(std::memory_order_relaxed); }
  uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  struct Superseded {
    SpacePtr space;
    Row* by;  // referenced
  };

  std::unique_ptr<Reader> EnterLocked(Position at);
  // One piece; true if the range is at its end.
  template <class Out>
  static bool Take(const Walk& walk, Bytes from, Bytes to, const Row* after, size_t limit, Out* rows);
  void Leave(Position at);
  bool HasReaders() const { return readers_.load(std::memory_order_acquire) != 0; }
  MemorySpace* FindSpace(Space space) const;
  const SpacePtr& MakeSpace(Space space);
  void Write(const SpacePtr& space, Row* fresh);
  void Replace(const SpacePtr& space, MemorySpace::Rows::iterator place, Row* fresh);
  void PruneOne(const Superseded& superseded, Position horizon);

  mutable std::shared_mutex mutex_;
  Position last_ = 0;  // all of these: guarded by mutex_
  Time last_time_;
  absl::flat_hash_map<uint32_t, SpacePtr> spaces_;
  SpaceSet dropped_;
  LastWrites writes_;
  std::deque<Superseded> garbage_;

  std::mutex readers_mutex_;  // taken inside mutex_
  std::multiset<Position> readers_at_;
  std::atomic<size_t> readers_{0};
  std::atomic<bool> has_garbage_{false};
  std::atomic<uint64_t> bytes_{0};
};

template <class Out>
MemoryStore::Walk MemoryStore::Begin(Space space, const Position* at, Bytes from, Bytes to, Order order, size_t limit,
                                     Out* rows) {
  Walk walk;
  if (!to.empty() && to <= from) return walk;
  const std::shared_lock lock(mutex_);
  walk.at = at ? *at : last_;
  walk.order = order;
  const auto found = spaces_.find(static_cast<uint32_t>(space));
  if (found == spaces_.end()) return walk;
  walk.space = found->second;
  walk.ended = Take(walk, from, to, nullptr, limit, rows);
  if (walk.ended) return walk;
  // Under the same lock: no commit may come between and take away what this walk is to see.
  walk.reader = EnterLocked(walk.at);
  walk.from = from;
  walk.to = to;
  return walk;
}

template <class Out>
void MemoryStore::Continue(Walk* walk, const Row& after, size_t limit, Out* rows) {
  const std::shared_lock lock(mutex_);
  walk->ended = Take(*walk, walk->from, walk->to, &after, limit, rows);
}

template <class Out>
bool MemoryStore::Take(const Walk& walk, Bytes from, Bytes to, const Row* after, size_t limit, Out* rows) {
  const MemorySpace::Rows& set = walk.space->rows;
  const auto take = [&](const Place& place) {
    if (Row* row = VisibleAt(place.row, walk.at)) rows->push_back(row->Ref());
    return rows->size() == limit;
  };
  if (walk.order == Order::kForward) {
    auto at = after ? set.upper_bound(Sought(after->key())) : set.lower_bound(Sought(from));
    for (; at != set.end(); ++at) {
      if (!to.empty() && at->row->key() >= to) return true;
      if (take(*at)) return false;
    }
    return true;
  }
  auto at = after ? set.lower_bound(Sought(after->key())) : to.empty() ? set.end() : set.lower_bound(Sought(to));
  while (at != set.begin()) {
    --at;
    if (at->row->key() < from) return true;
    if (take(*at)) return false;
  }
  return true;
}

}  // namespace stator::engine
