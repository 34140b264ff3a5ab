#include "table/expiry.h"

#include <gmock/gmock.h>

#include <map>

#include "base/random.h"
#include "catalog/time_to_live.h"
#include "engine/commit.h"
#include "engine/fault/fault_engine.h"
#include "engine/memory/memory_engine.h"
#include "table/check.h"
#include "table/expiry_index.h"
#include "table/key_layout.h"
#include "table/table_testing.h"
#include "table/tables.h"

namespace stator::table {
namespace {

using item::ItemView;
using ::testing::ElementsAre;

// Far more than a test lasts: what happens in it was asked for.
constexpr ExpiryOptions kOnlyWhenAsked{std::chrono::hours(1)};
constexpr int64_t kHour = 3600;

std::string ItemOf(const std::string& pk, const std::string& ttl, int64_t n = 0) {
  const std::string expires = ttl.empty() ? "" : R"("ttl":)" + ttl + ",";
  return Stored(R"({"pk":{"S":")" + pk + R"("},"sk":{"N":"1"},"g":{"S":"x"},)" + expires + R"("n":{"N":")" +
                std::to_string(n) + R"("}})");
}
std::string SecondsOf(int64_t seconds) { return R"({"N":")" + std::to_string(seconds) + R"("})"; }

// --- The index ---------------------------------------------------------------------------------------------------

