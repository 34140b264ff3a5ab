// What the tests of the store share: a store on an engine, each call one line. Tests only.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/run_on.h"
#include "engine/memory/memory_engine.h"
#include "engine/rocksdb/rocksdb_engine.h"
#include "logs/log_store.h"

namespace stator::logs {

inline constexpr int64_t kDay = 24 * 3600 * 1000;  // milliseconds

// A store on one of the engines, across restarts.
class Store {
 public:
  explicit Store(bool durable, StoreOptions options = {}) : options_(std::move(options)) {
    if (durable) {
      folder_ = testing::TempDir() + "log_store_test_" + std::to_string(ThreadRandom().Next());
    } else {
      memory_ = engine::NewMemoryEngine(clock);
    }
    Open();
    lanes_.Start();
  }
  ~Store() {
    lanes_.StopAndJoin();
    store.reset();
    rocks_.reset();
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  void Restart() {
    ASSERT_TRUE(store->Stop().ok());
    store.reset();
    rocks_.reset();
    Open();
  }

  // Runs the task on the lane and waits for it.
  template <class Fn>
  Status Await(Fn task) {
    return RunOn(lanes_.at(0), std::move(task));
  }
  Status CreateGroup(const std::string& group) {
    return Await([&](Lane& lane) { return store->CreateGroup(group, "us-east-1", {}, lane); });
  }
  Status CreateStream(const std::string& group, const std::string& stream) {
    return Await([&](Lane& lane) { return store->CreateStream(group, stream, lane); });
  }

  int64_t Now() const { return clock.Now().millis(); }
  void Append(const std::string& group, const std::string& stream, int64_t millis, const std::string& text) {
    store->Append(group, stream, {{Time{millis * 1000}, text}});
  }
  std::vector<std::string> Texts(const ReadRequest& request) const {
    std::vector<std::string> texts;
    const auto page = store->Read(request);
    EXPECT_TRUE(page.ok());
    if (!page.ok()) return texts;
    for (const ReadEvent& event : page->events) texts.push_back(event.message);
    return texts;
  }
  std::vector<std::string> All(const std::string& group) const {
    ReadRequest request;
    request.group = group;
    return Texts(request);
  }

  Clock clock;
  std::unique_ptr<LogStore> store;

 private:
  void Open() {
    engine::Engine* engine = memory_.get();
    if (!engine) {
      engine::RocksOptions options;
      options.path = folder_;
      options.durability = engine::Durability::kRelaxed;
      rocks_ = std::move(engine::OpenRocksEngine(options, clock)).value();
      engine = rocks_.get();
    }
    auto opened = LogStore::Open(*engine, clock, options_);
    ASSERT_TRUE(opened.ok());
    store = std::move(*opened);
  }

  StoreOptions options_;
  std::string folder_;
  std::unique_ptr<engine::Engine> memory_, rocks_;
  Lanes lanes_{1};
};

}  // namespace stator::logs
