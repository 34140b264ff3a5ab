// Changes of many writers while shards roll over: none is lost, none comes twice, each key's come in order from parent
// to child, and each stands beside its row.
#include <gmock/gmock.h>

#include <filesystem>
#include <future>

#include "base/random.h"
#include "base/run_on.h"
#include "engine/commit_and_wait.h"
#include "engine/memory/memory_engine.h"
#include "engine/rocksdb/rocksdb_engine.h"
#include "table/check_stream.h"
#include "table/key_layout.h"
#include "table/mutate.h"
#include "table/table_testing.h"

namespace stator::table {
namespace {

using item::ItemView;

constexpr int kLanes = 3;
constexpr int kTasks = 12;
constexpr int kKeys = 7;
constexpr int kEach = 150;

std::string ItemOf(int key, int number) {
  return Stored(R"({"pk":{"S":")" + std::to_string(key) + R"("},"sk":{"N":"0"},"n":{"N":")" + std::to_string(number) +
                R"("}})");
}

int NumberIn(ItemView item) {
  if (!item.valid()) return 0;
  std::string text;
  item.Find("n").number().AppendText(&text);
  return std::stoi(text);
}

class RollOver : public ::testing::TestWithParam<bool> {
 protected:
  RollOver() {
    folder_ = std::filesystem::temp_directory_path() / ("stator-roll-over-" + std::to_string(ThreadRandom().Next()));
    if (GetParam()) {
      engine::RocksOptions options;
      options.path = folder_;
      options.durability = engine::Durability::kRelaxed;
      engine_ = *engine::OpenRocksEngine(options, clock_);
    } else {
      engine_ = engine::NewMemoryEngine(clock_);
    }
    catalog_ = *catalog::Catalog::Open(*engine_, clock_, {});
    streams::StreamOptions options;
    options.shards = 3;
    streams_ = *streams::Streams::Open(*engine_, *catalog_, clock_, options);
    mutator_ = std::make_unique<Mutator>(*engine_, *streams_, sizes_);
    lanes_.Start();
    catalog::TableSchema table = TestSchema();
    table.name = "table";
    table.arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/table";
    table.space = engine::Space{};
    for (catalog::IndexSchema& index : table.indexes) index.space = engine::Space{};
    table.stream = {true, "NEW_AND_OLD_IMAGES", "2026-11-20T10:00:00.000"};
    table_ = *RunOn(lanes_.at(0), [&](Lane& lane) { return catalog_->Create(table, lane); });
  }
  ~RollOver() override {
    lanes_.StopAndJoin();
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }

  std::string RowOf(int key) const { return *TableKey(*table_, ItemView(ItemOf(key, 0)), KeySource::kItem); }

  // Counts one key up by one, creating it at 1 and removing it after 5.
  Task<Status> Count(int key, Lane& lane) {
    const std::string row = RowOf(key);
    const auto decide = [key](ItemView before) -> Result<Decision> {
      const int next = NumberIn(before) + 1;
      if (next > 5) return Decision::Erase();
      return Decision::Put(ItemOf(key, next));
    };
    const Change change{*table_, row, decide};
    Result<Changed> changed = co_await mutator_->Mutate(change, lane);
    co_return changed.ok() ? Status() : Status(changed.error());
  }

  // Counts two keys up in one commit.
  Task<Status> CountBoth(int key, Lane& lane) {
    const int keys[] = {key, key + 100};
    const std::string rows[] = {RowOf(keys[0]), RowOf(keys[1])};
    const auto first = [&keys](ItemView before) -> Result<Decision> {
      return Decision::Put(ItemOf(keys[0], NumberIn(before) + 1));
    };
    const auto second = [&keys](ItemView before) -> Result<Decision> {
      return Decision::Put(ItemOf(keys[1], NumberIn(before) + 1));
    };
    const std::vector<Change> changes{{*table_, rows[0], first}, {*table_, rows[1], second}};
    Result<std::vector<Changed>> changed = co_await mutator_->MutateAll(changes, lane);
    co_return changed.ok() ? Status() : Status(changed.error());
  }

