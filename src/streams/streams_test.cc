#include "streams/streams.h"

#include <future>
#include <set>

#include "engine/fault/fault_engine.h"
#include "streams/stream_codec.h"
#include "streams/streams_testing.h"

namespace stator::streams {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using Strings = std::vector<std::string>;

std::string Item(const std::string& pk) { return R"({"pk":{"S":")" + pk + R"("}})"; }
std::string ArnOf(const catalog::TableSchema& table) { return StreamArn(table.arn, table.stream.label); }

TEST(Streams, AStreamComesAndEndsWithItsTable) {
  Store store;
  const catalog::TableRef table = *store.Create(StreamTable("table"));
  const StreamRef stream = store.streams().ForTable(*table);
  ASSERT_TRUE(stream);
  EXPECT_EQ(stream->arn, ArnOf(*table));
  EXPECT_EQ(store.Find(stream->arn), stream);
  EXPECT_TRUE(store.Append(*table, Item("a")));
  store.Delete("table");
  EXPECT_FALSE(store.Append(*table, Item("b")));
  store.Tick();
  const StreamRef ended = store.Find(stream->arn);
  ASSERT_TRUE(ended);
  EXPECT_FALSE(ended->enabled);
  EXPECT_EQ(store.streams().StatusOf(*ended), StreamStatus::kDisabled);
  ASSERT_TRUE(ended->shards.front().closed());
  EXPECT_EQ(store.Keys(ended->shards.front()), Strings{"a"});
}

TEST(Streams, EnablingAgainGivesAnotherStream) {
  Store store;
  catalog::TableSchema plain = StreamTable("table");
  plain.stream.enabled = false;
  const catalog::TableRef table = *store.Create(plain);
  EXPECT_FALSE(store.Append(*table, Item("none")));
  EXPECT_FALSE(store.streams().ForTable(*table));
  std::set<std::string> arns;
  for (int i = 0; i < 5; ++i) {  // the label they ask for is the same each time
    const catalog::TableRef on = *store.Switch("table", true);
    EXPECT_TRUE(arns.insert(ArnOf(*on)).second);
    EXPECT_TRUE(store.Append(*on, Item(std::to_string(i))));
    const catalog::TableRef off = *store.Switch("table", false);
    EXPECT_FALSE(store.Append(*off, Item("none")));
  }
  store.Tick();
  Strings keys;
  for (const StreamRef& stream : store.streams().List(catalog::kSharedNamespace, "table", {}, 100)) {
    EXPECT_EQ(arns.erase(stream->arn), 1U);
    for (const std::string& key : store.Keys(stream->shards.front())) keys.push_back(key);
  }
  EXPECT_TRUE(arns.empty());
  EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()), (std::set<std::string>{"0", "1", "2", "3", "4"}));
}

TEST(Streams, AParentIsClosedWhenNobodyHoldsIt) {
  Store store;
  const catalog::TableRef table = *store.Create(StreamTable("table"));
  const std::string arn = ArnOf(*table);
  OpenShardsRef held = store.streams().ShardsOf(table->space);
  std::promise<Status> rolled;
  store.lane(0).Post([&] {
    stator::Start(store.streams().RollAll(store.lane(0)), [&](Status status) { rolled.set_value(std::move(status)); });
  });
  while (store.streams().ShardsOf(table->space) == held) std::this_thread::yield();
  EXPECT_TRUE(store.Append(*table, Item("child")));
  ASSERT_EQ(store.Find(arn)->shards.size(), 1U) << "the child has to wait";
  EXPECT_FALSE(store.Find(arn)->shards[0].closed());
  {  // a commit that was under way
    const std::string stored = Stored(Item("parent"));
    engine::Batch batch;
    AppendChange(&batch, held->LogOf(std::string(8, 'h')), {}, item::ItemView(stored), false);
    store.engine().Commit(std::move(batch), nullptr, [](engine::Committed) {});
  }
  held.reset();
  EXPECT_TRUE(rolled.get_future().get().ok());
  const StreamRef stream = store.Find(arn);
  ASSERT_EQ(stream->shards.size(), 2U);
  EXPECT_TRUE(stream->shards[0].closed());
  EXPECT_EQ(store.Keys(stream->shards[0]), Strings{"parent"});
  EXPECT_TRUE(stream->shards[0].EndsBefore(stream->shards[0].last + 1));
  EXPECT_FALSE(stream->shards[0].EndsBefore(stream->shards[0].last));
  EXPECT_EQ(stream->shards[1].parent, stream->shards[0].id);
  EXPECT_EQ(store.Keys(stream->shards[1]), Strings{"child"});
}

