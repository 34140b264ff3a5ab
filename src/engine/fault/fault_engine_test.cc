#include "engine/fault/fault_engine.h"

#include "engine/contract_suite.h"
#include "engine/memory/memory_engine.h"
#include "errors/engine.h"

namespace stator::engine {
namespace {

class HealthyWorld final : public World {
 public:
  std::unique_ptr<Engine> Open(const Clock& clock) override {
    return std::make_unique<FaultEngine>(NewMemoryEngine(clock));
  }
};

INSTANTIATE_TEST_SUITE_P(Fault, EngineContract,
                         testing::Values(Contestant{"healthy", [] { return std::make_unique<HealthyWorld>(); }}),
                         ContestantName);

class FaultEngineTest : public testing::Test {
 protected:
  Outcome PutOne(Bytes value) {
    Batch batch;
    batch.Put(Space{1}, "k", value);
    return CommitAndWait(engine_, std::move(batch)).outcome;
  }
  std::optional<std::string> Read() { return ReadOne(engine_, Space{1}, "k"); }

  Clock clock_;
  FaultEngine engine_{NewMemoryEngine(clock_)};
};

TEST_F(FaultEngineTest, InjectsWhatItWasTold) {
  engine_.FailNext(Fault::kConflict);
  engine_.FailNext(Fault::kFull);
  engine_.FailNext(Fault::kUnavailable);
  engine_.FailNext(Fault::kUnknownLost);
  EXPECT_EQ(PutOne("1"), Outcome::kConflict);
  EXPECT_EQ(PutOne("2"), Outcome::kFull);
  EXPECT_EQ(PutOne("3"), Outcome::kUnavailable);
  EXPECT_EQ(PutOne("4"), Outcome::kUnknown);
  EXPECT_EQ(Read(), std::nullopt);
  engine_.FailNext(Fault::kUnknownApplied);
  EXPECT_EQ(PutOne("5"), Outcome::kUnknown);
  EXPECT_EQ(Read(), "5");
  EXPECT_EQ(PutOne("6"), Outcome::kDone);
  EXPECT_EQ(engine_.injected(), 5);
}

TEST_F(FaultEngineTest, ReadsFailWhenTold) {
  engine_.FailNext(Fault::kReadFails, 2);
  Value value;
  EXPECT_EQ(engine_.Get(Space{1}, "k", &value).error().id, errors::kEngineIo);
  const auto cursor = engine_.Range(Space{1}, "", "", Order::kForward);
  EXPECT_FALSE(cursor->Valid());
  EXPECT_EQ(cursor->status().error().id, errors::kEngineIo);
  EXPECT_TRUE(engine_.Get(Space{1}, "k", &value).ok());
}

TEST_F(FaultEngineTest, ChanceIsSeeded) {
  const auto outcomes = [&] {
    engine_.FailByChance(0.5, {Fault::kConflict, Fault::kUnavailable}, 42);
    std::vector<Outcome> list;
    list.reserve(50);
    for (int i = 0; i < 50; ++i) list.push_back(PutOne("v"));
    return list;
  };
  const auto first = outcomes();
  EXPECT_EQ(first, outcomes());
  EXPECT_GT(engine_.injected(), 0);
  engine_.Heal();
  EXPECT_EQ(PutOne("v"), Outcome::kDone);
}

TEST_F(FaultEngineTest, HoldsCommitsBack) {
  engine_.Hold();
  int done = 0;
  for (const char* value : {"1", "2"}) {
    Batch batch;
    batch.Put(Space{1}, "k", value);
    engine_.Commit(std::move(batch), nullptr, [&](Committed) { ++done; });
  }
  EXPECT_EQ(engine_.held(), 2u);
  EXPECT_EQ(done, 0);
  EXPECT_EQ(Read(), std::nullopt);
  engine_.Release();
  EXPECT_EQ(done, 2);
  EXPECT_EQ(Read(), "2");
}

}  // namespace
}  // namespace stator::engine
