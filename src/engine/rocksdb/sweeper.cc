#include "engine/rocksdb/sweeper.h"

#include <rocksdb/convenience.h>

#include "base/log.h"

namespace stator::engine {
namespace {

constexpr size_t kSlice = 1000;            // rows erased in one commit
constexpr size_t kManyRows = 20 * kSlice;  // more than that: look for whole files first

}  // namespace

void Sweeper::Post(Callback<> work) {
  const std::lock_guard lock(pool_mutex_);
  if (stopping_) return;
  if (!pool_) pool_ = std::make_unique<WorkerPool>(1);
  pool_->Post(std::move(work));
}

void Sweeper::Stop() {
  stopping_ = true;
  std::unique_ptr<WorkerPool> pool;
  {
    const std::lock_guard lock(pool_mutex_);
    pool = std::move(pool_);
  }
}

void Sweeper::Sweep(Space space, uint64_t generation) {
  Post([this, space, generation] { Remove(space, generation); });
}

void Sweeper::Remove(Space space, uint64_t generation) {
  size_t removed = 0;
  bool files = false;
  while (!stopping_) {
    const std::lock_guard lock(mutex_);
    if (generation != generation_) return;
    const size_t slice = RemoveSlice(space);
    removed += slice;
    if (slice == 0) break;
    if (removed < kManyRows || files) continue;
    files = true;
    const std::string from = SpaceStart(space);
    const std::string to = SpaceEnd(space);
    const rocksdb::Slice from_slice = from;
    const rocksdb::Slice to_slice = to;
    const rocksdb::Status status =
        rocksdb::DeleteFilesInRange(database_.db.get(), database_.rows(), &from_slice, &to_slice, false);
    if (!status.ok()) LogWarn("storage: whole files of a dropped table stay: " + status.ToString());
  }
  const std::lock_guard lock(mutex_);
  if (stopping_ || generation != generation_ || !RemoveLog(space)) return;
  committer_.SubmitLater(  // a mark too many costs the next start a look at an empty space
      [this, space](rocksdb::WriteBatch* batch) { (void)batch->Delete(database_.rows(), DropKey(space)); },
      [](Committed) {});
}

size_t Sweeper::RemoveSlice(Space space) {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  options.total_order_seek = true;
  const std::string end = SpaceEnd(space);
  const rocksdb::Slice upper = end;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(database_.db->NewIterator(options, database_.rows()));
  std::vector<std::string> keys;
  for (at->Seek(SpaceStart(space)); at->Valid() && keys.size() < kSlice; at->Next()) {
    keys.push_back(at->key().ToString());
  }
  if (keys.empty()) return 0;
  const Committed committed = committer_.WriteOwn([this, &keys](rocksdb::WriteBatch* batch) {
    for (const std::string& key : keys) (void)batch->Delete(database_.rows(), key);
  });
  if (committed.outcome != Outcome::kDone) stopping_ = true;  // the mark stays: the next start goes on
  return keys.size();
}

// Logs are read from a position onwards, beyond what is erased, so a range tombstone harms nobody.
bool Sweeper::RemoveLog(Space space) {
  const std::string end = SpaceEnd(space);
  const rocksdb::Slice upper = end;
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &upper;
  const std::unique_ptr<rocksdb::Iterator> at(database_.db->NewIterator(options, database_.log()));
  at->Seek(SpaceStart(space));
  if (!at->Valid()) return at->status().ok();
  const Committed committed = committer_.WriteOwn([this, space, &end](rocksdb::WriteBatch* batch) {
    (void)batch->DeleteRange(database_.log(), SpaceStart(space), end);
  });
  return committed.outcome == Outcome::kDone;
}

void Sweeper::CompactSoon() {
  Post([this] {
    rocksdb::CompactRangeOptions options;
    options.exclusive_manual_compaction = false;
    options.canceled = &stopping_;
    (void)database_.db->CompactRange(options, database_.rows(), nullptr, nullptr);
    (void)database_.db->CompactRange(options, database_.log(), nullptr, nullptr);
  });
}

}  // namespace stator::engine