TEST(Streams, ARollOverThatWasInterruptedIsCompletedAtTheNextStart) {
  Store store;
  const catalog::TableRef table = *store.Create(StreamTable("table"));
  EXPECT_TRUE(store.Append(*table, Item("parent")));
  const OpenShardsRef held = store.streams().ShardsOf(table->space);  // a commit that never comes to its end
  std::promise<void> ended;
  store.lane(0).Post(
      [&] { stator::Start(store.streams().RollAll(store.lane(0)), [&ended](const Status&) { ended.set_value(); }); });
  while (store.streams().ShardsOf(table->space) == held) std::this_thread::yield();
  EXPECT_TRUE(store.Append(*table, Item("child")));
  store.streams().Stop();
  ended.get_future().wait();
  store.Restart();
  const StreamRef stream = store.Find(ArnOf(*table));
  ASSERT_EQ(stream->shards.size(), 2U);
  EXPECT_EQ(store.Keys(stream->shards[0]), Strings{"parent"});
  EXPECT_TRUE(stream->shards[0].closed());
  EXPECT_EQ(store.Keys(stream->shards[1]), Strings{"child"});
  EXPECT_TRUE(store.Append(*table, Item("after")));
  EXPECT_EQ(store.Keys(store.Find(ArnOf(*table))->shards[1]), (Strings{"child", "after"}));
}

TEST(Streams, AFailedRollOverLeavesTheParentOpen) {
  Clock clock;
  auto fault = std::make_unique<engine::FaultEngine>(engine::NewMemoryEngine(clock));
  engine::FaultEngine& engine = *fault;
  Store store(std::move(fault));
  const catalog::TableRef table = *store.Create(StreamTable("table"));
  engine.FailNext(engine::Fault::kFull);
  EXPECT_FALSE(store.Run([&](Lane& lane) { return store.streams().RollAll(lane); }).ok());
  EXPECT_TRUE(store.Append(*table, Item("a")));
  EXPECT_EQ(store.Keys(store.Find(ArnOf(*table))->shards.front()), Strings{"a"});
  EXPECT_FALSE(store.Find(ArnOf(*table))->shards.front().closed());
  store.RollAll();
  EXPECT_EQ(store.Find(ArnOf(*table))->shards.size(), 2U);
}

TEST(Streams, ClosingIsTriedUntilItSucceeds) {
  Clock clock;
  auto fault = std::make_unique<engine::FaultEngine>(engine::NewMemoryEngine(clock));
  engine::FaultEngine& engine = *fault;
  Store store(std::move(fault));
  const catalog::TableRef table = *store.Create(StreamTable("table"));
  engine.FailNext(engine::Fault::kNone);  // the children
  engine.FailNext(engine::Fault::kUnavailable);
  engine.FailNext(engine::Fault::kUnknownApplied);
  engine.FailNext(engine::Fault::kUnknownLost);
  store.RollAll();
  const StreamRef stream = store.Find(ArnOf(*table));
  ASSERT_EQ(stream->shards.size(), 2U);
  EXPECT_TRUE(stream->shards[0].closed());
}

