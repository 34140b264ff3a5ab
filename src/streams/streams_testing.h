// What the tests of streams share: a store with a catalog and its streams, in memory or on disk, each call one line.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/run_on.h"
#include "catalog/catalog.h"
#include "engine/commit_and_wait.h"
#include "engine/memory/memory_engine.h"
#include "item/item_testing.h"
#include "streams/streams.h"

namespace stator::streams {

using item::testing::Stored;

inline catalog::TableSchema StreamTable(const std::string& name) {
  catalog::TableSchema table;
  table.name = name;
  table.arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/" + name;
  table.id = "id of " + name;
  table.key = {{{"pk", item::Tag::kString}}, {}};
  table.attributes = table.key.hash;
  table.stream = {true, "NEW_AND_OLD_IMAGES", "2026-11-20T10:00:00.000"};
  return table;
}

class Store {
 public:
  explicit Store(std::unique_ptr<engine::Engine> engine = nullptr, StreamOptions options = {})
      : engine_(engine ? std::move(engine) : engine::NewMemoryEngine(clock_)), options_(options) {
    Open();
  }
  ~Store() { Close(); }

  // As a server that stops here and starts again. What was under way stays undone.
  void Restart() {
    Close();
    Open();
  }

  // Runs what `make` returns on a lane and waits for its result.
  template <class Make>
  auto Run(Make make, int lane = 0) {
    return RunOn(lanes_->at(lane), std::move(make));
  }

  Result<catalog::TableRef> Create(catalog::TableSchema table) {
    return Run([&](Lane& lane) { return catalog_->Create(table, lane); });
  }
  Result<catalog::TableRef> Switch(const std::string& name, bool on) {
    const auto change = [on](const catalog::TableSchema& newest) -> Result<catalog::TableSchema> {
      catalog::TableSchema next = newest;
      next.stream.enabled = on;
      if (on) next.stream.view_type = "KEYS_ONLY";
      return next;
    };
    return Run([&](Lane& lane) { return catalog_->Change(catalog::kSharedNamespace, name, change, lane); });
  }
  void Delete(const std::string& name) {
    const auto permit = [](const catalog::TableSchema&) { return Status(); };
    EXPECT_TRUE(Run([&](Lane& lane) { return catalog_->Remove(catalog::kSharedNamespace, name, permit, lane); }).ok());
  }
  void RollAll() {
    EXPECT_TRUE(Run([&](Lane& lane) { return streams_->RollAll(lane); }).ok());
  }
  void Tick() {
    EXPECT_TRUE(Run([&](Lane& lane) { return streams_->Tick(lane); }).ok());
  }
  void Advance(Duration by) {
    clock_.Step(by);
    Tick();
  }

  // One change, as table/mutate.h appends them; false if the table has no stream.
  bool Append(const catalog::TableSchema& table, const std::string& wire) {
    const OpenShardsRef shards = streams_->ShardsOf(table.space);
    if (!shards) return false;
    const std::string stored = Stored(wire);
    engine::Batch batch;
    AppendChange(&batch, shards->LogOf(std::string(8, 'h')), {}, item::ItemView(stored), false);
    EXPECT_EQ(engine::CommitAndWait(*engine_, std::move(batch)).outcome, engine::Outcome::kDone);
    return true;
  }

  StreamRef Find(const std::string& arn) { return streams_->Find(catalog::kSharedNamespace, arn); }
  // pk of every change of the shard, in order.
  std::vector<std::string> Keys(const Shard& shard, engine::Position from = 0) {
    std::vector<std::string> keys;
    EXPECT_TRUE(streams_
                    ->Read(shard, from, 1000, 1 << 20,
                           [&](const Change& change) {
                             keys.emplace_back(change.image().Find("pk").bytes());
                             return true;
                           })
                    .ok());
    return keys;
  }

  Clock& clock() { return clock_; }
  engine::Engine& engine() { return *engine_; }
  catalog::Catalog& catalog() { return *catalog_; }
  Streams& streams() { return *streams_; }
  Lane& lane(int index) { return lanes_->at(index); }

 private:
  void Open() {
    lanes_ = std::make_unique<Lanes>(2);
    auto catalog = catalog::Catalog::Open(*engine_, clock_, {});
    ASSERT_TRUE(catalog.ok());
    catalog_ = *std::move(catalog);
    auto streams = Streams::Open(*engine_, *catalog_, clock_, options_);
    ASSERT_TRUE(streams.ok());
    streams_ = *std::move(streams);
    lanes_->Start();
  }
  void Close() {
    lanes_->StopAndJoin();
    streams_.reset();
    catalog_.reset();
    stopped_.push_back(std::move(lanes_));  // the engine may still post to them
  }

  Clock clock_;
  std::vector<std::unique_ptr<Lanes>> stopped_;
  std::unique_ptr<Lanes> lanes_;
  std::unique_ptr<engine::Engine> engine_;
  StreamOptions options_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<Streams> streams_;
};

}  // namespace stator::streams
