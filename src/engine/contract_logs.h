// The contract of logs: positions, times, reading, trimming, wake-ups.
#pragma once

#include <thread>

#include "engine/contract.h"

namespace stator::engine {

TEST_P(EngineContract, ALogHoldsRecordsInOrder) {
  const Committed first = Append(kLog, "one");
  const Committed second = Append(kLog, "two");
  Append(kB, "elsewhere");
  const auto records = Log(kLog);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].record, "one");
  EXPECT_EQ(records[1].record, "two");
  EXPECT_EQ(records[0].position, first.last);
  EXPECT_EQ(records[1].position, second.last);
  EXPECT_LT(first.last, second.last);
  EXPECT_GT(first.last, 0u);
  EXPECT_EQ(records[1].time, second.time);
}

TEST_P(EngineContract, AppendsOfOneCommitHaveGrowingPositions) {
  Batch batch;
  for (int i = 0; i < 100; ++i) {
    batch.Put(kA, std::to_string(i), "");
    batch.Append(i % 2 ? kLog : kB, std::to_string(i));
  }
  const Committed committed = Commit(std::move(batch));
  const auto odd = Log(kLog);
  const auto even = Log(kB);
  ASSERT_EQ(odd.size(), 50u);
  ASSERT_EQ(even.size(), 50u);
  for (size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(odd[i].record, std::to_string(2 * i + 1));
    EXPECT_LT(even[i].position, odd[i].position);
    if (i > 0) {
      EXPECT_LT(odd[i - 1].position, even[i].position);
    }
  }
  EXPECT_EQ(odd.back().position, committed.last);
}

TEST_P(EngineContract, PositionsGrowAcrossReopen) {
  Position last = 0;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5; ++i) {
      const Committed committed = Append(kLog, "r");
      EXPECT_GT(committed.last, last);
      last = committed.last;
    }
    if (durable()) Reopen();
  }
  const auto records = Log(kLog);
  ASSERT_EQ(records.size(), 15u);
  EXPECT_EQ(records.back().position, last);
}

TEST_P(EngineContract, TheNewestPositionIsThatOfTheLastAcknowledgedCommit) {
  for (int round = 0; round < 3; ++round) {
    const Position before = engine().newest();
    const Committed committed = Append(kLog, "r");
    EXPECT_LT(before, committed.last);
    EXPECT_EQ(engine().newest(), committed.last);
    EXPECT_TRUE(Log(kLog, engine().newest() + 1).empty());
    if (durable()) Reopen();
    EXPECT_GE(engine().newest(), committed.last);
  }
}

TEST_P(EngineContract, ARecordInPartsIsOneRecord) {
  Batch batch;
  batch.Append(kLog, {"one ", "", "two"});
  batch.Append(kLog, {});
  Commit(std::move(batch));
  const auto records = Log(kLog);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].record, "one two");
  EXPECT_EQ(records[1].record, "");
}

TEST_P(EngineContract, CommitTimeNeverGoesBackwards) {
  clock_.Step(std::chrono::hours(1));
  const Time ahead = Append(kLog, "1").time;
  clock_.Step(-std::chrono::hours(2));
  const Time behind = Append(kLog, "2").time;
  EXPECT_GE(behind, ahead);
  if (!durable()) return;
  Reopen();
  EXPECT_GE(Append(kLog, "3").time, behind);
}

TEST_P(EngineContract, CommitTimeIsTheClocks) {
  const Time before = clock_.Now();
  const Time time = Put(kA, "k", "v").time;
  EXPECT_GE(time, before);
  EXPECT_LE(time, clock_.Now());
}