TEST(ExpiryIndex, WhenAnItemGoes) {
  const catalog::TimeToLive ttl{"ttl", true, engine::Space{13}, false, std::nullopt};
  const auto of = [&](const std::string& value) { return ExpiryOf(ttl, ItemView(ItemOf("a", value))); };
  EXPECT_EQ(of(R"({"N":"1700000000"})"), 1'700'000'000U);
  EXPECT_EQ(of(R"({"N":"17e8"})"), 1'700'000'000U);
  EXPECT_EQ(of(R"({"N":"9223372036854775807"})"), 9'223'372'036'854'775'807U);
  for (const char* value : {"", R"({"S":"1700000000"})", R"({"N":"1700000000.5"})", R"({"N":"0"})", R"({"N":"-5"})",
                            R"({"N":"9223372036854775808"})", R"({"NULL":true})", R"({"NS":["1700000000"]})"}) {
    EXPECT_EQ(of(value), std::nullopt) << value;
  }
  EXPECT_EQ(ExpiryOf(ttl, ItemView()), std::nullopt);
}

TEST(ExpiryIndex, WhatIsDue) {
  const Time now{1'700'000'000'999'999};
  constexpr Expiry kNow = 1'700'000'000;
  constexpr Expiry kFiveYears = 5 * 365 * 24 * Expiry{3600};
  EXPECT_TRUE(IsDue(kNow - 1, now));
  EXPECT_FALSE(IsDue(kNow, now));
  EXPECT_TRUE(IsDue(kNow - kFiveYears + 1, now));
  EXPECT_FALSE(IsDue(kNow - kFiveYears, now));
  const DueKeys due = DueAt(now);
  for (const Expiry expiry : {Expiry{1}, kNow - kFiveYears, kNow - kFiveYears + 1, kNow - 1, kNow, kNow + 1}) {
    const std::string key = ExpiryKey(expiry, "key");
    EXPECT_EQ(due.from <= key && key < due.to, IsDue(expiry, now)) << expiry;
  }
}

TEST(ExpiryProgress, GoesOnWhereItStoppedUnlessSomethingCameBefore) {
  constexpr engine::Space kSpace{7};
  ExpiryProgress progress;
  progress.Put(kSpace, 5);  // before the first look: it begins at the front
  const DueKeys due = DueAt(Time{1'700'000'000'000'000});
  EXPECT_EQ(progress.Begin(kSpace, due), due.from);
  progress.Advance(kSpace, due.to);
  EXPECT_EQ(progress.Begin(kSpace, due), due.to);
  progress.Put(kSpace, 1'700'000'001);  // behind all that was looked at
  EXPECT_EQ(progress.Begin(kSpace, due), due.to);
  progress.Put(kSpace, 1'699'999'000);
  progress.Put(kSpace, 1'699'999'500);
  EXPECT_EQ(progress.Begin(kSpace, due), ExpiryKey(1'699'999'000, {}));
  EXPECT_EQ(progress.Begin(kSpace, due), ExpiryKey(1'699'999'000, {}));  // until it has gone on
  progress.Put(kSpace, 5);                                               // too old to be removed
  EXPECT_EQ(progress.Begin(kSpace, due), due.from);
}

// --- A store with one table --------------------------------------------------------------------------------------

class ExpiryTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }
  void TearDown() override { Close(); }

  void Open() {
    lanes_ = std::make_unique<Lanes>(2);
    catalog_ = std::move(catalog::Catalog::Open(engine_, clock_, {})).value();
    streams_ = std::move(streams::Streams::Open(engine_, *catalog_, clock_, {})).value();
    workers_ = std::make_unique<WorkerPool>(1);
    tables_ = std::make_unique<Tables>(engine_, *catalog_, *streams_, *workers_);
    ASSERT_TRUE(tables_->Start(lanes_->at(0)).ok());
    lanes_->Start();
    tables_->StartExpiry(clock_, kOnlyWhenAsked);
  }
  void Close() {
    tables_->StopExpiry();
    streams_->Stop();
    lanes_->StopAndJoin();
    ASSERT_TRUE(tables_->Stop().ok());
    workers_.reset();
    tables_.reset();
    streams_.reset();
    catalog_.reset();
    lanes_.reset();
  }

  void Create(bool stream = false) {
    catalog::TableSchema schema = TestSchema();
    schema.name = "table";
    schema.arn = "arn:aws:dynamodb:us-east-1:000000000000:table/table";
    schema.space = engine::Space{};
    for (catalog::IndexSchema& index : schema.indexes) index.space = engine::Space{};
    if (stream) schema.stream = {true, "NEW_AND_OLD_IMAGES", "2026-11-20T10:00:00.123"};
    ASSERT_TRUE(RunOn(lanes_->at(0), [&] { return catalog_->Create(schema, lanes_->at(0)); }).ok());
  }
  void SetTimeToLive(bool enable) {
    clock_.Step(catalog::kTimeToLiveInterval);
    const auto change = [&](const catalog::TableSchema& table) {
      return catalog::WithTimeToLive(table, enable, "ttl", clock_.Now());
    };
    const auto changed = RunOn(
        lanes_->at(0), [&] { return catalog_->Change(catalog::kSharedNamespace, "table", change, lanes_->at(0)); });
    ASSERT_TRUE(changed.ok()) << changed.error().text;
  }
  catalog::TableRef Table() const { return catalog_->Find(catalog::kSharedNamespace, "table"); }

  std::string KeyOf(const std::string& pk) const {
    return *TableKey(*Table(), ItemView(ItemOf(pk, "")), KeySource::kItem);
  }
  Status Put(const std::string& pk, const std::string& ttl, int64_t n = 0) {
    const std::string stored = ItemOf(pk, ttl, n);
    const std::string key = KeyOf(pk);
    const auto table = Table();
    const auto decide = [&](ItemView) -> Result<Decision> { return Decision::Put(stored); };
    const auto changed = RunOn(lanes_->at(1), [&] {
      return tables_->mutator().Mutate({*table, key, decide}, lanes_->at(1));
    });
    return changed.ok() ? Status() : Status(changed.error());
  }
  bool Has(const std::string& pk) const {
    engine::Value value;
    return *engine_.Get(Table()->space, KeyOf(pk), &value);
  }
  std::string Get(const std::string& pk) const {
    engine::Value value;
    EXPECT_TRUE(*engine_.Get(Table()->space, KeyOf(pk), &value));
    return std::string(value.bytes);
  }
  Task<engine::Outcome> CommitNow(engine::Batch batch, Lane& lane) {
    const engine::Committed committed = co_await engine::Commit(engine_, std::move(batch), lane);
    co_return committed.outcome;
  }
  std::vector<std::string> All() const {
    std::vector<std::string> all;
    const auto table = Table();
    for (auto c = engine_.Range(table->space, {}, {}, engine::Order::kForward); c->Valid(); c->Next()) {
      all.emplace_back(ItemView(c->value()).Find("pk").bytes());
    }
    std::sort(all.begin(), all.end());
    return all;
  }
  size_t Rows(engine::Space space) const {
    size_t rows = 0;
    for (auto c = engine_.Range(space, {}, {}, engine::Order::kForward); c->Valid(); c->Next()) ++rows;
    return rows;
  }
  std::string In(int64_t seconds) const { return SecondsOf(clock_.Now().seconds() + seconds); }
  void Expire() {
    const Status done = RunOn(lanes_->at(0), [&] { return tables_->expiry()->RemoveDue(lanes_->at(0)); });
    ASSERT_TRUE(done.ok()) << done.error().text;
  }
  void ExpectSound() const {
    CheckReport report;
    ASSERT_TRUE(CheckTable(engine_, *Table(), &report).ok());
    EXPECT_EQ(report.faults, 0U) << ::testing::PrintToString(report.messages);
  }

  Clock clock_;
  engine::FaultEngine engine_{engine::NewMemoryEngine(clock_)};
  std::unique_ptr<Lanes> lanes_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<streams::Streams> streams_;
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<Tables> tables_;
};

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
    EXPECT_EQ(RunOn(lanes_->at(0), [&] { return CommitNow(std::move(batch), lanes_->at(0)); }), engine::Outcome::kDone);
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

// --- Against a simple twin ---------------------------------------------------------------------------------------

// A map from key to what its item says of its time; what is due in it goes when the test says so.
struct Twin {
  std::map<std::string, std::optional<int64_t>> items;
  void Expire(int64_t now) {
    std::erase_if(items, [now](const auto& item) { return item.second && *item.second < now; });
  }
  std::vector<std::string> All() const {
    std::vector<std::string> all;
    all.reserve(items.size());
    for (const auto& [key, expiry] : items) all.push_back(key);
    return all;
  }
};

class ExpiryTwinTest : public ExpiryTest, public ::testing::WithParamInterface<int> {
 protected:
  using Parts = std::vector<std::pair<std::string, std::optional<int64_t>>>;

  void ExpireBoth(Twin* twin, bool enabled) {
    int64_t second = 0;
    do {  // within one second, so that both mean the same one
      second = clock_.Now().seconds();
      Expire();
    } while (clock_.Now().seconds() != second);
    if (enabled) twin->Expire(second);
  }
  Parts SomeItems(Random& random, size_t most) {
    Parts parts;
    for (size_t i = 1 + random.Below(most); i > 0; --i) {
      const std::string pk = "k" + std::to_string(random.Below(40));
      const bool twice = std::any_of(parts.begin(), parts.end(), [&](const auto& part) { return part.first == pk; });
      const int64_t at = clock_.Now().seconds() + static_cast<int64_t>(random.Below(400)) - 100;
      if (!twice) parts.emplace_back(pk, random.Below(4) ? std::optional(at) : std::nullopt);
    }
    return parts;
  }
  void Transact(const Parts& parts) {
    std::vector<std::string> keys;
    std::vector<std::function<Result<Decision>(ItemView)>> decides;
    std::vector<Change> changes;
    const auto table = Table();
    for (const auto& [pk, expiry] : parts) {
      keys.push_back(KeyOf(pk));
      const std::string stored = ItemOf(pk, expiry ? SecondsOf(*expiry) : "");
      decides.emplace_back([stored](ItemView) -> Result<Decision> { return Decision::Put(stored); });
    }
    for (size_t i = 0; i < keys.size(); ++i) changes.push_back({*table, keys[i], decides[i]});
    const auto seal = [](const std::vector<Changed>&, engine::Batch*) { return Status(); };
    const auto done =
        RunOn(lanes_->at(1), [&] { return tables_->mutator().Transact(changes, false, seal, lanes_->at(1)); });
    EXPECT_TRUE(done.ok());
  }
  void Erase(const std::string& pk) {
    const std::string key = KeyOf(pk);
    const auto table = Table();
    const auto decide = [](ItemView) -> Result<Decision> { return Decision::Erase(); };
    EXPECT_TRUE(RunOn(lanes_->at(1), [&] {
                  return tables_->mutator().Mutate({*table, key, decide}, lanes_->at(1));
                }).ok());
  }
};

TEST_P(ExpiryTwinTest, RandomWritesTransactionsStepsAndRestarts) {
  const auto seed = static_cast<uint64_t>(GetParam()) + 7000;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  Twin twin;
  Create(random.Below(2) == 0);
  SetTimeToLive(true);
  bool enabled = true;
  for (int step = 0; step < 400; ++step) {
    switch (random.Below(20)) {
      case 0:
        clock_.Step(std::chrono::seconds(random.Below(120)));
        break;
      case 1:
        if (random.Below(3) == 0) {
          Close();
          Open();
        }
        break;
      case 2:
        if (random.Below(6) == 0) {
          // What is due may go at any time while it is enabled, and stays from then on.
          ExpireBoth(&twin, enabled);
          SetTimeToLive(!enabled);
          enabled = !enabled;
        }
        break;
      case 3:
      case 4:
      case 5:
        ExpireBoth(&twin, enabled);
        ASSERT_EQ(All(), twin.All());
        ASSERT_NO_FATAL_FAILURE(ExpectSound());
        break;
      case 6:
      case 7: {
        const std::string pk = "k" + std::to_string(random.Below(40));
        Erase(pk);
        twin.items.erase(pk);
        break;
      }
      case 8:
      case 9:
      case 10: {
        const Parts parts = SomeItems(random, 5);
        Transact(parts);
        for (const auto& [pk, expiry] : parts) twin.items[pk] = expiry;
        break;
      }
      default: {
        const Parts parts = SomeItems(random, 1);
        const auto& [pk, expiry] = parts[0];
        ASSERT_TRUE(Put(pk, expiry ? SecondsOf(*expiry) : "").ok());
        twin.items[pk] = expiry;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ExpiryTwinTest, ::testing::Range(0, 8));

}  // namespace
}  // namespace stator::table
