// Tests: rocksdb_engine_test.cc through the contract; tests/crash/power_cut.cc for what is durable when.
#include "engine/rocksdb/committer.h"

#include <pthread.h>

#include <future>

#include "base/log.h"
#include "engine/rocksdb/cache_walk.h"

namespace stator::engine {
namespace {

constexpr size_t kGroupBytes = size_t{1} << 20;  // a group takes no more commits beyond it
constexpr Position kLeasePositions = Position{1} << 20;
constexpr Duration kLeaseTime = std::chrono::milliseconds(100);
constexpr size_t kSyncedLogStart = size_t{64} << 10;         // two blocks of RocksDB's log format
constexpr Duration kLater = std::chrono::milliseconds(100);  // SubmitLater waits so long for company
constexpr Duration kRoomInterval = std::chrono::milliseconds(200);
constexpr Duration kReviveInterval = std::chrono::seconds(1);

bool HasPut(const Batch& batch) {
  Batch::Entry entry;
  for (Batch::Reader reader(batch); reader.Next(&entry);) {
    if (entry.kind == Batch::Kind::kPut) return true;
  }
  return false;
}

bool OnlyGuards(const Batch& batch) {
  Batch::Entry entry;
  for (Batch::Reader reader(batch); reader.Next(&entry);) {
    if (entry.kind != Batch::Kind::kGuard) return false;
  }
  return true;
}

void Answer(Lane* lane, Callback<Committed> done, const Committed& committed) {
  if (!lane || lane == Lane::Current()) return done(committed);
  lane->Post([done = std::move(done), committed]() mutable { done(committed); });
}

}  // namespace

Committer::Committer(const RocksOptions& options, const Clock& clock, Database& database, RowCache& cache,
                     const SpaceSet& dropped, Watchers& watchers)
    : options_(options), clock_(clock), database_(database), cache_(cache), dropped_(dropped), watchers_(watchers) {}

void Committer::Start(const Lease& lease) {
  position_ = lease.position;
  time_ = Time{lease.micros};
  published_.store(position_);
  thread_ = std::thread([this] { Run(); });
  pthread_setname_np(thread_.native_handle(), "committer");
}

Committer::~Committer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (database_.db) SyncBehind();
}

void Committer::Submit(const Batch& batch, Lane* lane, Callback<Committed> done) {
  STATOR_CHECK(batch.bytes() <= Batch::kMaxBytes);
  std::unique_lock lock(mutex_);
  time_ = std::max(time_, clock_.Now());
  Committed committed{Admit(batch), published(), time_};
  if (committed.outcome == Outcome::kConflict) {
    conflicts_.fetch_add(1, std::memory_order_relaxed);
    // What it lost against may still be on its way to the disk: the answer waits for it, so that a second try sees it.
    if (!queue_.empty() || position_ != published()) {
      Complete(Forming(0), lane, std::move(done), committed);
      return WakeCommitter();
    }
  } else if (committed.outcome == Outcome::kDone) {
    commits_.fetch_add(1, std::memory_order_relaxed);
    if (!OnlyGuards(batch)) {
      Group& group = Forming(batch.bytes());
      Join(group, batch, &committed);
      Complete(group, lane, std::move(done), committed);
      return WakeCommitter();
    }
  }
  lock.unlock();
  Answer(lane, std::move(done), committed);
}

// Whether the commit may join the queue.
Outcome Committer::Admit(const Batch& batch) {
  Batch::Entry entry;
  for (Batch::Reader reader(batch); reader.Next(&entry);) {
    if (entry.kind == Batch::Kind::kGuard && writes_.At(entry.space, entry.key) > entry.seen) return Outcome::kConflict;
  }
  if (queued_bytes_ > 0 && queued_bytes_ + batch.bytes() > options_.queue_bytes) return Outcome::kUnavailable;
  if (IsFull() && HasPut(batch)) return Outcome::kFull;
  return Outcome::kDone;
}

bool Committer::IsFull() {
  const MonotonicTime now = MonotonicNow();
  if (now - room_checked_ < kRoomInterval) return full_;
  room_checked_ = now;
  uint64_t free = 0;
  const rocksdb::Status status = database_.db->GetEnv()->GetFreeSpace(database_.path, &free);
  full_ = status.ok() && free < options_.reserve_bytes;
  return full_;
}

Committer::Group& Committer::Forming(size_t bytes) {
  if (queue_.empty() || queue_.back()->bytes > kGroupBytes) {
    queue_.push_back(spare_ ? std::move(spare_) : std::make_unique<Group>());
  }
  queue_.back()->bytes += bytes;
  queued_bytes_ += bytes;
  return *queue_.back();
}

