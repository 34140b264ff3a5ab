#include "engine/rocksdb/row_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <string>
#include <thread>

#include "base/random.h"

namespace stator::engine {
namespace {

class RowCacheTest : public testing::Test {
 protected:
  // As a reader does; `stored` is what the store holds.
  void Read(const std::string& key, const std::string& stored) {
    Value value;
    RowCache::Ticket ticket;
    if (!cache_.Get(key, &value.bytes, &value.pin, &ticket)) cache_.Fill(ticket, key, stored);
  }
  std::optional<std::string> Cached(const std::string& key) {
    Value value;
    RowCache::Ticket ticket;
    if (!cache_.Get(key, &value.bytes, &value.pin, &ticket)) return std::nullopt;
    return std::string(value.bytes);
  }
  void Commit(const std::string& key, const std::optional<std::string>& value) {
    cache_.Close(key);
    value ? cache_.Update(key, *value) : cache_.Remove(key);
    cache_.Open(key);
  }

  RowCache cache_{1 << 20};
};

TEST_F(RowCacheTest, KeepsWhatWasRead) {
  EXPECT_EQ(Cached("k"), std::nullopt);
  Read("k", "v");
  EXPECT_EQ(Cached("k"), "v");
  Read("empty", "");
  EXPECT_EQ(Cached("empty"), "");
  EXPECT_GT(cache_.bytes(), 0u);
}

TEST_F(RowCacheTest, FollowsCommits) {
  Read("k", "v");
  Commit("k", "w");
  EXPECT_EQ(Cached("k"), "w");
  Commit("k", std::nullopt);
  EXPECT_EQ(Cached("k"), std::nullopt);
  Commit("k", "x");  // nobody asked for it
  EXPECT_EQ(Cached("k"), std::nullopt);
}

TEST_F(RowCacheTest, AClosedRowIsNotAnswered) {
  Read("k", "v");
  cache_.Close("k");
  EXPECT_EQ(Cached("k"), std::nullopt);
  cache_.Update("k", "w");
  EXPECT_EQ(Cached("k"), std::nullopt);
  cache_.Open("k");
  EXPECT_EQ(Cached("k"), "w");
}

TEST_F(RowCacheTest, ASlowReaderFillsInNothingOld) {
  Value value;
  RowCache::Ticket before;
  ASSERT_FALSE(cache_.Get("k", &value.bytes, &value.pin, &before));
  cache_.Close("k");
  RowCache::Ticket during;
  ASSERT_FALSE(cache_.Get("k", &value.bytes, &value.pin, &during));
  cache_.Fill(before, "k", "old");
  cache_.Update("k", "new");
  cache_.Open("k");
  cache_.Fill(before, "k", "old");
  cache_.Fill(during, "k", "old");
  EXPECT_EQ(Cached("k"), std::nullopt);
}

TEST_F(RowCacheTest, APinOutlivesItsRow) {
  Read("k", "v");
  Value value;
  RowCache::Ticket ticket;
  ASSERT_TRUE(cache_.Get("k", &value.bytes, &value.pin, &ticket));
  Commit("k", std::nullopt);
  cache_.RemoveAll();
  EXPECT_EQ(value.bytes, "v");
}

TEST_F(RowCacheTest, RemoveAllForgetsWhatIsUnderWay) {
  Read("k", "v");
  Value value;
  RowCache::Ticket ticket;
  ASSERT_FALSE(cache_.Get("other", &value.bytes, &value.pin, &ticket));
  cache_.CloseAll();
  cache_.RemoveAll();
  cache_.OpenAll();
  cache_.Fill(ticket, "other", "old");
  EXPECT_EQ(Cached("k"), std::nullopt);
  EXPECT_EQ(Cached("other"), std::nullopt);
  EXPECT_EQ(cache_.bytes(), 0u);
}

TEST_F(RowCacheTest, StaysWithinItsBytes) {
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 10'000; ++i) Read("key" + std::to_string(i), std::string(300, 'v'));
    EXPECT_LE(cache_.bytes(), 1u << 20);
  }
  EXPECT_GT(cache_.bytes(), 1u << 19);
  Read("large", std::string(100'000, 'v'));
  EXPECT_EQ(Cached("large"), std::nullopt);
  Commit("key1", std::string(100'000, 'v'));
  EXPECT_EQ(Cached("key1"), std::nullopt);
}

TEST_F(RowCacheTest, WhatIsAskedForStays) {
  for (int i = 0; i < 20; ++i) Read("hot" + std::to_string(i), std::string(300, 'v'));
  for (int i = 0; i < 50'000; ++i) {
    Read("cold" + std::to_string(i), std::string(300, 'v'));
    Read("hot" + std::to_string(i % 20), std::string(300, 'v'));
  }
  for (int i = 0; i < 20; ++i) EXPECT_NE(Cached("hot" + std::to_string(i)), std::nullopt) << i;
}

// A row whose value is a number that each commit raises, one step at a time: whoever reads may come between.
class CountedRow {
 public:
  CountedRow(RowCache& cache, std::string key) : cache_(cache), key_(std::move(key)) {}

  static constexpr int kCommitSteps = 4;
  void CommitStep(bool update) {
    switch (commit_step_++ % kCommitSteps) {
      case 0:
        return cache_.Close(key_);
      case 1:
        ++stored_;
        return;
      case 2:
        return update ? cache_.Update(key_, std::to_string(stored_)) : cache_.Remove(key_);
      default:
        cache_.Open(key_);
        acknowledged_ = stored_;
    }
  }

  static constexpr int kReadSteps = 3;
  struct Read {
    RowCache::Ticket ticket;
    std::optional<int> seen;
    bool hit = false;
    int step = 0;
  };
  void ReadStep(Read* read) {
    switch (read->step++) {
      case 0:
        read->seen = Cached(&read->ticket);
        read->hit = read->seen.has_value();
        return;
      case 1:
        if (!read->hit) read->seen = stored_;
        return;
      default:
        if (!read->hit) cache_.Fill(read->ticket, key_, std::to_string(*read->seen));
    }
  }

  // What a reader sees that begins now is no older than what was acknowledged.
  bool Current() {
    RowCache::Ticket ticket;
    return Cached(&ticket).value_or(stored_) >= acknowledged_;
  }

 private:
  std::optional<int> Cached(RowCache::Ticket* ticket) {
    Value value;
    if (!cache_.Get(key_, &value.bytes, &value.pin, ticket)) return std::nullopt;
    return std::stoi(std::string(value.bytes));
  }

  RowCache& cache_;
  const std::string key_;
  int stored_ = 0;  // what is visible to those that miss
  int acknowledged_ = 0;
  int commit_step_ = 0;
};

// Every order in which the steps of two readers and of two commits can fall.
TEST_F(RowCacheTest, NoOrderOfStepsShowsThePast) {
  for (bool update : {true, false}) {
    std::string order = std::string(CountedRow::kReadSteps, 'a') + std::string(CountedRow::kReadSteps, 'b') +
                        std::string(2 * CountedRow::kCommitSteps, 'c');
    int orders = 0;
    do {
      CountedRow row(cache_, "key" + std::to_string(++orders));
      CountedRow::Read reads[2];
      for (char step : order) {
        step == 'c' ? row.CommitStep(update) : row.ReadStep(&reads[step - 'a']);
        ASSERT_TRUE(row.Current()) << order;
      }
    } while (std::next_permutation(order.begin(), order.end()));
    EXPECT_EQ(orders, 60'060);
    cache_.RemoveAll();
  }
}

// The same with threads, for what happens within a step: a reader that has looked at many rows before they were
// committed brings what it found while they are.
TEST_F(RowCacheTest, ReadersNeverSeeThePast) {
  constexpr int kRounds = 100;
  constexpr size_t kRows = 200;
  const auto key = [](size_t i) { return "key" + std::to_string(i); };
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Random random(seed);
  for (int round = 0; round < kRounds; ++round) {
    std::vector<RowCache::Ticket> tickets(kRows);
    Value value;
    for (size_t i = 0; i < kRows; ++i) {
      ASSERT_FALSE(cache_.Get(key(i), &value.bytes, &value.pin, &tickets[i]));
    }
    std::atomic<size_t> begun{0};
    std::thread reader([&] {
      for (size_t i = 0; i < kRows; ++i) {
        begun = i + 1;
        cache_.Fill(tickets[i], key(i), "old");
      }
    });
    const size_t ahead = random.Below(4);
    for (size_t i = 0; i < kRows; ++i) {
      while (begun < std::min(i + ahead, kRows)) std::this_thread::yield();
      cache_.Close(key(i));
      cache_.Update(key(i), "new");
      cache_.Open(key(i));
    }
    reader.join();
    for (size_t i = 0; i < kRows; ++i) ASSERT_NE(Cached(key(i)), "old") << round << " " << i;
    for (size_t i = 0; i < kRows; ++i) Commit(key(i), std::nullopt);
  }
}

}  // namespace
}  // namespace stator::engine
