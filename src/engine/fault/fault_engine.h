// An engine that fails when told to: what lies above an engine is tested against it.
#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <vector>

#include "base/random.h"
#include "engine/engine.h"

namespace stator::engine {

enum class Fault : uint8_t {
  kNone,
  kConflict,        // nothing was written
  kFull,            // nothing was written
  kUnavailable,     // nothing was written
  kUnknownApplied,  // kUnknown, and it was written
  kUnknownLost,     // kUnknown, and it was not
  kReadFails,       // for reads: kEngineIo
};

// Passes everything on to `inner`, but for the faults it was told to inject. Threads: every member from any thread.
class FaultEngine final : public Engine {
 public:
  explicit FaultEngine(std::unique_ptr<Engine> inner) : inner_(std::move(inner)) {}
  ~FaultEngine() override;

  // The next `times` commits (reads, for kReadFails) meet this fault; several calls queue up.
  void FailNext(Fault fault, int times = 1);
  // Every commit that no FailNext speaks of meets one of `faults` with this chance.
  void FailByChance(double chance, std::vector<Fault> faults, uint64_t seed);
  // No more faults.
  void Heal();
  // Faults injected so far.
  int injected() const;

  // Commits wait, unseen by `inner`, until Release; then they go on in order.
  void Hold();
  void Release();
  // Commits that wait.
  size_t held() const;

  Engine& inner() { return *inner_; }

  Result<bool> Get(Space space, Bytes key, Value* out) const override;
  std::unique_ptr<Cursor> Range(Space space, Bytes from, Bytes to, Order order) const override;
  void Commit(Batch batch, Lane* lane, Callback<Committed> done) override;
  Result<std::unique_ptr<View>> Snapshot() override { return inner_->Snapshot(); }
  Position newest() const override { return inner_->newest(); }
  Status ReadLog(Space log, Position from, size_t limit, size_t max_bytes,
                 absl::AnyInvocable<bool(const LogRecord&)> each) const override {
    return inner_->ReadLog(log, from, limit, max_bytes, std::move(each));
  }
  Status Trim(Space log, Position before) override { return inner_->Trim(log, before); }
  Status Drop(Space space) override { return inner_->Drop(space); }
  Subscription OnAppend(Space log, Lane* lane, Callback<> wake) override {
    return inner_->OnAppend(log, lane, std::move(wake));
  }
  Status Reset() override { return inner_->Reset(); }
  Traits traits() const override { return inner_->traits(); }
  Statistics statistics() const override { return inner_->statistics(); }

 private:
  struct Waiting {
    Batch batch;
    Lane* lane;
    Callback<Committed> done;
  };

  Fault NextFault();
  bool NextReadFails() const;
  void PassOn(Waiting commit);

  mutable std::mutex mutex_;
  mutable std::deque<Fault> next_;  // all of these: guarded by mutex_
  mutable int reads_to_fail_ = 0;
  double chance_ = 0;
  std::vector<Fault> faults_;
  Random random_{0};
  mutable int injected_ = 0;
  bool holding_ = false;
  std::deque<Waiting> waiting_;
  std::unique_ptr<Engine> inner_;
};

}  // namespace stator::engine