void Committer::Join(Group& group, const Batch& batch, Committed* committed) {
  Batch::Entry entry;
  Position appends = 0;
  for (Batch::Reader reader(batch); reader.Next(&entry);) appends += entry.kind == Batch::Kind::kAppend ? 1 : 0;
  Position next = position_;
  position_ += std::max<Position>(appends, 1);
  RenewLease(group, position_, committed->time);
  std::string time;
  for (Batch::Reader reader(batch); reader.Next(&entry);) {
    if (entry.kind == Batch::Kind::kGuard) continue;
    if (entry.kind == Batch::Kind::kAppend) ++next;
    if (dropped_.Contains(entry.space)) continue;
    const SpacePrefix prefix(entry.space);
    const rocksdb::Slice key[] = {ToSlice(prefix.bytes()), ToSlice(entry.key)};
    const rocksdb::Slice value = ToSlice(entry.value);
    if (entry.kind == Batch::Kind::kPut) {
      (void)group.writes.Put(database_.rows(), rocksdb::SliceParts(key, 2), rocksdb::SliceParts(&value, 1));
    } else if (entry.kind == Batch::Kind::kErase) {
      (void)group.writes.Delete(database_.rows(), rocksdb::SliceParts(key, 2));
    } else {
      if (time.empty()) PutFixed64(&time, static_cast<uint64_t>(committed->time.micros));
      const rocksdb::Slice stamped[] = {time, value};
      const std::string log_key = LogKey(entry.space, next);
      const rocksdb::Slice log_slice = log_key;
      (void)group.writes.Put(database_.log(), rocksdb::SliceParts(&log_slice, 1), rocksdb::SliceParts(stamped, 2));
      if (group.appended.empty() || group.appended.back() != entry.space) group.appended.push_back(entry.space);
      continue;
    }
    writes_.Set(entry.space, entry.key, position_);
  }
  group.last = position_;
  committed->last = position_;
}

void Committer::RenewLease(Group& group, Position position, Time time) {
  if (position <= lease_.position && time.micros <= lease_.micros) return;
  lease_ = Lease{position + kLeasePositions, (time + kLeaseTime).micros};
  (void)group.writes.Put(database_.rows(), LeaseKey(), lease_.Encode());
}

void Committer::ForgetLease() {
  const std::lock_guard lock(mutex_);
  lease_ = {};
}

void Committer::Complete(Group& group, Lane* lane, Callback<Committed> done, const Committed& committed) {
  for (LaneCompletions& completions : group.completions) {
    if (completions.lane == lane) {
      completions.list.push_back({std::move(done), committed});
      return;
    }
  }
  group.completions.push_back({lane, {}});
  group.completions.back().list.push_back({std::move(done), committed});
}

void Committer::WakeCommitter() {
  hurry_ = true;
  if (!waiting_) return;
  waiting_ = false;
  wake_.notify_one();
}

void Committer::SubmitOwn(absl::AnyInvocable<void(rocksdb::WriteBatch*)> write, Callback<Committed> done) {
  const std::lock_guard lock(mutex_);
  JoinOwn(std::move(write), std::move(done));
  WakeCommitter();
}

void Committer::SubmitLater(absl::AnyInvocable<void(rocksdb::WriteBatch*)> write, Callback<Committed> done) {
  const std::lock_guard lock(mutex_);
  const bool first = queue_.empty();
  JoinOwn(std::move(write), std::move(done));
  if (!first) return;
  due_ = MonotonicNow() + kLater;
  wake_.notify_one();  // to wait no longer than that
}

void Committer::JoinOwn(absl::AnyInvocable<void(rocksdb::WriteBatch*)> write, Callback<Committed> done) {
  Group& group = Forming(0);
  const size_t before = group.writes.GetDataSize();
  write(&group.writes);
  group.bytes += group.writes.GetDataSize() - before;
  queued_bytes_ += group.writes.GetDataSize() - before;
  time_ = std::max(time_, clock_.Now());
  group.last = ++position_;
  RenewLease(group, position_, time_);
  Complete(group, nullptr, std::move(done), Committed{Outcome::kDone, position_, time_});
}

Committed Committer::WriteOwn(absl::AnyInvocable<void(rocksdb::WriteBatch*)> write) {
  std::promise<Committed> promise;
  SubmitOwn(std::move(write), [&promise](Committed committed) { promise.set_value(committed); });
  return promise.get_future().get();
}

void Committer::Run() {
  if (const Status finished = database_.Finish(); !finished.ok()) {
    LogError("storage: the new folder takes no writes until the next start: " + finished.error().text);
    unfinished_ = true;
  }
  std::unique_lock lock(mutex_);
  while (true) {
    while (!IsDue() && !stopping_) Wait(lock);
    if (queue_.empty()) return;
    GroupPtr group = std::move(queue_.front());
    queue_.pop_front();
    hurry_ = hurry_ && !queue_.empty();
    lock.unlock();
    Write(*group);
    const size_t bytes = group->bytes;
    group->writes.Clear();
    group->appended.clear();
    group->completions.clear();
    group->bytes = 0;
    group->last = 0;
    if (bytes > 2 * kGroupBytes) group.reset();  // do not keep the memory of a giant
    lock.lock();
    queued_bytes_ -= bytes;
    if (group) spare_ = std::move(group);
  }
}

