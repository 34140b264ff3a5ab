// Reads here, commits in committer.cc, removal in sweeper.cc, the folder and the options in folder.cc and database.cc.
#include "engine/rocksdb/rocksdb_engine.h"

#include <rocksdb/db.h>

#include <unordered_map>

#include "engine/rocksdb/committer.h"
#include "engine/rocksdb/cursor.h"
#include "engine/rocksdb/sweeper.h"
#include "errors/engine.h"

namespace stator::engine {
namespace {

class RocksEngine final : public Engine {
 public:
  RocksEngine(const RocksOptions& options, const Clock& clock)
      : options_(options),
        cache_(options.cache_bytes - BlockCacheBytes(options)),
        sweeper_(database_, committer_),
        committer_(options_, clock, database_, cache_, dropped_, watchers_) {}
  ~RocksEngine() override { sweeper_.Stop(); }

  Status Open() {
    STATOR_OK(OpenDatabase(options_, &database_));
    Lease lease;
    std::string stored;
    const rocksdb::Status status = database_.db->Get({}, database_.rows(), LeaseKey(), &stored);
    if (!status.ok() && !status.IsNotFound()) return database_.Failed(status);
    if (status.ok() && !Lease::Decode(stored, &lease)) {
      return Fail(errors::kEngineCorrupt, options_.path, "its lease row is broken");
    }
    committer_.Start(lease);
    return ResumeDrops();
  }

  Result<bool> Get(Space space, Bytes key, Value* out) const override {
    out->seen = committer_.published();  // before the read: a later commit must count as unseen
    if (dropped_.Contains(space)) return false;
    const RowKey row(space, key);
    RowCache::Ticket ticket;
    if (cache_.Get(ToBytes(row.slice()), &out->bytes, &out->pin, &ticket)) return true;
    Result<bool> found = Read(nullptr, row, out);
    if (found.ok() && *found) cache_.Fill(ticket, ToBytes(row.slice()), out->bytes);
    return found;
  }
  std::unique_ptr<Cursor> Range(Space space, Bytes from, Bytes to, Order order) const override {
    return RangeAt(nullptr, space, from, to, order);
  }

  Result<bool> GetAt(const rocksdb::Snapshot* snapshot, Space space, Bytes key, Value* out) const {
    if (dropped_.Contains(space)) return false;
    return Read(snapshot, RowKey(space, key), out);
  }

  Result<bool> Read(const rocksdb::Snapshot* snapshot, const RowKey& row, Value* out) const {
    auto held = std::make_unique<rocksdb::PinnableSlice>();
    rocksdb::ReadOptions options;
    options.snapshot = snapshot;
    const rocksdb::Status status = database_.db->Get(options, database_.rows(), row.slice(), held.get());
    if (status.IsNotFound()) return false;
    if (!status.ok()) return database_.Failed(status);
    out->bytes = ToBytes(*held);
    out->pin = Pin(held.release(), [](void* pinned) { delete static_cast<rocksdb::PinnableSlice*>(pinned); });
    return true;
  }

  std::unique_ptr<Cursor> RangeAt(const rocksdb::Snapshot* snapshot, Space space, Bytes from, Bytes to,
                                  Order order) const {
    if (dropped_.Contains(space)) return std::make_unique<NoRows>();
    return std::make_unique<RocksCursor>(database_, snapshot, space, from, to, order);
  }

  void Commit(Batch batch, Lane* lane, Callback<Committed> done) override {
    committer_.Submit(batch, lane, std::move(done));
  }

  Result<std::unique_ptr<View>> Snapshot() override;

  Position newest() const override { return committer_.published(); }

  Status ReadLog(Space log, Position from, size_t limit, size_t max_bytes,
                 absl::AnyInvocable<bool(const LogRecord&)> each) const override {
    if (dropped_.Contains(log)) return {};
    const std::string end = SpaceEnd(log);
    const rocksdb::Slice upper = end;
    rocksdb::ReadOptions options;
    options.iterate_upper_bound = &upper;
    const std::unique_ptr<rocksdb::Iterator> at(database_.db->NewIterator(options, database_.log()));
    size_t bytes = 0;
    size_t records = 0;
    for (at->Seek(LogKey(log, std::max(from, TrimmedBefore(log)))); at->Valid() && records < limit; at->Next()) {
      LogRecord record{};
      uint64_t micros = 0;
      Bytes key = ToBytes(at->key()).substr(SpacePrefix::kSize);
      record.record = ToBytes(at->value());
      if (!GetBig64(&key, &record.position) || !GetFixed64(&record.record, &micros)) {
        return Fail(errors::kEngineCorrupt, options_.path, "a log record is broken");
      }
      record.time = Time{static_cast<int64_t>(micros)};
      bytes += record.record.size();
      if (records > 0 && bytes > max_bytes) break;
      ++records;
      if (!each(record)) break;
    }
    if (!at->status().ok()) return database_.Failed(at->status());
    return {};
  }

  Status Trim(Space log, Position before) override {
    {
      const std::lock_guard lock(trims_mutex_);
      Position& trimmed = trims_[static_cast<uint32_t>(log)];
      trimmed = std::max(trimmed, before);
    }
    committer_.SubmitLater(
        [this, log, before](rocksdb::WriteBatch* batch) {
          (void)batch->DeleteRange(database_.log(), LogKey(log, 0), LogKey(log, before));
        },
        [](Committed) {});
    return {};
  }

