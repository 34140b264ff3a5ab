#include "table/mutate.h"

#include <future>

#include "base/random.h"
#include "base/run_on.h"
#include "engine/memory/memory_engine.h"
#include "errors/common.h"
#include "errors/table.h"
#include "table/backfill.h"
#include "table/check.h"
#include "table/key_layout.h"
#include "table/table_testing.h"

namespace stator::table {
namespace {

using item::ItemView;

class MutateTest : public ::testing::Test {
 protected:
  void SetUp() override { lanes_.Start(); }

  Result<Changed> Put(const std::string& wire) {
    const std::string stored = Stored(wire);
    const auto key = TableKey(table_, ItemView(stored), KeySource::kItem);
    EXPECT_TRUE(key.ok());
    const auto decide = [&](ItemView) -> Result<Decision> { return Decision::Put(stored); };
    return RunOn(lanes_.at(0), [&](Lane& lane) { return mutator_.Mutate({table_, *key, decide}, lane); });
  }

  Result<Changed> Erase(const std::string& key_wire) {
    const auto key = TableKey(table_, ItemView(Stored(key_wire)), KeySource::kKey);
    const auto decide = [](ItemView before) -> Result<Decision> {
      return before.valid() ? Decision::Erase() : Decision::Keep();
    };
    return RunOn(lanes_.at(0), [&](Lane& lane) { return mutator_.Mutate({table_, *key, decide}, lane); });
  }

  size_t Rows(engine::Space space) const {
    size_t rows = 0;
    for (auto c = engine_->Range(space, {}, {}, engine::Order::kForward); c->Valid(); c->Next()) ++rows;
    return rows;
  }

  CheckReport Check() const {
    CheckReport report;
    EXPECT_TRUE(CheckTable(*engine_, table_, &report).ok());
    return report;
  }

  Clock clock_;
  std::unique_ptr<engine::Engine> engine_ = engine::NewMemoryEngine(clock_);
  std::unique_ptr<catalog::Catalog> catalog_ = std::move(catalog::Catalog::Open(*engine_, clock_, {})).value();
  std::unique_ptr<streams::Streams> streams_ =
      std::move(streams::Streams::Open(*engine_, *catalog_, clock_, {})).value();
  Sizes sizes_;
  Mutator mutator_{*engine_, *streams_, sizes_};
  catalog::TableSchema table_ = TestSchema();
  Lanes lanes_{2};
};

TEST_F(MutateTest, PutWritesItemAndItsIndexEntries) {
  const auto changed = Put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"x"},"l":{"S":"y"},"extra":{"S":"e"}})");
  ASSERT_TRUE(changed.ok());
  EXPECT_FALSE(changed->existed);
  EXPECT_EQ(changed->indexes.size(), 2U);
  EXPECT_EQ(Rows(table_.space), 1U);
  EXPECT_EQ(Rows(table_.indexes[0].space), 1U);
  EXPECT_EQ(Rows(table_.indexes[1].space), 1U);
  EXPECT_EQ(Check().faults, 0U);
}

TEST_F(MutateTest, IndexesAreSparse) {
  ASSERT_TRUE(Put(R"({"pk":{"S":"a"},"sk":{"N":"1"}})").ok());
  EXPECT_EQ(Rows(table_.indexes[0].space), 0U);
  EXPECT_EQ(Rows(table_.indexes[1].space), 0U);
}

TEST_F(MutateTest, AnUntouchedIndexIsNotWritten) {
  ASSERT_TRUE(Put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"l":{"S":"y"},"n":{"N":"1"}})").ok());
  const auto changed = Put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"l":{"S":"y"},"n":{"N":"2"}})");
  ASSERT_TRUE(changed.ok());
  EXPECT_TRUE(changed->indexes.empty());  // n is not projected
}

