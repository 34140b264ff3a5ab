// The contract of rows: writes, guards, ranges, cursors, snapshots.
#pragma once

#include <map>
#include <random>

#include "engine/contract.h"

namespace stator::engine {

using std::string_literals::operator""s;
using Names = std::vector<std::string>;

TEST_P(EngineContract, ReadsWhatWasWritten) {
  EXPECT_EQ(Read(kA, "k"), std::nullopt);
  EXPECT_EQ(Put(kA, "k", "v").outcome, Outcome::kDone);
  EXPECT_EQ(Read(kA, "k"), "v");
  EXPECT_EQ(Read(kB, "k"), std::nullopt);
  Put(kA, "k", "w");
  EXPECT_EQ(Read(kA, "k"), "w");
  Erase(kA, "k");
  EXPECT_EQ(Read(kA, "k"), std::nullopt);
}

TEST_P(EngineContract, KeepsRowsWhenOpenedAgain) {
  Put(kA, "kept", "v");
  Put(kA, "gone", "v");
  Erase(kA, "gone");
  if (!durable()) return;
  Reopen();
  EXPECT_EQ(Read(kA, "kept"), "v");
  EXPECT_EQ(Read(kA, "gone"), std::nullopt);
}

TEST_P(EngineContract, TakesEveryKeyAndValue) {
  const std::string all = [] {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
    return bytes;
  }();
  const Rows rows = {{"", "empty key"},
                     {"\0"s, ""},
                     {"\0\0"s, "zeros"},
                     {"\0\xff"s, all},
                     {all, all},
                     {"a", "x"},
                     {"a\0"s, "y"},
                     {"a\xff"s, "z"},
                     {"\xff"s, "ff"},
                     {"\xff\xff"s, "ffff"},
                     {std::string(4000, 'k'), std::string(400'000, 'v')}};
  Batch batch;
  for (const auto& [key, value] : rows) batch.Put(kA, key, value);
  EXPECT_EQ(Commit(std::move(batch)).outcome, Outcome::kDone);
  for (const auto& [key, value] : rows) EXPECT_EQ(Read(kA, key), value);
  Rows sorted = rows;
  std::sort(sorted.begin(), sorted.end());
  EXPECT_EQ(ReadAll(engine(), kA), sorted);
  std::reverse(sorted.begin(), sorted.end());
  EXPECT_EQ(ReadAll(engine(), kA, {}, {}, Order::kReverse), sorted);
}

// Keys as tables have them: eight bytes that a partition shares, then what orders it. Engines may filter by the former.
TEST_P(EngineContract, RangesWithinAndAcrossPartitions) {
  std::mt19937 random(20261120);
  const auto draw = [&random](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
  const auto draw_key = [&draw] {
    std::string key(8, static_cast<char>(draw(6) * 50));
    return key + std::to_string(draw(300)).substr(0, static_cast<size_t>(draw(4)));
  };
  std::map<std::string, std::string> model;
  for (int round = 0; round < 3; ++round) {
    Batch batch;
    for (int i = 0; i < 100; ++i) {
      const std::string key = draw_key();
      if (draw(4) == 0) {
        batch.Erase(kA, key);
        model.erase(key);
      } else {
        batch.Put(kA, key, model[key] = std::to_string(draw(1000)));
      }
    }
    Commit(std::move(batch));
    if (durable() && round < 2) Reopen();
    for (int i = 0; i < 500; ++i) {
      const std::string from = draw_key().substr(0, draw(8) == 0 ? 7 : 100);
      const std::string to = draw(8) == 0 ? "" : draw_key();
      Rows expected;
      for (const auto& row : model) {
        if (row.first >= from && (to.empty() || row.first < to)) expected.push_back(row);
      }
      ASSERT_EQ(ReadAll(engine(), kA, from, to), expected);
      std::reverse(expected.begin(), expected.end());
      ASSERT_EQ(ReadAll(engine(), kA, from, to, Order::kReverse), expected);
    }
  }
}

TEST_P(EngineContract, TheLastOfSeveralWritesToARowWins) {
  Batch batch;
  batch.Put(kA, "k", "1");
  batch.Erase(kA, "k");
  batch.Put(kA, "k", "2");
  batch.Put(kA, "l", "1");
  batch.Erase(kA, "l");
  Commit(std::move(batch));
  EXPECT_EQ(ReadAll(engine(), kA), (Rows{{"k", "2"}}));
}

TEST_P(EngineContract, AnEmptyCommitIsDone) { EXPECT_EQ(Commit(Batch()).outcome, Outcome::kDone); }

TEST_P(EngineContract, GuardHoldsWhenNothingWasWritten) {
  Put(kA, "k", "1");
  Version seen = 0;
  Read(kA, "k", &seen);
  Batch batch;
  batch.Guard(kA, "k", seen);
  batch.Put(kA, "k", "2");
  EXPECT_EQ(Commit(std::move(batch)).outcome, Outcome::kDone);
  EXPECT_EQ(Read(kA, "k"), "2");
}

TEST_P(EngineContract, GuardFailsAfterAnyWriteOfTheRow) {
  const std::function<void()> writes[] = {
      [&] { Put(kA, "k", "other"); },
      [&] { Put(kA, "k", "1"); },  // the same value is a write, too
      [&] { Erase(kA, "k"); },
      [&] {
        Erase(kA, "k");
        Put(kA, "k", "1");
      },
  };
  for (const auto& write : writes) {
    Put(kA, "k", "1");
    Version seen = 0;
    Read(kA, "k", &seen);
    write();
    const auto before = Read(kA, "k");
    Batch batch;
    batch.Put(kB, "beside", "x");
    batch.Guard(kA, "k", seen);
    batch.Put(kA, "k", "mine");
    batch.Append(kLog, "record");
    EXPECT_EQ(Commit(std::move(batch)).outcome, Outcome::kConflict);
    EXPECT_EQ(Read(kA, "k"), before);
    EXPECT_EQ(Read(kB, "beside"), std::nullopt);
    EXPECT_TRUE(Log(kLog).empty());
  }
}

TEST_P(EngineContract, GuardOnAnAbsentRow) {
  Version seen = 0;
  EXPECT_EQ(Read(kA, "k", &seen), std::nullopt);
  Batch first;
  first.Guard(kA, "k", seen);
  first.Put(kA, "k", "1");
  Batch second = first;
  EXPECT_EQ(Commit(std::move(first)).outcome, Outcome::kDone);
  EXPECT_EQ(Commit(std::move(second)).outcome, Outcome::kConflict);
  EXPECT_EQ(Read(kA, "k"), "1");
  Version absent = 0;
  Read(kA, "come and gone", &absent);
  Put(kA, "come and gone", "x");
  Erase(kA, "come and gone");
  Batch third;
  third.Guard(kA, "come and gone", absent);
  EXPECT_EQ(Commit(std::move(third)).outcome, Outcome::kConflict);
}

TEST_P(EngineContract, AReadTransactionIsACommitOfGuards) {
  Put(kA, "x", "1");
  Put(kA, "y", "1");
  Version x = 0;
  Version y = 0;
  Read(kA, "x", &x);
  Read(kA, "y", &y);
  Batch good;
  good.Guard(kA, "x", x);
  good.Guard(kA, "y", y);
  Batch bad = good;
  EXPECT_EQ(Commit(std::move(good)).outcome, Outcome::kDone);
  Put(kA, "y", "2");
  EXPECT_EQ(Commit(std::move(bad)).outcome, Outcome::kConflict);
}

TEST_P(EngineContract, ASecondTryAfterAConflictSeesTheWinner) {
  Version seen = 0;
  Read(kA, "k", &seen);
  std::promise<Committed> winner;
  Batch first;
  first.Put(kA, "k", "winner");
  engine().Commit(std::move(first), nullptr, [&](Committed c) { winner.set_value(c); });
  Batch second;
  second.Guard(kA, "k", seen);
  second.Put(kA, "k", "loser");
  EXPECT_EQ(Commit(std::move(second)).outcome, Outcome::kConflict);
  EXPECT_EQ(Read(kA, "k", &seen), "winner");
  Batch third;
  third.Guard(kA, "k", seen);
  third.Put(kA, "k", "second");
  EXPECT_EQ(Commit(std::move(third)).outcome, Outcome::kDone);
  EXPECT_EQ(winner.get_future().get().outcome, Outcome::kDone);
}

TEST_P(EngineContract, RangesHonourBoundsAndOrder) {
  for (const char* key : {"a", "b", "c", "d"}) Put(kA, key, "");
  Put(Space{6}, "z", "");
  Put(kB, "", "");
  EXPECT_EQ(Keys(kA, "", "", Order::kForward), (Names{"a", "b", "c", "d"}));
  EXPECT_EQ(Keys(kA, "", "", Order::kReverse), (Names{"d", "c", "b", "a"}));
  EXPECT_EQ(Keys(kA, "b", "d", Order::kForward), (Names{"b", "c"}));
  EXPECT_EQ(Keys(kA, "b", "d", Order::kReverse), (Names{"c", "b"}));
  EXPECT_EQ(Keys(kA, "b", "", Order::kReverse), (Names{"d", "c", "b"}));
  EXPECT_EQ(Keys(kA, "aa", "cc", Order::kForward), (Names{"b", "c"}));
  EXPECT_EQ(Keys(kA, "aa", "cc", Order::kReverse), (Names{"c", "b"}));
  EXPECT_EQ(Keys(kA, "c", "c", Order::kForward), Names{});
  EXPECT_EQ(Keys(kA, "d", "a", Order::kReverse), Names{});
  EXPECT_EQ(Keys(kA, "e", "", Order::kReverse), Names{});
  EXPECT_EQ(Keys(Space{4242}, "", "", Order::kForward), Names{});
}

TEST_P(EngineContract, ACursorSeesTheStateOfItsCreation) {
  Rows before;
  Batch fill;
  for (int i = 0; i < 1000; ++i) {
    before.emplace_back("k" + std::to_string(1000 + i), std::to_string(i));
    fill.Put(kA, before.back().first, before.back().second);
  }
  Commit(std::move(fill));
  for (const Order order : {Order::kForward, Order::kReverse}) {
    const Rows expected = order == Order::kForward ? before : Rows(before.rbegin(), before.rend());
    const auto cursor = engine().Range(kA, "", "", order);
    Batch change;
    for (int i = 0; i < 1000; ++i) {
      const std::string key = "k" + std::to_string(1000 + i);
      if (i % 3 == 0) change.Erase(kA, key);
      if (i % 3 == 1) change.Put(kA, key, "changed");
      if (i % 3 == 2) change.Put(kA, key + "x", "new");
    }
    Commit(std::move(change));
    Rows seen;
    for (; cursor->Valid(); cursor->Next()) seen.emplace_back(cursor->key(), cursor->value());
    EXPECT_EQ(seen, expected);
    Batch restore;
    for (const auto& [key, value] : ReadAll(engine(), kA)) restore.Erase(kA, key);
    for (const auto& [key, value] : before) restore.Put(kA, key, value);
    Commit(std::move(restore));
  }
}

TEST_P(EngineContract, ASnapshotDoesNotChange) {
  Put(kA, "changed", "old");
  Put(kA, "erased", "old");
  auto opened = engine().Snapshot();
  ASSERT_TRUE(opened.ok());
  const std::unique_ptr<View> snapshot = std::move(*opened);
  for (int i = 0; i < 3; ++i) Put(kA, "changed", "new" + std::to_string(i));
  Erase(kA, "erased");
  Put(kA, "added", "new");
  Put(kB, "added", "new");
  Version seen = 0;
  EXPECT_EQ(ReadOne(*snapshot, kA, "changed", &seen), "old");
  EXPECT_EQ(ReadOne(*snapshot, kA, "erased"), "old");
  EXPECT_EQ(ReadOne(*snapshot, kA, "added"), std::nullopt);
  EXPECT_EQ(ReadAll(*snapshot, kA), (Rows{{"changed", "old"}, {"erased", "old"}}));
  EXPECT_TRUE(ReadAll(*snapshot, kB).empty());
  EXPECT_EQ(Read(kA, "changed"), "new2");
  Batch batch;
  batch.Guard(kA, "changed", seen);
  EXPECT_EQ(Commit(std::move(batch)).outcome, Outcome::kConflict) << "a snapshot's token is as old as the snapshot";
}

TEST_P(EngineContract, AValueLivesAsLongAsItsPin) {
  const std::string large(100'000, 'x');
  Put(kA, "k", large);
  Value value;
  ASSERT_TRUE(*engine().Get(kA, "k", &value));
  Put(kA, "k", "other");
  Erase(kA, "k");
  EXPECT_EQ(value.bytes, large);
}

TEST_P(EngineContract, ALargeBatchIsOneCommit) {
  Batch batch;
  const std::string value(1 << 20, 'v');
  for (int i = 0; i < 40; ++i) batch.Put(kA, "large" + std::to_string(100 + i), value);
  for (int i = 0; i < 20'000; ++i) batch.Put(kB, "small" + std::to_string(100'000 + i), "v");
  EXPECT_EQ(Commit(std::move(batch)).outcome, Outcome::kDone);
  EXPECT_EQ(ReadAll(engine(), kA).size(), 40u);
  EXPECT_EQ(ReadAll(engine(), kB).size(), 20'000u);
}

}  // namespace stator::engine
