#include "logs/log_store.h"

#include <gtest/gtest.h>

#include <thread>

#include "errors/logs.h"
#include "logs/log_store_testing.h"

namespace stator::logs {
namespace {

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