  Status Drop(Space space) override {
    committer_.SubmitLater(
        [this, space](rocksdb::WriteBatch* batch) {
          dropped_.Add(space);  // commits before this one keep their writes, those behind it lose them
          (void)batch->Put(database_.rows(), DropKey(space), "");
        },
        [this, space, generation = sweeper_.generation()](Committed committed) {
          if (committed.outcome == Outcome::kDone) sweeper_.Sweep(space, generation);
        });
    return {};
  }

  Subscription OnAppend(Space log, Lane* lane, Callback<> wake) override {
    return watchers_.Add(log, lane, std::move(wake));
  }

  Status Reset() override {
    {
      const auto paused = sweeper_.Pause();
      sweeper_.Forget();
      committer_.ForgetLease();
      const std::string end = SpaceStart(kEngineSpace) + "\xff";
      const Committed committed = committer_.WriteOwn([this, &end](rocksdb::WriteBatch* batch) {
        (void)batch->DeleteRange(database_.rows(), SpaceStart(kRecordSpace), end);
        (void)batch->DeleteRange(database_.log(), SpaceStart(kRecordSpace), end);
      });
      if (committed.outcome != Outcome::kDone) return Fail(errors::kEngineIo, "the store could not be emptied");
      dropped_.Clear();
      const std::lock_guard lock(trims_mutex_);
      trims_.clear();
    }
    sweeper_.CompactSoon();
    watchers_.NotifyAll();
    return {};
  }

  Traits traits() const override {
    Traits traits;
    traits.durable = true;
    return traits;
  }

  Statistics statistics() const override {
    Statistics statistics;
    committer_.Count(&statistics);
    uint64_t number = 0;
    if (database_.db->GetAggregatedIntProperty(rocksdb::DB::Properties::kTotalSstFilesSize, &number)) {
      statistics.disk_bytes = number;
    }
    if (database_.db->GetAggregatedIntProperty(rocksdb::DB::Properties::kCurSizeAllMemTables, &number)) {
      statistics.memory_bytes = number;
    }
    if (database_.db->GetAggregatedIntProperty(rocksdb::DB::Properties::kEstimateTableReadersMem, &number)) {
      statistics.memory_bytes += number;
    }
    statistics.memory_bytes += database_.cache->GetUsage() + cache_.bytes();
    return statistics;
  }

 private:
  // Drops whose removal had not ended when the engine was last closed.
  Status ResumeDrops() {
    const std::string prefix = SpaceStart(kEngineSpace) + kDropPrefix;
    rocksdb::ReadOptions options;
    options.total_order_seek = true;
    const std::unique_ptr<rocksdb::Iterator> at(database_.db->NewIterator(options, database_.rows()));
    for (at->Seek(prefix); at->Valid() && at->key().starts_with(prefix); at->Next()) {
      Bytes rest = ToBytes(at->key()).substr(prefix.size());
      uint32_t id = 0;
      if (!GetBig32(&rest, &id)) return Fail(errors::kEngineCorrupt, options_.path, "a drop mark is broken");
      dropped_.Add(Space{id});
      sweeper_.Sweep(Space{id}, sweeper_.generation());
    }
    if (!at->status().ok()) return database_.Failed(at->status());
    return {};
  }

  Position TrimmedBefore(Space log) const {
    const std::lock_guard lock(trims_mutex_);
    const auto found = trims_.find(static_cast<uint32_t>(log));
    return found == trims_.end() ? 0 : found->second;
  }

  const RocksOptions options_;
  Database database_;  // closed last
  mutable RowCache cache_;
  SpaceSet dropped_;
  Watchers watchers_;
  mutable std::mutex trims_mutex_;
  std::unordered_map<uint32_t, Position> trims_;  // guarded by trims_mutex_; what this process trimmed
  Sweeper sweeper_;
  Committer committer_;  // ends before the sweeper, which its completions name
};

class RocksSnapshot final : public View {
 public:
  RocksSnapshot(const RocksEngine* engine, rocksdb::DB* db, Version seen)
      : engine_(engine), db_(db), snapshot_(db->GetSnapshot()), seen_(seen) {}
  ~RocksSnapshot() override { db_->ReleaseSnapshot(snapshot_); }
  Result<bool> Get(Space space, Bytes key, Value* out) const override {
    Result<bool> found = engine_->GetAt(snapshot_, space, key, out);
    out->seen = seen_;
    return found;
  }
  std::unique_ptr<Cursor> Range(Space space, Bytes from, Bytes to, Order order) const override {
    return engine_->RangeAt(snapshot_, space, from, to, order);
  }

 private:
  const RocksEngine* engine_;
  rocksdb::DB* const db_;
  const rocksdb::Snapshot* const snapshot_;
  const Version seen_;
};

Result<std::unique_ptr<View>> RocksEngine::Snapshot() {
  const Version seen = committer_.published();
  return std::unique_ptr<View>(std::make_unique<RocksSnapshot>(this, database_.db.get(), seen));
}

}  // namespace

Result<std::unique_ptr<Engine>> OpenRocksEngine(const RocksOptions& options, const Clock& clock) {
  auto engine = std::make_unique<RocksEngine>(options, clock);
  STATOR_OK(engine->Open());
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace stator::engine
