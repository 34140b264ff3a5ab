#include "engine/rocksdb/row_cache.h"

#include <gtest/gtest.h>

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

// One thread commits numbers that grow, readers look them up: a reader must never see less than what was published
// before its read began, nor less than it saw before.
TEST_F(RowCacheTest, ReadersNeverSeeThePast) {
  constexpr size_t kKeys = 8;
  constexpr uint64_t kCommits = 100'000;
  std::array<std::atomic<uint64_t>, kKeys> store{};  // what is visible to those that miss
  std::array<std::atomic<uint64_t>, kKeys> published{};
  const auto key = [](size_t i) { return "key" + std::to_string(i); };
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    readers.emplace_back([&, seed] {
      Random random(seed);
      std::array<uint64_t, kKeys> last{};
      while (!stop) {
        const size_t i = random.Below(kKeys);
        const uint64_t least = std::max(last[i], published[i].load());
        Value value;
        RowCache::Ticket ticket;
        uint64_t seen = 0;
        if (cache_.Get(key(i), &value.bytes, &value.pin, &ticket)) {
          seen = std::stoull(std::string(value.bytes));
        } else {
          seen = store[i].load();
          if (random.Below(8) == 0) std::this_thread::yield();
          cache_.Fill(ticket, key(i), std::to_string(seen));
        }
        if (seen < least) ++wrong;
        last[i] = seen;
      }
    });
  }
  Random random(99);
  for (uint64_t n = 1; n <= kCommits; ++n) {
    const size_t i = random.Below(kKeys);
    cache_.Close(key(i));
    store[i] = n;
    n % 5 == 0 ? cache_.Remove(key(i)) : cache_.Update(key(i), std::to_string(n));
    cache_.Open(key(i));
    published[i] = n;
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace stator::engine
