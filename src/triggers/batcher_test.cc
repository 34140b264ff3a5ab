#include "triggers/batcher.h"

#include <gtest/gtest.h>

#include "triggers/change_testing.h"

namespace stator::triggers {
namespace {

const streams::Stream kStream = TestStream();
constexpr MonotonicTime kStart{};

void AddAt(Batcher& batcher, engine::Position position, MonotonicTime now, Time time = Time{1'700'000'000'000'000}) {
  const OwnedChange change(position, "", WireItem("k", static_cast<int>(position)), time);
  batcher.Add(kStream, change.change, now);
}

TEST(Batcher, GivesWhatThereIsWithoutAWindow) {
  Settings settings;
  settings.batch_size = 3;
  Batcher batcher(settings);
  EXPECT_FALSE(batcher.Ready(kStart));
  for (engine::Position p = 1; p <= 4; ++p) AddAt(batcher, p, kStart);
  ASSERT_TRUE(batcher.Ready(kStart));
  EXPECT_EQ(batcher.records(), 4U);
  EXPECT_EQ(batcher.front().position, 1U);
  EXPECT_EQ(batcher.Take().size(), 3U);
  ASSERT_TRUE(batcher.Ready(kStart));
  EXPECT_EQ(batcher.Take().front().position, 4U);
  EXPECT_TRUE(batcher.empty());
  EXPECT_EQ(batcher.bytes(), 0U);
}

TEST(Batcher, WaitsForTheBatchingWindowOrAFullBatch) {
  Settings settings;
  settings.batch_size = 2;
  settings.batching_window_seconds = 10;
  Batcher batcher(settings);
  AddAt(batcher, 1, kStart + std::chrono::seconds(1));
  EXPECT_FALSE(batcher.Ready(kStart + std::chrono::seconds(10)));
  EXPECT_EQ(batcher.ReadyAt(), kStart + std::chrono::seconds(11));
  EXPECT_TRUE(batcher.Ready(kStart + std::chrono::seconds(11)));
  AddAt(batcher, 2, kStart + std::chrono::seconds(2));
  EXPECT_TRUE(batcher.Ready(kStart + std::chrono::seconds(2)));
  batcher.Take();
  AddAt(batcher, 3, kStart + std::chrono::seconds(3));
  EXPECT_FALSE(batcher.Ready(kStart + std::chrono::seconds(3)));
  batcher.Close();
  EXPECT_TRUE(batcher.Ready(kStart + std::chrono::seconds(3)));
}

TEST(Batcher, CutsAtSixMegabytes) {
  Settings settings;
  settings.batch_size = 10'000;
  settings.batching_window_seconds = 300;
  Batcher batcher(settings);
  // Each of these bytes is six in JSON.
  const std::string wire = R"({"pk":{"S":"k"},"sk":{"S":"a"},"x":{"S":")" + [] {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "\\u0001";
    return text;
  }() + "\"}}";
  for (engine::Position p = 1; p <= 25; ++p) {
    const OwnedChange change(p, "", wire);
    batcher.Add(kStream, change.change, kStart);
  }
  size_t records = 0;
  while (batcher.Ready(kStart)) {
    const EventBatch batch = batcher.Take();
    EXPECT_LE(batch.bytes(), Batcher::kMaxBatchBytes);
    EXPECT_EQ(batch.size(), 10U);
    EXPECT_EQ(batch.front().position, records + 1);
    records += batch.size();
  }
  EXPECT_EQ(records, 20U);
  EXPECT_EQ(batcher.records(), 5U);
}

TEST(Batcher, KeepsTumblingWindowsApart) {
  Settings settings;
  settings.tumbling_window_seconds = 30;
  Batcher batcher(settings);
  AddAt(batcher, 1, kStart, Time{59'000'000});
  AddAt(batcher, 2, kStart, Time{59'999'999});
  AddAt(batcher, 3, kStart, Time{60'000'000});
  EXPECT_EQ(batcher.Take().size(), 2U);
  EXPECT_EQ(batcher.Take().size(), 1U);
  EXPECT_EQ(WindowStart(Time{59'999'999}, 30).micros, 30'000'000);
}

TEST(EventBatch, SlicesItsJson) {
  EventBatch batch;
  for (int i = 1; i <= 3; ++i) {
    const OwnedChange change(static_cast<engine::Position>(i) * 10, "", WireItem("k", i));
    batch.Add(kStream, change.change);
  }
  json::Document document;
  for (size_t begin = 0; begin <= 3; ++begin) {
    for (size_t end = begin; end <= 3; ++end) {
      const std::string text = "[" + std::string(batch.Json(begin, end)) + "]";
      const auto parsed = document.Parse(text);
      ASSERT_TRUE(parsed.ok()) << text;
      EXPECT_EQ(parsed->size(), end - begin);
    }
  }
  EXPECT_EQ(batch.Find(20), 1U);
  EXPECT_EQ(batch.Find(25), 3U);
  EXPECT_EQ(batch.Find(99), 3U);
}

}  // namespace
}  // namespace stator::triggers
