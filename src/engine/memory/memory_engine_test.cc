#include "engine/memory/memory_engine.h"

#include "engine/contract_suite.h"

namespace stator::engine {
namespace {

class MemoryWorld final : public World {
 public:
  std::unique_ptr<Engine> Open(const Clock& clock) override { return NewMemoryEngine(clock); }
};

INSTANTIATE_TEST_SUITE_P(Memory, EngineContract,
                         testing::Values(Contestant{"memory", [] { return std::make_unique<MemoryWorld>(); }}),
                         ContestantName);

TEST(MemoryEngineTest, CompletesBeforeCommitReturnsOnItsLane) {
  Clock clock;
  const auto engine = NewMemoryEngine(clock);
  Lanes lanes(1);
  lanes.Start();
  std::promise<bool> inline_done;
  lanes.at(0).Post([&] {
    bool done = false;
    engine->Commit(Batch(), &lanes.at(0), [&](Committed) { done = true; });
    inline_done.set_value(done);
  });
  EXPECT_TRUE(inline_done.get_future().get());
  lanes.StopAndJoin();
}

TEST(MemoryEngineTest, GivesBackWhatNoReaderNeeds) {
  Clock clock;
  const auto engine = NewMemoryEngine(clock);
  const std::string value(10'000, 'v');
  for (int i = 0; i < 1000; ++i) {
    Batch batch;
    batch.Put(Space{1}, "k", value);
    EXPECT_EQ(CommitAndWait(*engine, std::move(batch)).outcome, Outcome::kDone);
  }
  EXPECT_LT(engine->statistics().memory_bytes, 20'000u);
  EXPECT_GT(engine->statistics().memory_bytes, 10'000u);
}

}  // namespace
}  // namespace stator::engine