TEST_F(MutateTest, AMovedEntryIsReportedAsMoved) {
  ASSERT_TRUE(Put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"x"}})").ok());
  const auto changed = Put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"z"}})");
  ASSERT_TRUE(changed.ok());
  ASSERT_EQ(changed->indexes.size(), 1U);
  EXPECT_TRUE(changed->indexes[0].moved);
  EXPECT_EQ(Rows(table_.indexes[0].space), 1U);
}

TEST_F(MutateTest, TheSameItemAgainWritesNothing) {
  const std::string item = R"({"pk":{"S":"a"},"sk":{"N":"1"},"m":{"M":{"x":{"N":"1"},"y":{"N":"2"}}}})";
  ASSERT_TRUE(Put(item).ok());
  const uint64_t commits = engine_->statistics().commits;
  const auto changed = Put(R"({"sk":{"N":"1.0"},"pk":{"S":"a"},"m":{"M":{"y":{"N":"2"},"x":{"N":"1"}}}})");
  ASSERT_TRUE(changed.ok());
  EXPECT_TRUE(changed->same);
  EXPECT_EQ(engine_->statistics().commits, commits);
  EXPECT_EQ(Wire(changed->after_item()), Wire(ItemView(Stored(item))));
}

// Somebody writes the row between the read and the commit, once.
TEST_F(MutateTest, ALostRaceIsDecidedAgain) {
  const std::string mine = Stored(R"({"pk":{"S":"a"},"sk":{"N":"1"},"v":{"S":"mine"}})");
  const std::string theirs = Stored(R"({"pk":{"S":"a"},"sk":{"N":"1"},"v":{"S":"theirs"}})");
  const std::string key = *TableKey(table_, ItemView(mine), KeySource::kItem);
  for (const bool together : {false, true}) {
    ASSERT_TRUE(Erase(R"({"pk":{"S":"a"},"sk":{"N":"1"}})").ok());
    std::vector<std::string> seen;
    const auto decide = [&](ItemView before) -> Result<Decision> {
      seen.push_back(before.valid() ? Wire(before) : "");
      if (seen.size() > 1) return Decision::Put(mine);
      engine::Batch batch;
      batch.Put(table_.space, key, theirs);
      engine_->Commit(std::move(batch), nullptr, [](engine::Committed) {});
      return Decision::Put(mine);
    };
    const std::vector<Change> changes = {{table_, key, decide}};
    const bool done = together
                          ? RunOn(lanes_.at(0), [&](Lane& lane) { return mutator_.MutateAll(changes, lane); }).ok()
                          : RunOn(lanes_.at(0), [&](Lane& lane) { return mutator_.Mutate(changes[0], lane); }).ok();
    EXPECT_TRUE(done);
    ASSERT_EQ(seen.size(), 2U) << together;
    EXPECT_EQ(seen[1], Wire(ItemView(theirs)));
    engine::Value value;
    ASSERT_TRUE(*engine_->Get(table_.space, key, &value));
    EXPECT_EQ(value.bytes, mine);
  }
}

TEST_F(MutateTest, AnUnusableIndexKeyChangesNothing) {
  const auto changed = Put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"N":"5"}})");
  ASSERT_FALSE(changed.ok());
  EXPECT_EQ(changed.error().id, errors::kIndexKeyTypeMismatch);
  EXPECT_EQ(Rows(table_.space), 0U);
}

TEST_F(MutateTest, SizesFollowEveryChange) {
  ASSERT_TRUE(Put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"x"}})").ok());
  ASSERT_TRUE(Put(R"({"pk":{"S":"b"},"sk":{"N":"1"}})").ok());
  EXPECT_EQ(sizes_.Of(table_.space).rows, 2);
  EXPECT_EQ(sizes_.Of(table_.indexes[0].space).rows, 1);
  EXPECT_GT(sizes_.Of(table_.space).bytes, 0);
  ASSERT_TRUE(Erase(R"({"pk":{"S":"a"},"sk":{"N":"1"}})").ok());
  ASSERT_TRUE(Erase(R"({"pk":{"S":"b"},"sk":{"N":"1"}})").ok());
  EXPECT_EQ(sizes_.Of(table_.space).rows, 0);
  EXPECT_EQ(sizes_.Of(table_.space).bytes, 0);
  EXPECT_EQ(sizes_.Of(table_.indexes[0].space).bytes, 0);
}