TEST(Streams, AFailedChangeOfTheTableLeavesNoStream) {
  Clock clock;
  auto fault = std::make_unique<engine::FaultEngine>(engine::NewMemoryEngine(clock));
  engine::FaultEngine& engine = *fault;
  Store store(std::move(fault));
  engine.FailNext(engine::Fault::kUnavailable);
  EXPECT_FALSE(store.Create(StreamTable("table")).ok());
  EXPECT_TRUE(store.streams().List(catalog::kSharedNamespace, {}, {}, 10).empty());
  engine.FailNext(engine::Fault::kUnknownApplied);
  EXPECT_FALSE(store.Create(StreamTable("u")).ok());
  EXPECT_EQ(store.streams().List(catalog::kSharedNamespace, {}, {}, 10).size(), 1U) << "it was made after all";
}

TEST(Streams, ShardsRollOverByAge) {
  Store store(nullptr, {.shards = 2, .shard_age = hours(1)});
  const catalog::TableRef table = *store.Create(StreamTable("table"));
  store.Advance(minutes(59));
  EXPECT_EQ(store.Find(ArnOf(*table))->shards.size(), 2U);
  store.Advance(minutes(2));
  EXPECT_EQ(store.Find(ArnOf(*table))->shards.size(), 4U);
}

TEST(Streams, ChangesLiveADayAndShardsALittleLonger) {
  Store store;
  const catalog::TableRef table = *store.Create(StreamTable("table"));
  const std::string arn = ArnOf(*table);
  EXPECT_TRUE(store.Append(*table, Item("first")));
  store.Advance(hours(3));
  EXPECT_TRUE(store.Append(*table, Item("second")));
  store.Advance(hours(2));
  const Shard parent = store.Find(arn)->shards.front();
  ASSERT_TRUE(parent.closed());
  EXPECT_EQ(*store.streams().TrimHorizon(parent), parent.first);
  store.clock().Step(hours(20));  // the first is a day and an hour old
  EXPECT_EQ(store.Keys(parent), Strings{"second"});
  EXPECT_EQ(*store.streams().TrimHorizon(parent), parent.last);
  store.clock().Step(hours(3));
  EXPECT_TRUE(store.Keys(parent).empty());
  EXPECT_EQ(*store.streams().TrimHorizon(parent), parent.last + 1);
  store.Advance(hours(2));
  EXPECT_EQ(store.Find(arn)->FindShard(parent.id), nullptr);
  store.Restart();
  EXPECT_EQ(store.Find(arn)->FindShard(parent.id), nullptr);
  EXPECT_TRUE(store.Append(*table, Item("third")));
}

TEST(Streams, AnEndedStreamIsForgottenWithItsLastShard) {
  Store store;
  const catalog::TableRef table = *store.Create(StreamTable("table"));
  store.Delete("table");
  store.Advance(hours(23));
  EXPECT_TRUE(store.Find(ArnOf(*table)));
  store.Advance(hours(2));
  EXPECT_FALSE(store.Find(ArnOf(*table)));
  store.Restart();
  EXPECT_FALSE(store.Find(ArnOf(*table)));
}

TEST(Streams, RemovingEverythingForgetsStreams) {
  Store store;
  const catalog::TableRef table = *store.Create(StreamTable("table"));
  const catalog::TableRef other = *store.Create(StreamTable("other"));
  EXPECT_TRUE(store.Append(*table, Item("a")));
  store.Delete("other");
  EXPECT_TRUE(store.Run([&](Lane& lane) { return store.catalog().RemoveAll(lane); }).ok());
  EXPECT_TRUE(store.streams().List(catalog::kSharedNamespace, {}, {}, 10).empty());
  EXPECT_FALSE(store.streams().ShardsOf(table->space));
  const catalog::TableRef again = *store.Create(StreamTable("table"));
  EXPECT_TRUE(store.Keys(store.streams().ForTable(*again)->shards.front()).empty());
  store.Restart();
  EXPECT_EQ(store.streams().List(catalog::kSharedNamespace, {}, {}, 10).size(), 1U);
}