TEST_P(EngineContract, ReadLogHonoursFromLimitAndBytes) {
  std::vector<Position> positions;
  positions.reserve(10);
  for (int i = 0; i < 10; ++i) positions.push_back(Append(kLog, std::string(100, static_cast<char>('0' + i))).last);
  EXPECT_EQ(Log(kLog, positions[4]).size(), 6u);
  EXPECT_EQ(Log(kLog, positions[4] + 1).size(), 5u);
  EXPECT_EQ(Log(kLog, positions[9] + 1).size(), 0u);
  EXPECT_EQ(Log(kLog, 0, 3).size(), 3u);
  EXPECT_EQ(Log(kLog, 0, 10, 250).size(), 2u);
  EXPECT_EQ(Log(kLog, 0, 10, 1).size(), 1u) << "at least one";
  int calls = 0;
  EXPECT_TRUE(engine()
                  .ReadLog(kLog, 0, 10, 1 << 20,
                           [&](const LogRecord&) {
                             ++calls;
                             return false;
                           })
                  .ok());
  EXPECT_EQ(calls, 1);
}

TEST_P(EngineContract, TrimForgetsTheBeginning) {
  std::vector<Position> positions;
  positions.reserve(10);
  for (int i = 0; i < 10; ++i) positions.push_back(Append(kLog, std::to_string(i)).last);
  EXPECT_TRUE(engine().Trim(kLog, positions[5]).ok());
  auto records = Log(kLog);
  ASSERT_EQ(records.size(), 5u);
  EXPECT_EQ(records[0].record, "5");
  EXPECT_TRUE(engine().Trim(kLog, positions[2]).ok());  // back is no way
  EXPECT_EQ(Log(kLog).size(), 5u);
  if (durable()) Reopen();
  EXPECT_EQ(Log(kLog).size(), 5u);
  EXPECT_TRUE(engine().Trim(kLog, positions[9] + 1).ok());
  EXPECT_TRUE(Log(kLog).empty());
  Append(kLog, "next");
  EXPECT_EQ(Log(kLog).size(), 1u);
}

TEST_P(EngineContract, AnAppendWakesWhoeverWatches) {
  Lanes lanes(1);
  lanes.Start();
  std::promise<void> woken;
  std::promise<void> woken_again;
  int wakes = 0;
  std::optional<Subscription> subscription = engine().OnAppend(kLog, &lanes.at(0), [&] {
    EXPECT_EQ(Lane::Current(), &lanes.at(0));
    if (++wakes == 1) woken.set_value();
    if (wakes == 2) woken_again.set_value();
  });
  Append(kLog, "1");
  woken.get_future().wait();
  EXPECT_EQ(Log(kLog).size(), 1u);
  Append(kLog, "2");
  woken_again.get_future().wait();
  subscription.reset();
  Append(kLog, "3");
  std::promise<void> drained;
  lanes.at(0).Post([&] { drained.set_value(); });
  drained.get_future().wait();
  EXPECT_EQ(wakes, 2);
  engine_.reset();  // it may still be in the middle of Post
}

// A reader that goes on after the last position it saw misses nothing, whatever commits meanwhile.
TEST_P(EngineContract, NoPositionAppearsBeforeASmallerOne) {
  constexpr int kWriters = 4;
  constexpr int kEach = 150;
  std::vector<std::thread> writers;
  writers.reserve(kWriters);
  for (int w = 0; w < kWriters; ++w) {
    writers.emplace_back([&, w] {
      for (int i = 0; i < kEach; ++i) {
        Batch batch;
        batch.Put(kA, "w" + std::to_string(w), std::to_string(i));
        batch.Append(kLog, std::to_string(w) + ":" + std::to_string(i));
        EXPECT_EQ(CommitAndWait(engine(), std::move(batch)).outcome, Outcome::kDone);
      }
    });
  }
  std::map<std::string, int> next;
  Position from = 0;
  for (int read = 0; read < kWriters * kEach;) {
    for (const Logged& record : Log(kLog, from, 50)) {
      EXPECT_GE(record.position, from);
      from = record.position + 1;
      const size_t colon = record.record.find(':');
      EXPECT_EQ(next[record.record.substr(0, colon)]++, std::stoi(record.record.substr(colon + 1)));
      ++read;
    }
  }
  for (auto& writer : writers) writer.join();
}

}  // namespace stator::engine
