// MemoryStore holds the rows; here are the views, cursors and completions around it.
#include "engine/memory/memory_engine.h"

#include <absl/container/inlined_vector.h>

#include "engine/memory/store.h"
#include "engine/watchers.h"

namespace stator::engine {
namespace {

// Holds the rows of one piece; the first is large enough for a page of 20 and a look ahead.
class MemoryCursor final : public Cursor {
 public:
  MemoryCursor(MemoryStore* store, Callback<> left, Space space, const Position* at, Bytes from, Bytes to, Order order)
      : store_(store), left_(std::move(left)), walk_(store->Begin(space, at, from, to, order, kFirstPiece, &rows_)) {}
  ~MemoryCursor() override {
    Release();
    if (!walk_.reader) return;
    walk_.reader.reset();
    left_();
  }
  bool Valid() const override { return at_ < rows_.size(); }
  Bytes key() const override { return rows_[at_]->key(); }
  Bytes value() const override { return rows_[at_]->value(); }
  void Next() override {
    if (++at_ < rows_.size() || walk_.ended) return;
    Row* last = rows_.back()->Ref();
    Release();
    store_->Continue(&walk_, *last, kNextPieces, &rows_);
    last->Unref();
    at_ = 0;
  }
  Status status() const override { return {}; }

 private:
  static constexpr size_t kFirstPiece = 24;
  static constexpr size_t kNextPieces = 256;

  void Release() {
    for (Row* row : rows_) row->Unref();
    rows_.clear();
  }

  MemoryStore* store_;
  Callback<> left_;                              // after this reader has gone
  absl::InlinedVector<Row*, kFirstPiece> rows_;  // before walk_, which fills it
  MemoryStore::Walk walk_;
  size_t at_ = 0;
};

class MemoryEngine final : public Engine {
 public:
  explicit MemoryEngine(const Clock& clock) : clock_(clock) {}

  Result<bool> Get(Space space, Bytes key, Value* out) const override { return GetAt(space, key, nullptr, out); }
  std::unique_ptr<Cursor> Range(Space space, Bytes from, Bytes to, Order order) const override {
    return RangeAt(space, from, to, order, nullptr);
  }

  Result<bool> GetAt(Space space, Bytes key, const Position* at, Value* out) const {
    Row* row = store_.Find(space, key, at, &out->seen);
    if (!row) return false;
    out->bytes = row->value();
    out->pin = Pin(row, [](void* held) { static_cast<Row*>(held)->Unref(); });
    return true;
  }

  std::unique_ptr<Cursor> RangeAt(Space space, Bytes from, Bytes to, Order order, const Position* at) const {
    return std::make_unique<MemoryCursor>(
        &store_, [this] { SweepSoon(); }, space, at, from, to, order);
  }

  void Commit(Batch batch, Lane* lane, Callback<Committed> done) override {
    std::vector<Space> appended;
    const Committed committed = store_.Apply(batch, clock_.Now(), &appended);
    (committed.outcome == Outcome::kDone ? commits_ : conflicts_).fetch_add(1, std::memory_order_relaxed);
    for (const Space log : appended) watchers_.Notify(log);
    if (!lane || lane == Lane::Current()) return done(committed);
    lane->Post([done = std::move(done), committed]() mutable { done(committed); });
  }

  Result<std::unique_ptr<View>> Snapshot() override;

  Position newest() const override { return store_.newest(); }

  Status ReadLog(Space log, Position from, size_t limit, size_t max_bytes,
                 absl::AnyInvocable<bool(const LogRecord&)> each) const override {
    std::vector<LogEntry> entries;
    store_.Log(log, from, limit, max_bytes, &entries);
    bool more = true;
    for (const LogEntry& entry : entries) {
      more = more && each(LogRecord{entry.row->position, entry.time, entry.row->value()});
      entry.row->Unref();
    }
    return {};
  }

  Status Trim(Space log, Position before) override {
    for (const LogEntry& entry : store_.Trim(log, before)) entry.row->Unref();
    return {};
  }

  Status Drop(Space space) override {
    reaper_.Post([gone = store_.Drop(space)] {});
    return {};
  }

  Subscription OnAppend(Space log, Lane* lane, Callback<> wake) override {
    return watchers_.Add(log, lane, std::move(wake));
  }

  Status Reset() override {
    reaper_.Post([gone = store_.Clear()] {});
    watchers_.NotifyAll();
    return {};
  }

  Traits traits() const override { return {}; }

  Statistics statistics() const override {
    Statistics statistics;
    statistics.commits = commits_.load(std::memory_order_relaxed);
    statistics.conflicts = conflicts_.load(std::memory_order_relaxed);
    statistics.memory_bytes = store_.bytes();
    return statistics;
  }

  // After a reader has left: what was kept for it may go.
  void SweepSoon() const {
    if (!store_.HasGarbage()) return;
    reaper_.Post([this] {
      while (store_.Prune()) continue;
    });
  }

 private:
  const Clock& clock_;
  mutable MemoryStore store_;
  Watchers watchers_;
  std::atomic<uint64_t> commits_{0};
  std::atomic<uint64_t> conflicts_{0};
  mutable WorkerPool reaper_{1};  // frees what is large; last, so that it is joined first
};

class MemorySnapshot final : public View {
 public:
  MemorySnapshot(const MemoryEngine* engine, std::unique_ptr<MemoryStore::Reader> reader)
      : engine_(engine), reader_(std::move(reader)), at_(reader_->at()) {}
  ~MemorySnapshot() override {
    reader_.reset();
    engine_->SweepSoon();
  }
  Result<bool> Get(Space space, Bytes key, Value* out) const override { return engine_->GetAt(space, key, &at_, out); }
  std::unique_ptr<Cursor> Range(Space space, Bytes from, Bytes to, Order order) const override {
    return engine_->RangeAt(space, from, to, order, &at_);
  }

 private:
  const MemoryEngine* engine_;
  std::unique_ptr<MemoryStore::Reader> reader_;
  const Position at_;
};

Result<std::unique_ptr<View>> MemoryEngine::Snapshot() {
  return std::unique_ptr<View>(std::make_unique<MemorySnapshot>(this, store_.Enter()));
}

}  // namespace

std::unique_ptr<Engine> NewMemoryEngine(const Clock& clock) { return std::make_unique<MemoryEngine>(clock); }

}  // namespace stator::engine