TEST(Streams, ListsByTableAndLabel) {
  Store store;
  for (const char* name : {"bb", "aa", "cc"}) ASSERT_TRUE(store.Create(StreamTable(name)).ok());
  std::vector<StreamRef> page = store.streams().List(catalog::kSharedNamespace, {}, {}, 2);
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0]->table, "aa");
  EXPECT_EQ(page[1]->table, "bb");
  page = store.streams().List(catalog::kSharedNamespace, {}, page[1]->arn, 2);
  ASSERT_EQ(page.size(), 1U);
  EXPECT_EQ(page[0]->table, "cc");
  EXPECT_TRUE(store.streams().List(catalog::kSharedNamespace, "cc", page[0]->arn, 2).empty());
}

TEST(Streams, ReadersAreWokenByChangesAndByTheEnd) {
  Store store;
  const catalog::TableRef table = *store.Create(StreamTable("table"));
  const Shard shard = store.streams().ForTable(*table)->shards.front();
  std::promise<void> appended;
  std::promise<void> closed;
  bool has_change = false;
  bool is_closed = false;
  const engine::Subscription watch = store.streams().WatchShard(shard, &store.lane(1), [&] {
    const Shard now = store.Find(ArnOf(*table))->shards.front();
    if (!std::exchange(has_change, !store.Keys(now).empty()) && has_change) appended.set_value();
    if (!std::exchange(is_closed, now.closed()) && is_closed) closed.set_value();
  });
  EXPECT_TRUE(store.Append(*table, Item("a")));
  appended.get_future().wait();
  EXPECT_TRUE(store.Switch("table", false).ok());
  closed.get_future().wait();
}

TEST(Streams, WhoeverWatchesStreamsLearnsOfNewOnesAndNewShards) {
  Store store;
  std::promise<void> appeared;
  std::promise<void> rolled;
  bool has_stream = false;
  bool has_child = false;
  const engine::Subscription watch = store.streams().WatchStreams(&store.lane(1), [&] {
    const auto streams = store.streams().List(catalog::kSharedNamespace, {}, {}, 10);
    if (!std::exchange(has_stream, !streams.empty()) && has_stream) appeared.set_value();
    if (!std::exchange(has_child, has_stream && streams[0]->shards.size() > 1) && has_child) rolled.set_value();
  });
  EXPECT_TRUE(store.Create(StreamTable("table")).ok());
  appeared.get_future().wait();
  store.RollAll();
  rolled.get_future().wait();
}

TEST(Streams, LatestIsBehindEverythingAcknowledged) {
  Store store;
  const catalog::TableRef table = *store.Create(StreamTable("table"));
  EXPECT_TRUE(store.Append(*table, Item("a")));
  const engine::Position latest = store.streams().Latest();
  const Shard shard = store.streams().ForTable(*table)->shards.front();
  EXPECT_TRUE(store.Keys(shard, latest).empty());
  EXPECT_TRUE(store.Append(*table, Item("b")));
  EXPECT_EQ(store.Keys(shard, latest), Strings{"b"});
}

// A store of a version that kept the specification and no stream.
TEST(Streams, ATableWhoseStreamNobodyKeptGetsOne) {
  Store store;
  const catalog::TableRef table = *store.Create(StreamTable("table"));
  const StreamRef stream = store.streams().ForTable(*table);
  engine::Batch batch;
  EraseStream(&batch, *stream);
  store.engine().Commit(std::move(batch), nullptr, [](engine::Committed) {});
  store.Restart();
  EXPECT_TRUE(store.Append(*table, Item("a")));
  EXPECT_EQ(store.Keys(store.Find(ArnOf(*table))->shards.front()), Strings{"a"});
}

}  // namespace
}  // namespace stator::streams