// Reads a counter, adds one, writes it: what is lost when two interleave.
Result<Decision> AddOne(ItemView before) {
  int64_t n = 0;
  if (before.valid()) {
    EXPECT_TRUE(before.Find("n").number().ToInt(&n));
  }
  return Decision::Put(Stored(R"({"pk":{"S":"c"},"sk":{"N":"1"},"g":{"S":"g)" + std::to_string(n % 7) +
                              R"("},"n":{"N":")" + std::to_string(n + 1) + R"("}})"));
}

Task<Status> Increment(Mutator& mutator, const catalog::TableSchema& table, std::string key, int times, Lane& lane) {
  for (int i = 0; i < times; ++i) {
    const Change change{table, key, AddOne};
    STATOR_CO_TRY(const Changed changed, co_await mutator.Mutate(change, lane));
    (void)changed;
  }
  co_return Status();
}

TEST_F(MutateTest, ConcurrentIncrementsAreAllCounted) {
  constexpr int kTasks = 16;
  constexpr int kTimes = 50;
  const std::string key = *TableKey(table_, ItemView(Stored(R"({"pk":{"S":"c"},"sk":{"N":"1"}})")), KeySource::kKey);
  std::vector<std::promise<bool>> done(kTasks);
  for (int i = 0; i < kTasks; ++i) {
    Lane& lane = lanes_.at(i % 2);
    lane.Post([&, i] {
      Start(Increment(mutator_, table_, key, kTimes, lane),
            [&done, i](const Status& s) { done[static_cast<size_t>(i)].set_value(s.ok()); });
    });
  }
  for (auto& promise : done) EXPECT_TRUE(promise.get_future().get());
  engine::Value value;
  ASSERT_TRUE(*engine_->Get(table_.space, key, &value));
  int64_t n = 0;
  ASSERT_TRUE(ItemView(value.bytes).Find("n").number().ToInt(&n));
  EXPECT_EQ(n, kTasks * kTimes);
  EXPECT_EQ(Check().faults, 0U);
}

std::string RandomItem(Random& random) {
  std::string item = R"({"pk":{"S":")" + std::to_string(random.Below(3)) + R"("},"sk":{"N":")" +
                     std::to_string(random.Below(4)) + "\"}";
  if (random.Below(2)) item += R"(,"g":{"S":"g)" + std::to_string(random.Below(3)) + "\"}";
  if (random.Below(2)) item += R"(,"l":{"S":"l)" + std::to_string(random.Below(3)) + "\"}";
  if (random.Below(2)) item += R"(,"extra":{"S":")" + std::to_string(random.Below(3)) + "\"}";
  return item + "}";
}

TEST_F(MutateTest, IndexesAgreeAfterAnyHistory) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  for (int i = 0; i < 400; ++i) {
    const std::string wire = RandomItem(random);
    if (random.Below(4) == 0) {
      const std::string stored = Stored(wire);
      ASSERT_TRUE(Erase(Wire(ItemView(KeyItem(table_, nullptr, ItemView(stored))))).ok());
    } else {
      ASSERT_TRUE(Put(wire).ok());
    }
  }
  const CheckReport report = Check();
  EXPECT_EQ(report.faults, 0U) << (report.messages.empty() ? "" : report.messages[0]);
  EXPECT_EQ(static_cast<uint64_t>(sizes_.Of(table_.space).rows), report.items);
}

TEST_F(MutateTest, CheckFindsAnIndexThatDisagrees) {
  ASSERT_TRUE(Put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"x"}})").ok());
  engine::Batch batch;
  batch.Put(table_.indexes[0].space, "stray", Stored(R"({"pk":{"S":"b"}})"));
  engine_->Commit(std::move(batch), nullptr, [](engine::Committed) {});
  EXPECT_EQ(Check().faults, 1U);
}

