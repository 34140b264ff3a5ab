// The contract under chance and under load: random operations against a plain map, concurrent counters and transfers.
#pragma once

#include <random>
#include <thread>

#include "engine/contract.h"

namespace stator::engine {

// The slow twin: two spaces as maps.
using ModelState = std::map<uint32_t, std::map<std::string, std::string>>;

class ModelWalk {
 public:
  ModelWalk(Engine& engine, uint64_t seed) : engine_(engine), random_(seed) {}

  void Step() {
    switch (random_.Below(10)) {
      case 0:
        return CheckRange();
      case 1:
        return KeepView();
      case 2:
        return CheckViews();
      case 3:
      case 4:
        return CheckGet();
      default:
        return Write();
    }
  }

  void CheckAll() {
    for (const Space space : {Space{7}, Space{8}}) {
      EXPECT_EQ(ReadAll(engine_, space), Sorted(model_, space, "", "", Order::kForward));
    }
  }
  void Release() { views_.clear(); }
  void Rebind() { CheckAll(); }

 private:
  static Rows Sorted(const ModelState& state, Space space, const std::string& from, const std::string& to,
                     Order order) {
    Rows rows;
    const auto found = state.find(static_cast<uint32_t>(space));
    if (found == state.end()) return rows;
    for (const auto& row : found->second) {
      if (row.first >= from && (to.empty() || row.first < to)) rows.push_back(row);
    }
    if (order == Order::kReverse) std::reverse(rows.begin(), rows.end());
    return rows;
  }

  std::string Key() {
    static constexpr char kAlphabet[] = {'\0', '\1', 'a', 'b', '\xfe', '\xff'};
    std::string key(random_.Below(4), '\0');
    for (char& c : key) c = kAlphabet[random_.Below(sizeof kAlphabet)];
    return key;
  }
  Space AnySpace() { return Space{static_cast<uint32_t>(7 + random_.Below(2))}; }
  Order AnyOrder() { return random_.Below(2) ? Order::kForward : Order::kReverse; }

  void Write() {
    Batch batch;
    ModelState next = model_;
    for (uint64_t i = 0, count = 1 + random_.Below(5); i < count; ++i) {
      const Space space = AnySpace();
      const std::string key = Key();
      auto& rows = next[static_cast<uint32_t>(space)];
      if (random_.Below(3) == 0) {
        batch.Erase(space, key);
        rows.erase(key);
      } else {
        const std::string value = std::to_string(random_.Next());
        batch.Put(space, key, value);
        rows[key] = value;
      }
    }
    EXPECT_EQ(CommitAndWait(engine_, std::move(batch)).outcome, Outcome::kDone);
    model_ = std::move(next);
  }

  void CheckGet() {
    const Space space = AnySpace();
    const std::string key = Key();
    const auto& rows = model_[static_cast<uint32_t>(space)];
    const auto found = rows.find(key);
    EXPECT_EQ(ReadOne(engine_, space, key), found == rows.end() ? std::nullopt : std::optional(found->second));
  }

  void CheckRange() {
    const Space space = AnySpace();
    const std::string from = Key();
    const std::string to = Key();
    const Order order = AnyOrder();
    EXPECT_EQ(ReadAll(engine_, space, from, to, order), Sorted(model_, space, from, to, order));
  }

  struct Kept {
    std::unique_ptr<View> snapshot;  // either of the two
    std::unique_ptr<Cursor> cursor;
    Order order;
    Space space;
    ModelState state;
  };

  void KeepView() {
    if (views_.size() > 4) views_.erase(views_.begin() + static_cast<long>(random_.Below(views_.size())));
    Kept kept{nullptr, nullptr, AnyOrder(), AnySpace(), model_};
    if (random_.Below(2)) {
      auto snapshot = engine_.Snapshot();
      ASSERT_TRUE(snapshot.ok());
      kept.snapshot = std::move(*snapshot);
    } else {
      kept.cursor = engine_.Range(kept.space, "", "", kept.order);
    }
    views_.push_back(std::move(kept));
  }

  void CheckViews() {
    for (Kept& kept : views_) {
      const Rows expected = Sorted(kept.state, kept.space, "", "", kept.order);
      if (kept.snapshot) {
        EXPECT_EQ(ReadAll(*kept.snapshot, kept.space, "", "", kept.order), expected);
        continue;
      }
      Rows rows;
      for (; kept.cursor->Valid(); kept.cursor->Next()) rows.emplace_back(kept.cursor->key(), kept.cursor->value());
      EXPECT_EQ(rows, expected);
    }
    std::erase_if(views_, [](const Kept& kept) { return kept.cursor != nullptr; });
  }

  Engine& engine_;
  Random random_;
  ModelState model_;
  std::vector<Kept> views_;
};

TEST_P(EngineContract, AgreesWithAMapUnderRandomOperations) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  ModelWalk walk(engine(), seed);
  for (int i = 0; i < 1500 && !HasFailure(); ++i) walk.Step();
  walk.CheckAll();
  walk.Release();
}

// Every increment is guarded; none may be lost.
TEST_P(EngineContract, GuardedCountersLoseNothing) {
  constexpr int kThreads = 4;
  constexpr int kEach = 60;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach;) {
        const std::string key = (i + t) % 2 ? "odd" : "even";
        Version seen = 0;
        const auto value = ReadOne(engine(), kA, key, &seen);
        Batch batch;
        batch.Guard(kA, key, seen);
        batch.Put(kA, key, std::to_string((value ? std::stoi(*value) : 0) + 1));
        if (CommitAndWait(engine(), std::move(batch)).outcome == Outcome::kDone) ++i;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::stoi(*Read(kA, "odd")) + std::stoi(*Read(kA, "even")), kThreads * kEach);
}

// Money moves between rows of two spaces; whoever looks, by snapshot or by guarded reads, finds all of it.
TEST_P(EngineContract, TransfersAreAtomic) {
  constexpr int kAccounts = 6;
  const auto name = [](uint64_t i) { return "account" + std::to_string(i); };
  const auto space = [&](uint64_t i) { return i % 2 ? kA : kB; };
  for (uint64_t i = 0; i < kAccounts; ++i) Put(space(i), name(i), "100");
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::atomic<int> running{3};
  std::vector<std::thread> threads;
  threads.reserve(3);
  for (uint64_t t = 0; t < 3; ++t) {
    threads.emplace_back([&, t] {
      Random random(seed + t);
      for (int i = 0; i < 150; ++i) {
        const uint64_t from = random.Below(kAccounts);
        const uint64_t to = (from + 1 + random.Below(kAccounts - 1)) % kAccounts;
        Version from_seen = 0;
        Version to_seen = 0;
        const int have = std::stoi(*ReadOne(engine(), space(from), name(from), &from_seen));
        const int there = std::stoi(*ReadOne(engine(), space(to), name(to), &to_seen));
        Batch batch;
        batch.Guard(space(from), name(from), from_seen);
        batch.Guard(space(to), name(to), to_seen);
        batch.Put(space(from), name(from), std::to_string(have - 1));
        batch.Put(space(to), name(to), std::to_string(there + 1));
        batch.Append(kLog, "moved");
        (void)CommitAndWait(engine(), std::move(batch));
      }
      --running;
    });
  }
  do {
    auto snapshot = engine().Snapshot();
    int total = 0;
    for (uint64_t i = 0; i < kAccounts; ++i) total += std::stoi(*ReadOne(**snapshot, space(i), name(i)));
    EXPECT_EQ(total, 100 * kAccounts);
  } while (running > 0);
  for (auto& thread : threads) thread.join();
}

}  // namespace stator::engine