  Task<Status> Work(int task, Lane& lane) {
    for (int i = 0; i < kEach; ++i) {
      Status done;
      if (task % 3 == 0) {
        done = co_await CountBoth(50 + (task + i) % kKeys, lane);
      } else {
        done = co_await Count((task + i) % kKeys, lane);
      }
      if (!done.ok()) co_return done;
    }
    co_return Status();
  }

  std::filesystem::path folder_;
  Clock clock_;
  Lanes lanes_{kLanes};
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<streams::Streams> streams_;
  Sizes sizes_;
  std::unique_ptr<Mutator> mutator_;
  catalog::TableRef table_;
};

TEST_P(RollOver, LosesNothingAndKeepsTheOrderOfEachKey) {
  std::vector<std::promise<Status>> done(kTasks);
  for (int t = 0; t < kTasks; ++t) {
    Lane& lane = lanes_.at(t % kLanes);
    lane.Post([this, t, &lane, &done] {
      Start(Work(t, lane), [&done, t](Status s) { done[static_cast<size_t>(t)].set_value(std::move(s)); });
    });
  }
  for (int i = 0; i < 8; ++i) {
    EXPECT_TRUE(RunOn(lanes_.at(0), [&](Lane& lane) { return streams_->RollAll(lane); }).ok());
  }
  for (auto& task : done) EXPECT_TRUE(task.get_future().get().ok());
  EXPECT_TRUE(RunOn(lanes_.at(0), [&](Lane& lane) { return streams_->Tick(lane); }).ok());

  const streams::StreamRef stream = streams_->ForTable(*table_);
  EXPECT_EQ(stream->shards.size(), 27U);
  CheckReport report;
  EXPECT_TRUE(CheckStream(*engine_, *stream, table_.get(), &report).ok());
  EXPECT_TRUE(CheckTable(*engine_, *table_, &report).ok());
  EXPECT_THAT(report.messages, testing::IsEmpty());
  EXPECT_EQ(report.changes, kTasks / 3 * 2 * kEach + (kTasks - kTasks / 3) * kEach);
  for (const streams::Shard& shard : stream->shards) {
    engine::Position next = shard.first;
    const auto each = [&next](const streams::Change& change) {
      EXPECT_GE(change.position, next);
      next = change.position + 1;
      return true;
    };
    EXPECT_TRUE(streams_->Read(shard, 0, SIZE_MAX, SIZE_MAX, each).ok());
    EXPECT_EQ(shard.EndsBefore(next), shard.closed());
  }
}

TEST_P(RollOver, ACheckFindsWhatDoesNotAgree) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(RunOn(lanes_.at(0), [&](Lane& lane) { return Count(1, lane); }).ok());
  }
  const auto check = [this] {
    CheckReport report;
    EXPECT_TRUE(CheckStream(*engine_, *streams_->ForTable(*table_), table_.get(), &report).ok());
    return report.messages;
  };
  const auto commit = [this](engine::Batch batch) {
    EXPECT_EQ(engine::CommitAndWait(*engine_, std::move(batch)).outcome, engine::Outcome::kDone);
  };
  const std::string row = RowOf(1);
  const std::string other = ItemOf(1, 9);
  EXPECT_THAT(check(), testing::IsEmpty());
  engine::Batch silent;
  silent.Put(table_->space, row, other);
  commit(std::move(silent));
  EXPECT_THAT(check(), testing::ElementsAre(testing::HasSubstr("not what its last change left")));
  engine::Batch unheard;
  streams::AppendChange(&unheard, streams_->ShardsOf(table_->space)->LogOf(row), ItemView(other), {}, false);
  unheard.Erase(table_->space, row);
  commit(std::move(unheard));
  EXPECT_THAT(check(), testing::ElementsAre(testing::HasSubstr("another item than the change before it left")));
  engine::Batch broken;
  broken.Append(streams_->ShardsOf(table_->space)->LogOf(row), "no change");
  commit(std::move(broken));
  EXPECT_THAT(check(), testing::Contains(testing::HasSubstr("malformed")));
}

INSTANTIATE_TEST_SUITE_P(Engines, RollOver, ::testing::Values(false, true),
                         [](const auto& given) { return given.param ? "rocksdb" : "memory"; });

}  // namespace
}  // namespace stator::table
