#include "metrics/metric_store.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>
#include <thread>

#include "base/random.h"
#include "engine/memory/memory_engine.h"

namespace stator::metrics {
namespace {

constexpr int64_t kFar = int64_t{1} << 31;

struct Store {
  Clock clock;
  std::unique_ptr<engine::Engine> engine = engine::NewMemoryEngine(clock);
  std::unique_ptr<MetricStore> store = std::move(MetricStore::Open(*engine, clock, {})).value();

  void Restart() {
    EXPECT_TRUE(store->Stop().ok());
    store = std::move(MetricStore::Open(*engine, clock, {})).value();
  }
  MetricStore::Series Read(const std::string& function, Metric metric) const {
    return std::move(store->Read(function, metric, 0, kFar)).value();
  }
};

TEST(Point, PercentilesAreWithinOnePercent) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  Point point;
  std::vector<double> samples;
  for (int i = 0; i < 5000; ++i) {
    samples.push_back(std::exp(random.Unit() * 12 - 3));
    point.Add(samples.back());
  }
  std::sort(samples.begin(), samples.end());
  for (const double percent : {0.0, 1.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const auto rank = static_cast<size_t>(std::max(1.0, std::ceil(percent * 50)));
    EXPECT_NEAR(point.Percentile(percent), samples[rank - 1], samples[rank - 1] * 0.0101) << percent;
  }
  EXPECT_EQ(point.min(), samples.front());
  EXPECT_EQ(point.max(), samples.back());
  EXPECT_EQ(Point().Percentile(99), 0);
}

TEST(Point, TwoHalvesMergeIntoTheWholeAndReadBack) {
  Random random(7);
  Point whole, left, right;
  for (int i = 0; i < 300; ++i) {
    const double value = random.Unit() * 1000 - 10;
    whole.Add(value);
    (i % 3 ? left : right).Add(value);
  }
  left.Merge(right);
  left.Merge(Point());
  std::string bytes;
  left.AppendTo(&bytes);
  Bytes rest = bytes;
  Point back;
  ASSERT_TRUE(back.TakeFrom(&rest));
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(back.count(), 300u);
  EXPECT_NEAR(back.sum(), whole.sum(), 1e-6);
  for (const double percent : {10.0, 50.0, 95.0}) EXPECT_EQ(back.Percentile(percent), whole.Percentile(percent));
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    Bytes part = Bytes(bytes).substr(0, cut);
    EXPECT_FALSE(Point().TakeFrom(&part));
  }
}

TEST(MetricStoreTest, AddsUpWhatIsWrittenAndWhatIsNot) {
  Store s;
  const Time now = s.clock.Now();
  const int64_t minute = now.seconds() / 60;
  s.store->Add("f", Metric::kDuration, 5, now);
  EXPECT_TRUE(s.store->Write().ok());
  s.store->Add("f", Metric::kDuration, 7, now);
  s.store->Add("f", Metric::kErrors, 1, now);
  s.store->Add("g", Metric::kDuration, 1, now);
  const auto series = s.Read("f", Metric::kDuration);
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series.begin()->first, minute);
  EXPECT_EQ(series.begin()->second.count(), 2u);
  EXPECT_EQ(series.begin()->second.sum(), 12);
  EXPECT_EQ(series.begin()->second.min(), 5);
  EXPECT_EQ(s.Read("", Metric::kDuration).begin()->second.sum(), 13) << "of all functions";
  EXPECT_TRUE(s.Read("h", Metric::kDuration).empty());
  EXPECT_EQ(s.store->Functions(), (std::vector<std::string>{"f", "g"}));
  EXPECT_TRUE(s.store->Read("f", Metric::kDuration, minute + 1, kFar)->empty());
  EXPECT_TRUE(s.store->Read("f", Metric::kDuration, 0, minute)->empty());
}

TEST(MetricStoreTest, TablesStandBesideFunctionsOfTheSameName) {
  Store s;
  const Time now = s.clock.Now();
  s.store->Add("same", Metric::kInvocations, 1, now);
  s.store->Add(OfTable("same"), Metric::kExpiredItems, 64, now);
  s.Restart();
  s.store->Add(OfTable("same"), Metric::kExpiredItems, 6, now);
  EXPECT_EQ(s.Read(OfTable("same"), Metric::kExpiredItems).begin()->second.sum(), 70);
  EXPECT_TRUE(s.Read("same", Metric::kExpiredItems).empty());
  EXPECT_EQ(s.store->Functions(), std::vector<std::string>{"same"});
  EXPECT_EQ(s.store->Tables(), std::vector<std::string>{"same"});
}

TEST(MetricStoreTest, SurvivesARestart) {
  Store s;
  s.store->Add("f", Metric::kInvocations, 1, s.clock.Now());
  s.store->Add("f-g", Metric::kInvocations, 1, s.clock.Now());
  s.Restart();
  s.store->Add("f", Metric::kInvocations, 1, s.clock.Now());
  EXPECT_EQ(s.Read("f", Metric::kInvocations).begin()->second.count(), 2u);
  EXPECT_EQ(s.store->Functions(), (std::vector<std::string>{"f", "f-g"}));
}

TEST(MetricStoreTest, ForgetsWhatIsTooOld) {
  Store s;
  s.store->Add("old", Metric::kInvocations, 1, s.clock.Now());
  s.store->Add("f", Metric::kInvocations, 1, s.clock.Now());
  EXPECT_TRUE(s.store->Write().ok());
  s.clock.Step(std::chrono::hours(24 * 16));
  EXPECT_TRUE(s.Read("f", Metric::kInvocations).empty());
  s.store->Add("f", Metric::kInvocations, 1, s.clock.Now());
  EXPECT_TRUE(s.store->Write().ok());
  EXPECT_EQ(s.store->Functions(), std::vector<std::string>{"f"});
  const auto rows = s.engine->Range(engine::Space{0xffff'ff02}, "", "", engine::Order::kForward);
  ASSERT_TRUE(rows->Valid());
  rows->Next();
  EXPECT_FALSE(rows->Valid());
}

TEST(MetricStoreTest, ManyThreadsLoseNothing) {
  Store s;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) s.store->Add("f", Metric::kInvocations, 1, s.clock.Now());
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < 50; ++i) {
      EXPECT_TRUE(s.store->Write().ok());
      EXPECT_LE(s.Read("f", Metric::kInvocations).size(), 3u);
    }
  });
  for (auto& thread : threads) thread.join();
  double sum = 0;
  for (const auto& [minute, point] : s.Read("f", Metric::kInvocations)) sum += point.sum();
  EXPECT_EQ(sum, 8000);
  EXPECT_NE(s.store->Metrics().find("stator_function_invocations_total{function=\"f\"} 8000\n"), std::string::npos);
  EXPECT_TRUE(s.store->RemoveAll().ok());
  EXPECT_TRUE(s.Read("f", Metric::kInvocations).empty());
}

TEST(MetricStoreTest, KnowsTheNames) {
  Metric metric{};
  EXPECT_TRUE(MetricNamed("AWS/Lambda", "IteratorAge", &metric));
  EXPECT_EQ(metric, Metric::kIteratorAge);
  EXPECT_EQ(NameOf(metric), "IteratorAge");
  EXPECT_EQ(UnitOf(metric), "Milliseconds");
  EXPECT_FALSE(MetricNamed("AWS/Lambda", "iteratorAge", &metric));
  EXPECT_FALSE(MetricNamed("AWS/DynamoDB", "IteratorAge", &metric));
}

}  // namespace
}  // namespace stator::metrics