TEST_F(MutateTest, BackfillFillsOnceAndSkipsWhatCannotBeIndexed) {
  catalog::TableSchema bare = table_;
  bare.indexes.clear();
  std::swap(bare, table_);
  ASSERT_TRUE(Put(R"({"pk":{"S":"a"},"sk":{"N":"1"},"g":{"S":"x"}})").ok());
  ASSERT_TRUE(Put(R"({"pk":{"S":"a"},"sk":{"N":"2"},"g":{"N":"7"}})").ok());
  ASSERT_TRUE(Put(R"({"pk":{"S":"a"},"sk":{"N":"3"}})").ok());
  std::swap(bare, table_);
  ASSERT_TRUE(Put(R"({"pk":{"S":"a"},"sk":{"N":"4"},"g":{"S":"x"}})").ok());  // keeps the index itself
  for (const auto& index : table_.indexes) {
    ASSERT_TRUE(Backfill(*engine_, table_, index, sizes_, [] { return true; }).ok());
  }
  EXPECT_EQ(Rows(table_.indexes[0].space), 2U);
  EXPECT_EQ(sizes_.Of(table_.indexes[0].space).rows, 2);
  EXPECT_EQ(Check().faults, 0U);
}

TEST_F(MutateTest, AnIndexBeingFilledIsCountedExactly) {
  catalog::TableSchema bare = table_;
  bare.indexes.clear();
  std::swap(bare, table_);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(Put(R"({"pk":{"S":"a"},"sk":{"N":")" + std::to_string(i) + R"("},"g":{"S":"x"}})").ok());
  }
  std::swap(bare, table_);
  catalog::IndexSchema& index = table_.indexes[0];
  index.state = catalog::State::kCreating;
  // One item moves and one goes before backfill has come to them.
  ASSERT_TRUE(Put(R"({"pk":{"S":"a"},"sk":{"N":"0"},"g":{"S":"y"}})").ok());
  ASSERT_TRUE(Erase(R"({"pk":{"S":"a"},"sk":{"N":"1"}})").ok());
  ASSERT_TRUE(Backfill(*engine_, table_, index, sizes_, [] { return true; }).ok());
  EXPECT_EQ(sizes_.Of(index.space).rows, 2);
  EXPECT_EQ(Rows(index.space), 2U);
  ASSERT_TRUE(Erase(R"({"pk":{"S":"a"},"sk":{"N":"2"}})").ok());
  EXPECT_EQ(sizes_.Of(index.space).rows, 1);
}

TEST_F(MutateTest, ManyItemsChangeTogetherOrNotAtAll) {
  std::vector<std::string> items = {Stored(R"({"pk":{"S":"a"},"sk":{"N":"1"}})"),
                                    Stored(R"({"pk":{"S":"b"},"sk":{"N":"2"}})")};
  std::vector<std::string> keys;
  keys.reserve(items.size());
  for (const auto& item : items) keys.push_back(*TableKey(table_, ItemView(item), KeySource::kItem));
  const auto first = [&](ItemView) -> Result<Decision> { return Decision::Put(items[0]); };
  const auto fails = [&](ItemView) -> Result<Decision> { return Fail(errors::kInternal); };
  const std::vector<Change> refused = {{table_, keys[0], first}, {table_, keys[1], fails}};
  EXPECT_FALSE(RunOn(lanes_.at(0), [&](Lane& lane) { return mutator_.MutateAll(refused, lane); }).ok());
  EXPECT_EQ(Rows(table_.space), 0U);
  const auto second = [&](ItemView) -> Result<Decision> { return Decision::Put(items[1]); };
  const std::vector<Change> both = {{table_, keys[0], first}, {table_, keys[1], second}};
  EXPECT_TRUE(RunOn(lanes_.at(0), [&](Lane& lane) { return mutator_.MutateAll(both, lane); }).ok());
  EXPECT_EQ(Rows(table_.space), 2U);
}

}  // namespace
}  // namespace stator::table
