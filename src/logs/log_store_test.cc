#include "logs/log_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <random>
#include <thread>

#include "base/random.h"
#include "base/run_on.h"
#include "engine/memory/memory_engine.h"
#include "engine/rocksdb/rocksdb_engine.h"
#include "errors/logs.h"

namespace stator::logs {
namespace {

constexpr int64_t kDay = 24 * 3600 * 1000;

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
  std::vector<std::string> Texts(ReadRequest request) const {
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

class LogStoreTest : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Engines, LogStoreTest, testing::Bool(),
                         [](const auto& at) { return at.param ? "rocksdb" : "memory"; });

TEST_P(LogStoreTest, ReadersSeeEventsAtOnceAndInOrder) {
  Store s(GetParam());
  const int64_t now = s.Now();
  s.Append("g", "a", now, "one\n");
  s.Append("g", "b", now, "two\n");
  s.Append("g", "a", now - 5, "zero\n");
  EXPECT_EQ(s.All("g"), (std::vector<std::string>{"zero\n", "one\n", "two\n"}));
  ReadRequest request;
  request.group = "g";
  request.order = engine::Order::kReverse;
  EXPECT_EQ(s.Texts(request), (std::vector<std::string>{"two\n", "one\n", "zero\n"}));
  request.streams = {"a"};
  EXPECT_EQ(s.Texts(request), (std::vector<std::string>{"one\n", "zero\n"}));
  request.streams = {"c"};
  EXPECT_EQ(s.store->Read(request).error().id, errors::kLogStreamNotFound);
  request.group = "h";
  EXPECT_EQ(s.store->Read(request).error().id, errors::kLogGroupNotFound);
}

TEST_P(LogStoreTest, WhatIsAddedOverAndOverStaysInOrder) {
  Store s(GetParam());
  const int64_t now = s.Now();
  std::thread writer([&] {
    for (int i = 0; i < 20'000; ++i) s.Append("g", "a", now, std::to_string(i));
  });
  size_t seen = 0;
  while (seen < 20'000) {
    ReadRequest request;
    request.group = "g";
    request.limit = 100'000;
    request.max_bytes = 100 << 20;
    const auto page = s.store->Read(request);
    if (!page.ok()) continue;  // the group is not there yet
    ASSERT_GE(page->events.size(), seen);
    seen = page->events.size();
    for (size_t i = 0; i < seen; ++i) ASSERT_EQ(page->events[i].message, std::to_string(i));
  }
  writer.join();
}

TEST_P(LogStoreTest, PagesMeet) {
  Store s(GetParam());
  const int64_t now = s.Now();
  for (int i = 0; i < 95; ++i) s.Append("g", i % 2 ? "odd" : "even", now + i / 10, std::to_string(i));
  ReadRequest request;
  request.group = "g";
  request.limit = 10;
  std::vector<std::string> texts;
  for (bool more = true; more;) {
    const auto page = s.store->Read(request);
    ASSERT_TRUE(page.ok());
    for (const ReadEvent& event : page->events) texts.push_back(event.message);
    more = page->more;
    request.from = page->rest;
  }
  ASSERT_EQ(texts.size(), 95u);
  for (int i = 0; i < 95; ++i) EXPECT_EQ(texts[static_cast<size_t>(i)], std::to_string(i));
  s.Append("g", "odd", now + 10, "later");
  EXPECT_EQ(s.Texts(request), std::vector<std::string>{"later"}) << "the end of one read is the beginning of the next";
}

TEST_P(LogStoreTest, APageEndsByBytesSoughtAndFound) {
  Store s(GetParam());
  for (int i = 0; i < 100; ++i) s.Append("g", "a", s.Now(), std::string(1000, static_cast<char>('a' + i % 26)));
  ReadRequest request;
  request.group = "g";
  request.max_bytes = 5000;
  EXPECT_EQ(s.Texts(request).size(), 4u);
  request.max_bytes = 1;
  EXPECT_EQ(s.Texts(request).size(), 1u);
  request.max_scanned = 20'000;
  request.matches = [](Bytes) { return false; };
  const auto page = s.store->Read(request);
  ASSERT_TRUE(page.ok());
  EXPECT_TRUE(page->events.empty());
  EXPECT_TRUE(page->more);
  EXPECT_GT(page->rest, kFirstPlace);
}

TEST_P(LogStoreTest, NamesAreTakenOnceAndFreedByDeleting) {
  Store s(GetParam());
  EXPECT_TRUE(s.CreateGroup("g").ok());
  EXPECT_EQ(s.CreateGroup("g").error().id, errors::kLogGroupExists);
  EXPECT_TRUE(s.CreateStream("g", "a").ok());
  EXPECT_EQ(s.CreateStream("g", "a").error().id, errors::kLogStreamExists);
  EXPECT_EQ(s.CreateStream("h", "a").error().id, errors::kLogGroupNotFound);
  s.Append("g", "a", s.Now(), "old stream");
  s.Append("g", "b", s.Now(), "stays");
  EXPECT_TRUE(s.Await([&](Lane& lane) { return s.store->DeleteStream("g", "a", lane); }).ok());
  EXPECT_EQ(s.All("g"), std::vector<std::string>{"stays"});
  s.Append("g", "a", s.Now(), "new stream");
  EXPECT_EQ(s.All("g"), (std::vector<std::string>{"stays", "new stream"}));
  s.store->Sweep();
  EXPECT_EQ(s.All("g"), (std::vector<std::string>{"stays", "new stream"}));
  EXPECT_TRUE(s.Await([&](Lane& lane) { return s.store->DeleteGroup("g", lane); }).ok());
  EXPECT_FALSE(s.store->Group("g"));
  EXPECT_EQ(s.Await([&](Lane& lane) { return s.store->DeleteGroup("g", lane); }).error().id, errors::kLogGroupNotFound);
  EXPECT_TRUE(s.CreateGroup("g").ok());
  EXPECT_TRUE(s.All("g").empty());
}

TEST_P(LogStoreTest, ErasesWhatIsTooOld) {
  Store s(GetParam());
  const int64_t now = s.Now();
  s.Append("g", "a", now - 3 * kDay, "old");
  s.Append("g", "b", now, "new");
  EXPECT_EQ(s.All("g").size(), 2u);
  EXPECT_TRUE(s.Await([&](Lane& lane) { return s.store->SetRetention("g", 1, lane); }).ok());
  EXPECT_EQ(s.All("g"), std::vector<std::string>{"new"}) << "gone at once, erased or not";
  s.store->Sweep();
  EXPECT_EQ(s.All("g"), std::vector<std::string>{"new"});
  EXPECT_EQ(s.store->Streams("g")->size(), 1u) << "streams go with their last event";
  EXPECT_EQ(s.store->Group("g")->record.bytes, SizeOf("new"));
  EXPECT_TRUE(s.Await([&](Lane& lane) { return s.store->SetRetention("g", 0, lane); }).ok());
  EXPECT_EQ(s.All("g"), std::vector<std::string>{"new"});
  s.clock.Step(std::chrono::hours(24 * 31));
  EXPECT_TRUE(s.All("g").empty()) << "the server's own retention";
  s.store->Sweep();
  EXPECT_EQ(s.store->Group("g")->record.bytes, 0u);
}

TEST_P(LogStoreTest, ErasesTheOldestWhenThereIsTooMuch) {
  StoreOptions options;
  options.max_bytes = 100'000;
  Store s(GetParam(), options);
  const int64_t now = s.Now();
  for (int i = 0; i < 3000; ++i) s.Append(i % 3 ? "g" : "h", "a", now + i, std::string(74, 'x'));
  s.store->Sweep();
  const size_t kept = s.All("g").size() + s.All("h").size();
  EXPECT_LE(kept, 1000u);
  EXPECT_GE(kept, 800u);
  const auto first = s.store->Read({.group = "g"})->events.front().place.millis;
  const auto other = s.store->Read({.group = "h"})->events.front().place.millis;
  EXPECT_LT(std::abs(first - other), 2000) << "the oldest of both groups went";
  s.Append("g", "a", now - 1000, "an old event is welcome");
  EXPECT_EQ(s.All("g").front(), "an old event is welcome");
}

TEST_P(LogStoreTest, DropsWhatFindsNoRoomAndSaysSo) {
  StoreOptions options;
  options.waiting_bytes = 10'000;
  options.batch_bytes = 1 << 20;
  options.linger = std::chrono::hours(1);
  Store s(GetParam(), options);
  for (int i = 0; i < 500; ++i) s.Append("g", "a", s.Now(), std::string(74, 'x'));
  EXPECT_EQ(s.All("g").size(), 100u);
  EXPECT_NE(s.store->Metrics().find("stator_log_events_dropped_total 400\n"), std::string::npos);
  EXPECT_TRUE(s.CreateStream("g", "b").ok()) << "writes down what waits";
  const auto texts = s.All("g");
  ASSERT_EQ(texts.size(), 101u);
  EXPECT_NE(texts.back().find("400 log events were dropped"), std::string::npos);
}

TEST_P(LogStoreTest, LongAndBrokenTextsAreMadeFit) {
  Store s(GetParam());
  s.Append("g", "a", s.Now(),
           "a\xff"
           "b\xc3\xa4\xed\xa0\x80");
  s.Append("g", "a", s.Now(), std::string(600 << 10, 'x'));
  s.Append("g", "a", s.Now(), "");
  ReadRequest request;
  request.group = "g";
  const auto texts = s.Texts(request);
  ASSERT_EQ(texts.size(), 4u);
  EXPECT_EQ(texts[0],
            "a\xef\xbf\xbd"
            "b\xc3\xa4\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(texts[1].size() + texts[2].size() + texts[3].size(), size_t{600} << 10);
}

TEST(LogStoreDurable, SurvivesARestart) {
  Store s(true);
  const int64_t now = s.Now();
  EXPECT_TRUE(s.Await([&](Lane& lane) { return s.store->CreateGroup("g", "eu-west-1", {{"k", "v"}}, lane); }).ok());
  EXPECT_TRUE(s.Await([&](Lane& lane) { return s.store->SetRetention("g", 7, lane); }).ok());
  s.Append("g", "a", now, "one");
  const auto before = s.store->Read({.group = "g"});
  s.Restart();
  const auto group = s.store->Group("g");
  ASSERT_TRUE(group);
  EXPECT_EQ(group->record.region, "eu-west-1");
  EXPECT_EQ(group->record.retention_days, 7u);
  EXPECT_EQ(group->record.tags, (Tags{{"k", "v"}}));
  EXPECT_EQ(group->record.bytes, SizeOf("one"));
  s.Append("g", "a", now, "two");
  const auto after = s.store->Read({.group = "g"});
  ASSERT_EQ(after->events.size(), 2u);
  EXPECT_EQ(after->events[0].place, before->events[0].place);
  EXPECT_EQ(after->events[1].message, "two");
  const auto streams = s.store->Streams("g");
  ASSERT_EQ(streams->size(), 1u);
  EXPECT_EQ(streams->front().record.last, now);
}

TEST(LogStoreDurable, GoesOnErasingAfterARestart) {
  Store s(true);
  for (int i = 0; i < 5000; ++i) s.Append("g", "a", s.Now(), "x");
  EXPECT_TRUE(s.Await([&](Lane& lane) { return s.store->DeleteGroup("g", lane); }).ok());
  s.Restart();
  s.store->Sweep();
  EXPECT_TRUE(s.CreateGroup("g").ok());
  EXPECT_TRUE(s.All("g").empty());
}

// The slow twin: every event in a list.
struct Model {
  struct Item {
    std::string group, stream, text;
    int64_t millis;
    uint64_t order;
  };
  std::vector<Item> items;
  std::map<std::string, int> retention;

  std::vector<std::string> Read(const std::string& group, const std::string& stream, int64_t from, int64_t to,
                                int64_t now) const {
    std::map<std::pair<int64_t, uint64_t>, std::string> sorted;
    const auto days = retention.find(group);
    const int64_t cutoff = now - (days == retention.end() ? 30 : days->second) * kDay;
    for (const Item& item : items) {
      if (item.group != group || (!stream.empty() && item.stream != stream)) continue;
      if (item.millis < std::max(from, cutoff) || item.millis >= to) continue;
      sorted[{item.millis, item.order}] = item.text;
    }
    std::vector<std::string> texts;
    texts.reserve(sorted.size());
    for (const auto& [place, text] : sorted) texts.push_back(text);
    return texts;
  }
};

TEST_P(LogStoreTest, AgreesWithAListUnderRandomOperations) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  StoreOptions options;
  options.linger = std::chrono::milliseconds(1);
  Store s(GetParam(), options);
  Model model;
  const int64_t start = s.Now();
  uint64_t order = 0;
  const auto group = [&] { return "g" + std::to_string(random.Below(2)); };
  const auto stream = [&] { return "s" + std::to_string(random.Below(3)); };
  for (int step = 0; step < 1500 && !testing::Test::HasFailure(); ++step) {
    const std::string g = group();
    const std::string n = stream();
    const uint64_t what = random.Below(100);
    if (what < 60) {
      const int64_t millis = start - static_cast<int64_t>(random.Below(20)) * kDay / 2 + step;
      const std::string text = std::to_string(++order);
      model.items.push_back({g, n, text, millis, order});
      s.Append(g, n, millis, text);
    } else if (what < 90) {
      if (!s.store->Group(g)) continue;
      const bool one = random.Below(2) && s.store->Read({.group = g, .streams = {n}}).ok();
      const int64_t from = start - static_cast<int64_t>(random.Below(25)) * kDay / 2;
      const int64_t to = random.Below(2) ? start + 10 * kDay : from + 3 * kDay;
      ReadRequest request{.group = g, .from = {from, 0}, .to = {to, 0}};
      if (one) request.streams = {n};
      auto expected = model.Read(g, one ? n : "", from, to, s.Now());
      if (random.Below(2)) {
        request.order = engine::Order::kReverse;
        std::reverse(expected.begin(), expected.end());
      }
      EXPECT_EQ(s.Texts(request), expected);
    } else if (what < 92) {
      if (s.Await([&](Lane& lane) { return s.store->DeleteStream(g, n, lane); }).ok()) {
        std::erase_if(model.items, [&](const auto& item) { return item.group == g && item.stream == n; });
      }
    } else if (what < 93) {
      if (s.Await([&](Lane& lane) { return s.store->DeleteGroup(g, lane); }).ok()) {
        std::erase_if(model.items, [&](const auto& item) { return item.group == g; });
        model.retention.erase(g);
      }
    } else if (what < 95) {
      // Never longer than before: what is hidden may be there or not when it would be shown again.
      const auto before = model.retention.find(g);
      const int days = static_cast<int>(1 + random.Below(before == model.retention.end() ? 12 : before->second));
      if (s.Await([&](Lane& lane) { return s.store->SetRetention(g, static_cast<uint32_t>(days), lane); }).ok()) {
        // What it takes away may be erased for good.
        const int64_t cutoff = s.Now() - days * kDay;
        model.retention[g] = days;
        std::erase_if(model.items, [&](const auto& item) { return item.group == g && item.millis < cutoff; });
        s.store->Sweep();
      }
    } else if (what < 97) {
      s.store->Sweep();
    } else if (GetParam()) {
      s.Restart();
    }
  }
}

TEST_P(LogStoreTest, ManyThreadsLoseNothing) {
  Store s(GetParam());
  constexpr int kThreads = 4;
  constexpr int kEach = 3000;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) s.Append("g", "s" + std::to_string(t), s.Now(), std::to_string(i));
    });
  }
  for (auto& thread : threads) thread.join();
  if (GetParam()) s.Restart();
  for (int t = 0; t < kThreads; ++t) {
    ReadRequest request;
    request.group = "g";
    request.streams = {"s" + std::to_string(t)};
    const auto texts = s.Texts(request);
    ASSERT_EQ(texts.size(), static_cast<size_t>(kEach));
    for (int i = 0; i < kEach; ++i) ASSERT_EQ(texts[static_cast<size_t>(i)], std::to_string(i));
  }
}

TEST(EventIdTest, IsFiftySixDigitsAndReadsBack) {
  for (const Place place : {Place{}, Place{1'795'168'800'000, 17}, Place{kBehindAll.millis, ~uint64_t{0}}}) {
    const std::string id = EventId(place);
    EXPECT_EQ(id.size(), 56u);
    EXPECT_EQ(id.find_first_not_of("0123456789"), std::string::npos);
    Place back;
    ASSERT_TRUE(PlaceOf(id, &back));
    EXPECT_EQ(back, place);
  }
  Place place;
  EXPECT_FALSE(PlaceOf("", &place));
  EXPECT_FALSE(PlaceOf(std::string(56, '9'), &place));
  EXPECT_FALSE(PlaceOf(std::string(55, '0') + "x", &place));
}

}  // namespace
}  // namespace stator::logs
