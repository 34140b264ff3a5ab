// What the tests of expiry share: a store with one table, whose clock is stepped and which looks for expired items only
// when a test asks it to.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/run_on.h"
#include "catalog/time_to_live.h"
#include "engine/commit.h"
#include "engine/fault/fault_engine.h"
#include "engine/memory/memory_engine.h"
#include "table/check.h"
#include "table/expiry.h"
#include "table/expiry_index.h"
#include "table/key_layout.h"
#include "table/table_testing.h"
#include "table/tables.h"

namespace stator::table {

// Far more than a test lasts: what happens in it was asked for.
inline const ExpiryOptions kOnlyWhenAsked{std::chrono::hours(1)};
inline std::string ItemOf(const std::string& pk, const std::string& ttl, int64_t n = 0) {
  const std::string expires = ttl.empty() ? "" : R"("ttl":)" + ttl + ",";
  return Stored(R"({"pk":{"S":")" + pk + R"("},"sk":{"N":"1"},"g":{"S":"x"},)" + expires + R"("n":{"N":")" +
                std::to_string(n) + R"("}})");
}
inline std::string SecondsOf(int64_t seconds) { return R"({"N":")" + std::to_string(seconds) + R"("})"; }

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
    ExpiryOptions options = kOnlyWhenAsked;
    options.on_removed = [this](const std::string& table, uint64_t items) { told_[table] += items; };
    tables_->StartExpiry(clock_, std::move(options));
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
    ASSERT_TRUE(RunOn(lanes_->at(0), [&](Lane& lane) { return catalog_->Create(schema, lane); }).ok());
  }
  void SetTimeToLive(bool enable) {
    clock_.Step(catalog::kTimeToLiveInterval);
    const auto change = [&](const catalog::TableSchema& table) {
      return catalog::WithTimeToLive(table, enable, "ttl", clock_.Now());
    };
    const auto changed = RunOn(
        lanes_->at(0), [&](Lane& lane) { return catalog_->Change(catalog::kSharedNamespace, "table", change, lane); });
    ASSERT_TRUE(changed.ok()) << changed.error().text;
  }
  catalog::TableRef Table() const { return catalog_->Find(catalog::kSharedNamespace, "table"); }

  std::string KeyOf(const std::string& pk) const {
    return *TableKey(*Table(), item::ItemView(ItemOf(pk, "")), KeySource::kItem);
  }
  Status Put(const std::string& pk, const std::string& ttl, int64_t n = 0) {
    const std::string stored = ItemOf(pk, ttl, n);
    const std::string key = KeyOf(pk);
    const auto table = Table();
    const auto decide = [&](item::ItemView) -> Result<Decision> { return Decision::Put(stored); };
    const auto changed = RunOn(lanes_->at(1), [&](Lane& lane) {
      return tables_->mutator().Mutate({*table, key, decide}, lane);
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
      all.emplace_back(item::ItemView(c->value()).Find("pk").bytes());
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
    const Status done = RunOn(lanes_->at(0), [&](Lane& lane) { return tables_->expiry()->RemoveDue(lane); });
    ASSERT_TRUE(done.ok()) << done.error().text;
  }
  void ExpectSound() const {
    CheckReport report;
    ASSERT_TRUE(CheckTable(engine_, *Table(), &report).ok());
    EXPECT_EQ(report.faults, 0U) << ::testing::PrintToString(report.messages);
  }

  Clock clock_;
  std::map<std::string, uint64_t> told_;  // items that a keeper said to have removed, by table
  engine::FaultEngine engine_{engine::NewMemoryEngine(clock_)};
  std::unique_ptr<Lanes> lanes_;
  std::unique_ptr<catalog::Catalog> catalog_;
  std::unique_ptr<streams::Streams> streams_;
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<Tables> tables_;
};

}  // namespace stator::table