// Whether there is something to write now.
bool Committer::IsDue() { return !queue_.empty() && (hurry_ || MonotonicNow() >= due_); }

// Until something happens, or is to happen.
void Committer::Wait(std::unique_lock<std::mutex>& lock) {
  waiting_ = true;
  if (queue_.empty() && !unsynced_) {
    wake_.wait(lock);
  } else {
    const MonotonicTime until = queue_.empty() ? sync_due_ : unsynced_ ? std::min(due_, sync_due_) : due_;
    wake_.wait_until(lock, until);
    if (unsynced_ && MonotonicNow() >= sync_due_) {
      lock.unlock();
      SyncBehind();
      lock.lock();
    }
  }
  waiting_ = false;
}

void Committer::Write(Group& group) {
  Outcome outcome = Outcome::kDone;
  if (group.writes.Count() > 0) {
    CacheWalk(cache_, CacheWalk::Step::kClose).Over(group.writes);
    outcome = WriteRows(group);
    CacheWalk(cache_, outcome == Outcome::kDone ? CacheWalk::Step::kUpdate : CacheWalk::Step::kRemove)
        .Over(group.writes);
    CacheWalk(cache_, CacheWalk::Step::kOpen).Over(group.writes);
  }
  if (outcome == Outcome::kDone && group.last > 0) published_.store(group.last, std::memory_order_release);
  Deliver(group, outcome);
  if (outcome != Outcome::kDone) return;
  for (const Space log : group.appended) watchers_.Notify(log);
}

Outcome Committer::WriteRows(Group& group) {
  if (unfinished_ || (broken_ && !Revive())) return Outcome::kUnavailable;
  const bool strict = options_.durability == Durability::kStrict;
  rocksdb::WriteOptions options;
  options.sync = strict || log_bytes_ < kSyncedLogStart || (unsynced_ && MonotonicNow() >= sync_due_);
  const rocksdb::Status status = database_.db->Write(options, &group.writes);
  if (status.ok()) {
    if (options.sync) {
      syncs_.fetch_add(1, std::memory_order_relaxed);
    } else if (!unsynced_) {
      sync_due_ = MonotonicNow() + options_.sync_interval;
    }
    unsynced_ = !options.sync;
    if (strict) return Outcome::kDone;
    log_bytes_ += group.writes.GetDataSize();
    if (database_.log_switches->Take()) {  // by this very write: what it put into the new file is to be synced, too
      log_bytes_ = group.writes.GetDataSize();
      SyncBehind();
    }
    return Outcome::kDone;
  }
  LogError("storage: a commit failed: " + status.ToString());
  broken_ = true;
  ForgetLease();
  return Outcome::kUnknown;
}

// After a failed write RocksDB refuses all others until it is told that the device is well again.
bool Committer::Revive() {
  const MonotonicTime now = MonotonicNow();
  if (now - revived_ < kReviveInterval) return false;
  revived_ = now;
  const rocksdb::Status status = database_.db->Resume();
  if (!status.ok()) return false;
  LogInfo("storage: commits go on");
  broken_ = false;
  return true;
}

void Committer::Deliver(Group& group, Outcome outcome) {
  for (LaneCompletions& completions : group.completions) {
    auto run = [list = std::move(completions.list), outcome]() mutable {
      for (Completion& completion : list) {
        if (completion.committed.outcome == Outcome::kDone) completion.committed.outcome = outcome;
        completion.done(completion.committed);
      }
    };
    if (completions.lane) {
      completions.lane->Post(std::move(run));
    } else {
      run();
    }
  }
}

// kRelaxed, and no further commit came to carry the sync. A row that is there anyway carries it: unlike DB::SyncWAL, a
// write is refused in good order when the device has failed.
void Committer::SyncBehind() {
  if (!std::exchange(unsynced_, false) || broken_) return;
  rocksdb::WriteBatch batch;
  {
    const std::lock_guard lock(mutex_);
    if (lease_.position == 0) lease_ = Lease{position_ + kLeasePositions, (time_ + kLeaseTime).micros};
    (void)batch.Put(database_.rows(), LeaseKey(), lease_.Encode());
  }
  rocksdb::WriteOptions options;
  options.sync = true;
  const rocksdb::Status status = database_.db->Write(options, &batch);
  syncs_.fetch_add(1, std::memory_order_relaxed);
  if (status.ok()) return;
  LogError("storage: a sync failed: " + status.ToString());
  broken_ = true;
}

void Committer::Count(Engine::Statistics* statistics) const {
  statistics->commits = commits_.load(std::memory_order_relaxed);
  statistics->conflicts = conflicts_.load(std::memory_order_relaxed);
  statistics->syncs = syncs_.load(std::memory_order_relaxed);
  const std::lock_guard lock(mutex_);
  statistics->queued_bytes = queued_bytes_;
}

}  // namespace stator::engine
