// The contract of whole spaces and of completion: Drop, Reset, lanes, order.
#pragma once

#include "base/task.h"
#include "engine/commit.h"
#include "engine/contract.h"

namespace stator::engine {

TEST_P(EngineContract, ADroppedSpaceIsNeverReadAgain) {
  Batch fill;
  for (int i = 0; i < 5000; ++i) fill.Put(kA, std::to_string(i), "v");
  Commit(std::move(fill));
  Put(kB, "stays", "v");
  Append(kLog, "record");
  auto snapshot = engine().Snapshot();
  ASSERT_TRUE(snapshot.ok());
  EXPECT_TRUE(engine().Drop(kA).ok());
  EXPECT_TRUE(engine().Drop(kLog).ok());
  const auto expect_gone = [&] {
    EXPECT_EQ(Read(kA, "17"), std::nullopt);
    EXPECT_TRUE(ReadAll(engine(), kA).empty());
    EXPECT_TRUE(ReadAll(engine(), kA, {}, {}, Order::kReverse).empty());
    EXPECT_TRUE(Log(kLog).empty());
    EXPECT_EQ(Read(kB, "stays"), "v");
  };
  expect_gone();
  EXPECT_TRUE(ReadAll(**snapshot, kA).empty());
  EXPECT_EQ(Put(kA, "17", "late").outcome, Outcome::kDone);  // a mutation that was under way
  expect_gone();
  snapshot = std::unique_ptr<View>();
  if (!durable()) return;
  Reopen();
  expect_gone();
  Reopen();
  expect_gone();
}

TEST_P(EngineContract, ManySpacesComeAndGo) {
  for (uint32_t i = 100; i < 200; ++i) {
    Put(Space{i}, "k", "v");
    EXPECT_TRUE(engine().Drop(Space{i}).ok());
  }
  for (uint32_t i = 100; i < 200; ++i) EXPECT_EQ(Read(Space{i}, "k"), std::nullopt);
}

TEST_P(EngineContract, ResetForgetsEverything) {
  Put(kRecordSpace, "record", "v");
  Put(kA, "k", "v");
  const Position before = Append(kLog, "r").last;
  EXPECT_TRUE(engine().Drop(kB).ok());
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(engine().Reset().ok());
    EXPECT_EQ(Read(kRecordSpace, "record"), std::nullopt);
    EXPECT_TRUE(ReadAll(engine(), kA).empty());
    EXPECT_TRUE(Log(kLog).empty());
    Put(kA, "k", "new");
    Put(kB, "k", "a space that was dropped before is as good as new");
    EXPECT_GT(Append(kLog, "r").last, before);
    EXPECT_EQ(Read(kB, "k"), "a space that was dropped before is as good as new");
    EXPECT_EQ(Log(kLog).size(), 1u);
  }
  if (!durable()) return;
  Reopen();
  EXPECT_EQ(Read(kA, "k"), "new");
  EXPECT_EQ(Read(kRecordSpace, "record"), std::nullopt);
  EXPECT_EQ(Log(kLog).size(), 1u);
}

TEST_P(EngineContract, CompletesOnTheLaneThatAsked) {
  Lanes lanes(2);
  lanes.Start();
  for (int i = 0; i < 2; ++i) {
    std::promise<Committed> promise;
    lanes.at(i).Post([&, i] {
      Batch batch;
      batch.Put(kA, std::to_string(i), "v");
      engine().Commit(std::move(batch), &lanes.at(i), [&, i](Committed committed) {
        EXPECT_EQ(Lane::Current(), &lanes.at(i));
        promise.set_value(committed);
      });
    });
    EXPECT_EQ(promise.get_future().get().outcome, Outcome::kDone);
  }
  // Asked from elsewhere, it still completes there.
  std::promise<Committed> promise;
  Batch batch;
  batch.Put(kA, "k", "v");
  engine().Commit(std::move(batch), &lanes.at(1), [&](Committed committed) {
    EXPECT_EQ(Lane::Current(), &lanes.at(1));
    promise.set_value(committed);
  });
  EXPECT_EQ(promise.get_future().get().outcome, Outcome::kDone);
  engine_.reset();  // it may still be in the middle of Post
}

inline Task<int> CommitMany(Engine& engine, Lane& lane, int count) {
  int done = 0;
  for (int i = 0; i < count; ++i) {
    Batch batch;
    batch.Put(Space{7}, "counter", std::to_string(i));
    const Committed committed = co_await stator::engine::Commit(engine, std::move(batch), lane);
    if (committed.outcome == Outcome::kDone && Lane::Current() == &lane) ++done;
  }
  co_return done;
}

TEST_P(EngineContract, ATaskMayCommitInALoop) {
  Lanes lanes(1);
  lanes.Start();
  constexpr int kCount = 500;
  std::promise<int> promise;
  const std::function<void(int)> finished = [&](int done) { promise.set_value(done); };
  lanes.at(0).Post([&] { Start(CommitMany(engine(), lanes.at(0), kCount), finished); });
  EXPECT_EQ(promise.get_future().get(), kCount);
  EXPECT_EQ(Read(kA, "counter"), std::to_string(kCount - 1));
  engine_.reset();  // it may still be in the middle of Post
}

TEST_P(EngineContract, CommitsTakeEffectInTheOrderOfSubmission) {
  constexpr int kCount = 300;
  std::vector<int> order;
  std::promise<void> all;
  std::atomic<int> left{kCount};
  std::mutex mutex;
  for (int i = 0; i < kCount; ++i) {
    Batch batch;
    batch.Put(kA, "k", std::to_string(i));
    batch.Append(kLog, std::to_string(i));
    engine().Commit(std::move(batch), nullptr, [&, i](Committed committed) {
      EXPECT_EQ(committed.outcome, Outcome::kDone);
      {
        const std::lock_guard lock(mutex);
        order.push_back(i);
      }
      if (--left == 0) all.set_value();
    });
  }
  all.get_future().wait();
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(Read(kA, "k"), std::to_string(kCount - 1));
  const auto records = Log(kLog);
  ASSERT_EQ(records.size(), static_cast<size_t>(kCount));
  for (int i = 0; i < kCount; ++i) EXPECT_EQ(records[static_cast<size_t>(i)].record, std::to_string(i));
}

TEST_P(EngineContract, AClosingEngineCompletesWhatItAccepted) {
  int done = 0;
  for (int i = 0; i < 100; ++i) {
    Batch batch;
    batch.Put(kA, std::to_string(i), "v");
    engine().Commit(std::move(batch), nullptr,
                    [&](Committed committed) { done += committed.outcome == Outcome::kDone ? 1 : 0; });
  }
  engine_.reset();
  EXPECT_EQ(done, 100);
  engine_ = world_->Open(clock_);
  if (!durable()) return;
  EXPECT_EQ(ReadAll(engine(), kA).size(), 100u);
}

TEST_P(EngineContract, CountsWhatItDoes) {
  const uint64_t before = engine().statistics().commits;
  for (int i = 0; i < 10; ++i) Put(kA, "k", "v");
  EXPECT_EQ(engine().statistics().commits - before, 10u);
}

}  // namespace stator::engine
