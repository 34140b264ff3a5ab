#include "engine/fault/fault_engine.h"

#include "errors/engine.h"

namespace stator::engine {
namespace {

class BrokenCursor final : public Cursor {
 public:
  bool Valid() const override { return false; }
  Bytes key() const override { return {}; }
  Bytes value() const override { return {}; }
  void Next() override {}
  Status status() const override { return Fail(errors::kEngineIo, "an injected fault"); }
};

void Answer(Lane* lane, Callback<Committed> done, Outcome outcome) {
  if (!lane || lane == Lane::Current()) return done(Committed{outcome, 0, {}});
  lane->Post([done = std::move(done), outcome]() mutable { done(Committed{outcome, 0, {}}); });
}

}  // namespace

FaultEngine::~FaultEngine() { Release(); }

void FaultEngine::FailNext(Fault fault, int times) {
  const std::lock_guard lock(mutex_);
  if (fault == Fault::kReadFails) {
    reads_to_fail_ += times;
  } else {
    next_.insert(next_.end(), static_cast<size_t>(times), fault);
  }
}

void FaultEngine::FailByChance(double chance, std::vector<Fault> faults, uint64_t seed) {
  const std::lock_guard lock(mutex_);
  chance_ = chance;
  faults_ = std::move(faults);
  random_ = Random(seed);
}

void FaultEngine::Heal() {
  const std::lock_guard lock(mutex_);
  next_.clear();
  reads_to_fail_ = 0;
  chance_ = 0;
}

int FaultEngine::injected() const {
  const std::lock_guard lock(mutex_);
  return injected_;
}

void FaultEngine::Hold() {
  const std::lock_guard lock(mutex_);
  holding_ = true;
}

void FaultEngine::Release() {
  std::deque<Waiting> waiting;
  {
    const std::lock_guard lock(mutex_);
    holding_ = false;
    waiting.swap(waiting_);
  }
  for (Waiting& commit : waiting) PassOn(std::move(commit));
}

size_t FaultEngine::held() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

Fault FaultEngine::NextFault() {
  const std::lock_guard lock(mutex_);
  Fault fault = Fault::kNone;
  if (!next_.empty()) {
    fault = next_.front();
    next_.pop_front();
  } else if (!faults_.empty() && random_.Unit() < chance_) {
    fault = faults_[random_.Below(faults_.size())];
  }
  injected_ += fault == Fault::kNone ? 0 : 1;
  return fault;
}

bool FaultEngine::NextReadFails() const {
  const std::lock_guard lock(mutex_);
  if (reads_to_fail_ == 0) return false;
  --reads_to_fail_;
  ++injected_;
  return true;
}

Result<bool> FaultEngine::Get(Space space, Bytes key, Value* out) const {
  if (NextReadFails()) return Fail(errors::kEngineIo, "an injected fault");
  return inner_->Get(space, key, out);
}

std::unique_ptr<Cursor> FaultEngine::Range(Space space, Bytes from, Bytes to, Order order) const {
  if (NextReadFails()) return std::make_unique<BrokenCursor>();
  return inner_->Range(space, from, to, order);
}

void FaultEngine::Commit(Batch batch, Lane* lane, Callback<Committed> done) {
  Waiting commit{std::move(batch), lane, std::move(done)};
  {
    const std::lock_guard lock(mutex_);
    if (holding_) return waiting_.push_back(std::move(commit));
  }
  PassOn(std::move(commit));
}

void FaultEngine::PassOn(Waiting commit) {
  switch (NextFault()) {
    case Fault::kConflict:
      return Answer(commit.lane, std::move(commit.done), Outcome::kConflict);
    case Fault::kFull:
      return Answer(commit.lane, std::move(commit.done), Outcome::kFull);
    case Fault::kUnavailable:
      return Answer(commit.lane, std::move(commit.done), Outcome::kUnavailable);
    case Fault::kUnknownLost:
      return Answer(commit.lane, std::move(commit.done), Outcome::kUnknown);
    case Fault::kUnknownApplied:
      return inner_->Commit(std::move(commit.batch), commit.lane,
                            [done = std::move(commit.done)](Committed committed) mutable {
                              if (committed.outcome == Outcome::kDone) committed = Committed{Outcome::kUnknown, 0, {}};
                              done(committed);
                            });
    case Fault::kNone:
    case Fault::kReadFails:
      break;
  }
  inner_->Commit(std::move(commit.batch), commit.lane, std::move(commit.done));
}

}  // namespace stator::engine
