// What the engines cost by themselves: one row, and a page of twenty either way, of 100,000 rows of 300 bytes.
#include <benchmark/benchmark.h>

#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "base/check.h"
#include "engine/commit_and_wait.h"
#include "engine/memory/memory_engine.h"
#include "engine/rocksdb/rocksdb_engine.h"
#include "item/key.h"

namespace {

using stator::Bytes;
using stator::Clock;
using namespace stator::engine;  // NOLINT(google-build-using-namespace): all of it is measured here

constexpr uint64_t kRows = 100'000;
constexpr uint64_t kPerPartition = 100;
constexpr Space kSpace{7};

std::string PartitionKey(uint64_t partition) {
  char text[32];
  std::string hash =
      std::string("MSG#") +
      std::string(text, static_cast<size_t>(std::snprintf(text, sizeof text, "%010d", static_cast<int>(partition))));
  hash.append("\0\1", 2);
  std::string key;
  for (int shift = 56; shift >= 0; shift -= 8) {
    key.push_back(static_cast<char>(stator::item::HashOfKey(hash) >> shift));
  }
  return key + hash;
}

std::string RowKey(uint64_t row) {
  char text[32];
  const int size = std::snprintf(text, sizeof text, "2026-%010d", static_cast<int>(row % kPerPartition));
  std::string key = PartitionKey(row / kPerPartition).append(text, static_cast<size_t>(size));
  return key.append("\0\1", 2);
}

void Fill(Engine& engine) {
  for (uint64_t row = 0; row < kRows;) {
    Batch batch;
    for (int i = 0; i < 25; ++i, ++row)
      batch.Put(kSpace, RowKey(row), std::string(300, static_cast<char>('a' + row % 26)));
    STATOR_CHECK(CommitAndWait(engine, std::move(batch)).outcome == Outcome::kDone);
  }
}

const Clock& BenchClock() {
  static const Clock clock;
  return clock;
}

// One of each for the whole run.
Engine& Memory() {
  static const std::unique_ptr<Engine> engine = [] {
    auto made = NewMemoryEngine(BenchClock());
    Fill(*made);
    return made;
  }();
  return *engine;
}

std::unique_ptr<Engine> MakeRocks(const char* name, Durability durability) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / name;
  std::filesystem::remove_all(folder);
  RocksOptions options;
  options.path = folder;
  options.durability = durability;
  auto made = OpenRocksEngine(options, BenchClock());
  STATOR_CHECK(made.ok());
  Fill(**made);
  return std::move(*made);
}

Engine& Rocks() {
  static const std::unique_ptr<Engine> engine = MakeRocks("stator-engine-bench", Durability::kRelaxed);
  return *engine;
}

Engine& StrictRocks() {
  static const std::unique_ptr<Engine> engine = MakeRocks("stator-engine-bench-strict", Durability::kStrict);
  return *engine;
}

using Make = Engine& (*)();

void Get(benchmark::State& state, Make make) {
  Engine& engine = make();
  uint64_t row = 0;
  for (auto _ : state) {
    row = (row + 7'919) % kRows;
    Value value;
    auto found = engine.Get(kSpace, RowKey(row), &value);
    STATOR_CHECK(found.ok() && *found);
    benchmark::DoNotOptimize(value.bytes.data());
  }
}
BENCHMARK_CAPTURE(Get, memory, &Memory);
BENCHMARK_CAPTURE(Get, rocksdb, &Rocks);

void GetMiss(benchmark::State& state, Make make) {
  Engine& engine = make();
  uint64_t row = 0;
  for (auto _ : state) {
    row = (row + 7'919) % kRows;
    Value value;
    auto found = engine.Get(kSpace, RowKey(row) + "x", &value);
    STATOR_CHECK(found.ok() && !*found);
  }
}
BENCHMARK_CAPTURE(GetMiss, memory, &Memory);
BENCHMARK_CAPTURE(GetMiss, rocksdb, &Rocks);

void Page(benchmark::State& state, Make make, Order order) {
  Engine& engine = make();
  uint64_t partition = 0;
  for (auto _ : state) {
    partition = (partition + 79) % (kRows / kPerPartition);
    const std::string from = PartitionKey(partition);
    const std::string to = stator::item::PrefixEnd(from);
    size_t bytes = 0;
    auto cursor = engine.Range(kSpace, from, to, order);
    for (int i = 0; i < 20; ++i, cursor->Next()) {
      STATOR_CHECK(cursor->Valid());
      bytes += cursor->value().size();
    }
    benchmark::DoNotOptimize(bytes);
  }
}
BENCHMARK_CAPTURE(Page, memory_forward, &Memory, Order::kForward);
BENCHMARK_CAPTURE(Page, memory_reverse, &Memory, Order::kReverse);
BENCHMARK_CAPTURE(Page, rocksdb_forward, &Rocks, Order::kForward);
BENCHMARK_CAPTURE(Page, rocksdb_reverse, &Rocks, Order::kReverse);

// Commits of one row each, as many outstanding as the argument says. CPU is that of the whole process.
void CommitRow(benchmark::State& state, Make make) {
  Engine& engine = make();
  std::mutex mutex;
  std::condition_variable changed;
  int64_t outstanding = 0;
  uint64_t row = 0;
  const auto before = engine.statistics();
  for (auto _ : state) {
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return outstanding < state.range(0); });
      ++outstanding;
    }
    row = (row + 7'919) % kRows;
    Batch batch;
    batch.Put(kSpace, RowKey(row), std::string(300, 'w'));
    engine.Commit(std::move(batch), nullptr, [&](Committed) {
      const std::lock_guard lock(mutex);
      --outstanding;
      changed.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return outstanding == 0; });
  const auto after = engine.statistics();
  state.counters["syncs_per_commit"] =
      static_cast<double>(after.syncs - before.syncs) / static_cast<double>(after.commits - before.commits);
}
BENCHMARK_CAPTURE(CommitRow, memory, &Memory)->Arg(1)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK_CAPTURE(CommitRow, relaxed, &Rocks)->Arg(1)->Arg(32)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK_CAPTURE(CommitRow, strict, &StrictRocks)->Arg(1)->Arg(32)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
