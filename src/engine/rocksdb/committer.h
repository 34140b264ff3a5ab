// Group commit: submitters form a group under a short lock while the one committer thread writes and syncs the group
// before it.
//
// Guards are checked and positions given when a commit joins its group, so groups are written in the order of
// positions. What a group writes can be read only after it is durable (RocksDB syncs its log before it fills the
// memtable), and `published` moves only then.
#pragma once

#include <rocksdb/write_batch.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/rocksdb/database.h"
#include "engine/rocksdb/row_cache.h"
#include "engine/space_set.h"
#include "engine/watchers.h"
#include "engine/writes.h"

namespace stator::engine {

class Committer {
 public:
  Committer(const RocksOptions& options, const Clock& clock, Database& database, RowCache& cache,
            const SpaceSet& dropped, Watchers& watchers);
  ~Committer();  // writes what has been accepted, then stops

  // REQUIRES: before any other call. Goes on where the last lease ended.
  void Start(const Lease& lease);

  void Submit(const Batch& batch, Lane* lane, Callback<Committed> done);
  // The engine's own writes, in order with the commits around them: `write` runs at once, while no commit can join.
  // `done` runs on the committer thread.
  void SubmitOwn(absl::AnyInvocable<void(rocksdb::WriteBatch*)> write, Callback<Committed> done);
  // As SubmitOwn, and in no hurry: the write goes with the next commit, or by itself after a while.
  void SubmitLater(absl::AnyInvocable<void(rocksdb::WriteBatch*)> write, Callback<Committed> done);
  // As SubmitOwn; waits until it is written. Not on the committer thread.
  Committed WriteOwn(absl::AnyInvocable<void(rocksdb::WriteBatch*)> write);
  // The lease row is about to be erased with everything else: write another behind it.
  void ForgetLease();

  // Every commit up to here can be read.
  Position published() const { return published_.load(std::memory_order_acquire); }
  void Count(Engine::Statistics* statistics) const;

 private:
  struct Completion {
    Callback<Committed> done;
    Committed committed;
  };
  struct LaneCompletions {
    Lane* lane;
    std::vector<Completion> list;
  };
  struct Group {
    rocksdb::WriteBatch writes;
    Position last = 0;
    size_t bytes = 0;
    std::vector<LaneCompletions> completions;
    std::vector<Space> appended;
  };
  using GroupPtr = std::unique_ptr<Group>;

  // All with mutex_ held.
  Outcome Admit(const Batch& batch);
  Group& Forming(size_t bytes);
  void Join(Group& group, const Batch& batch, Committed* committed);
  void RenewLease(Group& group, Position position, Time time);
  void Complete(Group& group, Lane* lane, Callback<Committed> done, const Committed& committed);
  void JoinOwn(absl::AnyInvocable<void(rocksdb::WriteBatch*)> write, Callback<Committed> done);
  void WakeCommitter();
  bool IsDue();
  void Wait(std::unique_lock<std::mutex>& lock);
  bool IsFull();

  void Run();
  void Write(Group& group);
  void SyncBehind();
  Outcome WriteRows(Group& group);
  bool Revive();
  void Deliver(Group& group, Outcome outcome);

  const RocksOptions& options_;
  const Clock& clock_;
  Database& database_;
  RowCache& cache_;
  const SpaceSet& dropped_;
  Watchers& watchers_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool waiting_ = false;  // all of these: guarded by mutex_
  bool stopping_ = false;
  bool hurry_ = false;  // somebody waits for what is in the queue
  MonotonicTime due_;   // when the queue is written at the latest, if nobody does
  std::deque<GroupPtr> queue_;
  GroupPtr spare_;
  size_t queued_bytes_ = 0;
  Position position_ = 0;
  Time time_;
  Lease lease_;
  LastWrites writes_;
  MonotonicTime room_checked_;
  bool full_ = false;

  bool unfinished_ = false;  // the committer thread's own: the new folder could not be made durable
  bool broken_ = false;
  MonotonicTime revived_;
  bool unsynced_ = false;  // kRelaxed: something was written since the last sync
  MonotonicTime sync_due_;
  size_t log_bytes_ = 0;  // kRelaxed: written to this log file, as far as it matters

  std::atomic<Position> published_{0};
  std::atomic<uint64_t> commits_{0};
  std::atomic<uint64_t> conflicts_{0};
  std::atomic<uint64_t> syncs_{0};
  std::thread thread_;
};

}  // namespace stator::engine
