#include "table/expiry.h"

#include <gmock/gmock.h>

#include <thread>

#include "table/expiry_testing.h"

namespace stator::table {
namespace {

using item::ItemView;
using ::testing::ElementsAre;

constexpr int64_t kHour = 3600;

TEST_F(ExpiryTest, WhatIsDueGoesAndItsIndexRowsWithIt) {
  Create();
  SetTimeToLive(true);
  ASSERT_TRUE(Put("past", In(-5)).ok());
  ASSERT_TRUE(Put("future", In(kHour)).ok());
  ASSERT_TRUE(Put("never", "").ok());
  ASSERT_TRUE(Put("text", R"({"S":"1"})").ok());
  ASSERT_TRUE(Put("ancient", "{\"N\":\"5\"}").ok());
  EXPECT_TRUE(Has("past"));
  ExpectSound();
  Expire();
  EXPECT_THAT(All(), ElementsAre("ancient", "future", "never", "text"));
  EXPECT_EQ(Rows(Table()->indexes[0].space), 4U);
  EXPECT_EQ(tables_->SizeOf(*Table(), nullptr).rows, 4);
  EXPECT_EQ(tables_->expiry()->figures().removed, 1U);
  ExpectSound();
  clock_.Step(std::chrono::hours(2));
  Expire();
  EXPECT_THAT(All(), ElementsAre("ancient", "never", "text"));
  ExpectSound();
}

TEST_F(ExpiryTest, WhatIsPutInFrontOfTheLastLookIsFound) {
  Create();
  SetTimeToLive(true);
  ASSERT_TRUE(Put("a", In(-5)).ok());
  Expire();
  ASSERT_TRUE(Put("b", In(-1000)).ok());
  ASSERT_TRUE(Put("c", In(-5)).ok());
  Expire();
  EXPECT_TRUE(All().empty());
}

TEST_F(ExpiryTest, ARowFollowsItsItem) {
  Create();
  SetTimeToLive(true);
  const engine::Space rows = Table()->ttl.space;
  ASSERT_TRUE(Put("a", In(kHour)).ok());
  EXPECT_EQ(Rows(rows), 1U);
  ASSERT_TRUE(Put("a", In(2 * kHour)).ok());
  EXPECT_EQ(Rows(rows), 1U);
  ASSERT_TRUE(Put("a", "").ok());
  EXPECT_EQ(Rows(rows), 0U);
  ASSERT_TRUE(Put("a", In(-5)).ok());
  ASSERT_TRUE(Put("a", In(kHour)).ok());  // given more time
  Expire();
  EXPECT_TRUE(Has("a"));
  ExpectSound();
}

// The removal has been found and waits for its turn, which somebody has who gives the item more time.
TEST_F(ExpiryTest, AnItemThatIsGivenMoreTimeMeanwhileStays) {
  Create();
  SetTimeToLive(true);
  ASSERT_TRUE(Put("a", In(-5)).ok());
  ASSERT_TRUE(Put("b", In(-5)).ok());
  engine_.Hold();
  const std::string later = In(kHour);
  std::thread writer([&] { EXPECT_TRUE(Put("a", later).ok()); });
  while (engine_.held() == 0) std::this_thread::yield();
  std::thread remover([&] { Expire(); });
  // It cannot have been removed: its turn is taken. Letting go at any moment must give the same.
  std::this_thread::yield();
  engine_.Release();
  writer.join();
  remover.join();
  Expire();
  EXPECT_THAT(All(), ElementsAre("a"));
  ExpectSound();
}

TEST_F(ExpiryTest, ManyGoInSteps) {
  Create();
  SetTimeToLive(true);
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(Put("k" + std::to_string(i), In(-1 - i % 7)).ok());
  ASSERT_TRUE(Put("stays", In(kHour)).ok());
  Expire();
  EXPECT_THAT(All(), ElementsAre("stays"));
  EXPECT_EQ(tables_->expiry()->figures().removed, 300U);
  EXPECT_EQ(told_, (std::map<std::string, uint64_t>{{"table", 300}}));
  ExpectSound();
}

TEST_F(ExpiryTest, ItemsFromBeforeItWasEnabledAreFound) {
  Create();
  for (int i = 0; i < 700; ++i) ASSERT_TRUE(Put("k" + std::to_string(i), i % 2 ? In(2 * kHour) : "").ok());
  SetTimeToLive(true);
  Expire();  // waits until all are found
  EXPECT_FALSE(Table()->ttl.backfilling);
  EXPECT_EQ(Rows(Table()->ttl.space), 350U);
  ExpectSound();
  clock_.Step(std::chrono::hours(3));
  Expire();
  EXPECT_EQ(All().size(), 350U);
}

TEST_F(ExpiryTest, ItemsAreFoundAfterAFillThatWasInterrupted) {
  Create();
  for (int i = 0; i < 700; ++i) ASSERT_TRUE(Put("k" + std::to_string(i), In(3 * kHour)).ok());
  SetTimeToLive(true);
  const bool interrupted = Table()->ttl.backfilling;
  Close();
  Open();
  Expire();
  EXPECT_FALSE(Table()->ttl.backfilling) << interrupted;
  EXPECT_EQ(Rows(Table()->ttl.space), 700U);
  ExpectSound();
}

TEST_F(ExpiryTest, FaultsOfTheEngineDelayAndLoseNothing) {
  Create();
  for (int i = 0; i < 600; ++i) ASSERT_TRUE(Put("k" + std::to_string(i), In(-5)).ok());
  SetTimeToLive(true);
  engine_.FailByChance(0.3, {engine::Fault::kConflict}, 5);
  Expire();
  engine_.Heal();
  Expire();
  ExpectSound();
  clock_.Step(std::chrono::hours(1));
  Expire();
  EXPECT_TRUE(All().empty());
  ExpectSound();
}

TEST_F(ExpiryTest, DisabledNothingGoesAndTheRowsAreDropped) {
  Create();
  SetTimeToLive(true);
  ASSERT_TRUE(Put("a", In(kHour)).ok());
  Expire();
  const engine::Space rows = Table()->ttl.space;
  SetTimeToLive(false);
  clock_.Step(std::chrono::hours(3));
  Expire();
  EXPECT_TRUE(Has("a"));
  while (!catalog_->DroppedSpaces().empty()) std::this_thread::yield();
  EXPECT_EQ(Rows(rows), 0U);
  SetTimeToLive(true);
  Expire();
  Expire();
  EXPECT_FALSE(Has("a"));
}

TEST_F(ExpiryTest, ACheckFindsRowsThatAreMissingAndRowsOfNothing) {
  Create();
  SetTimeToLive(true);
  ASSERT_TRUE(Put("a", In(kHour)).ok());
  Expire();
  ExpectSound();
  const engine::Space rows = Table()->ttl.space;
  const auto faults = [&](const std::string& erase, const std::string& put) {
    engine::Batch batch;
    if (!erase.empty()) batch.Erase(rows, erase);
    if (!put.empty()) batch.Put(rows, put, {});
    EXPECT_EQ(RunOn(lanes_->at(0), [&](Lane& lane) { return CommitNow(std::move(batch), lane); }),
              engine::Outcome::kDone);
    CheckReport report;
    EXPECT_TRUE(CheckTable(engine_, *Table(), &report).ok());
    return report.faults;
  };
  const std::string stored = Get("a");
  const auto expiry = ExpiryOf(Table()->ttl, ItemView(stored));
  const std::string row = ExpiryKey(*expiry, KeyOf("a"));
  EXPECT_EQ(faults(row, ""), 1U);                                 // too few
  EXPECT_EQ(faults("", ExpiryKey(*expiry + 1, KeyOf("a"))), 1U);  // another time than the item's
  EXPECT_EQ(faults("", row), 2U);                                 // and one too many
  EXPECT_EQ(faults(ExpiryKey(*expiry + 1, KeyOf("a")), ""), 0U);
}

TEST_F(ExpiryTest, TheStreamSaysThatAServiceDidIt) {
  Create(true);
  SetTimeToLive(true);
  ASSERT_TRUE(Put("a", In(-5), 3).ok());
  Expire();
  std::vector<std::pair<streams::Event, bool>> events;
  const streams::StreamRef stream = streams_->ForTable(*Table());
  ASSERT_TRUE(stream);
  ASSERT_TRUE(streams_
                  ->Read(stream->shards.at(0), 0, SIZE_MAX, SIZE_MAX,
                         [&](const streams::Change& change) {
                           events.emplace_back(change.event, change.by_service);
                           return true;
                         })
                  .ok());
  EXPECT_THAT(events, ElementsAre(std::pair(streams::Event::kInsert, false), std::pair(streams::Event::kRemove, true)));
}

}  // namespace
}  // namespace stator::table
