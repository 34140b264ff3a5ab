#include "streams/shards.h"

#include <gtest/gtest.h>

#include <set>

#include "base/coding.h"
#include "streams/streams_testing.h"

namespace stator::streams {
namespace {

class Shards : public testing::Test {
 protected:
  Moment Now() { return {Time{now_ += 1000}, next_++}; }
  Stream Begin(int count) {
    return BeginStream(StreamTable("t"), count, Now(), [this] { return NewSpaceOf(); });
  }
  void Roll(Stream* stream) {
    const Moment moment = Now();
    RollOver(stream, moment.now, moment, [this] { return NewSpaceOf(); });
  }
  engine::Space NewSpaceOf() { return engine::Space{++space_}; }
  static void Close(Stream* stream) {
    for (Shard& shard : stream->shards) {
      if (shard.state == Shard::State::kClosing) shard.state = Shard::State::kClosed;
    }
  }
  static std::string Key(uint64_t hash) {
    std::string key;
    PutBig64(&key, hash);
    return key + "rest";
  }

  int64_t now_ = 1'700'000'000'000'000;
  engine::Position next_ = 1;
  uint32_t space_ = 0;
};

TEST_F(Shards, RangesCoverEveryHashOnce) {
  for (const int count : {1, 2, 3, 7, 256}) {
    const Stream stream = Begin(count);
    ASSERT_EQ(stream.shards.size(), static_cast<size_t>(count));
    std::set<std::pair<uint64_t, uint64_t>> ranges;
    for (const Shard& shard : stream.shards) ranges.emplace(shard.first_hash, shard.last_hash);
    uint64_t next = 0;
    for (const auto& [first, last] : ranges) {
      EXPECT_EQ(first, next);
      EXPECT_LE(first, last);
      next = last + 1;
    }
    EXPECT_EQ(next, 0U) << "the last hash is the greatest number";
    const OpenShardsRef open = OpenShardsOf(stream);
    for (const Shard& shard : stream.shards) {
      EXPECT_EQ(open->LogOf(Key(shard.first_hash)), shard.log);
      EXPECT_EQ(open->LogOf(Key(shard.last_hash)), shard.log);
    }
  }
}

TEST_F(Shards, ChildrenKeepTheRangesAndSortBehindTheirParents) {
  Stream stream = Begin(3);
  std::set<std::string> ids;
  for (int round = 0; round < 5; ++round) {
    now_ -= 1000;  // a clock that does not move, either
    Roll(&stream);
    ASSERT_EQ(LogsIn(stream, Shard::State::kOpen).size(), 3U);
    Close(&stream);
  }
  ASSERT_EQ(stream.shards.size(), 18U);
  for (const Shard& shard : stream.shards) {
    EXPECT_EQ(shard.id.size(), 37U);
    EXPECT_TRUE(ids.insert(shard.id).second);
    EXPECT_EQ(stream.FindShard(shard.id), &shard);
    if (shard.parent.empty()) continue;
    const Shard* parent = stream.FindShard(shard.parent);
    ASSERT_NE(parent, nullptr);
    EXPECT_LT(parent, &shard);
    EXPECT_EQ(parent->first_hash, shard.first_hash);
    EXPECT_EQ(parent->last_hash, shard.last_hash);
    EXPECT_TRUE(parent->closed());
  }
  EXPECT_EQ(stream.FindShard("shardId-0"), nullptr);
}

TEST_F(Shards, OnlyOldShardsRollOver) {
  Stream stream = Begin(2);
  const Time created = stream.shards.front().created;
  EXPECT_FALSE(IsRollDue(stream, Time{created.micros - 1}));
  EXPECT_TRUE(IsRollDue(stream, created));
  Roll(&stream);
  EXPECT_FALSE(IsRollDue(stream, created)) << "its children are young";
}

TEST_F(Shards, ChildrenAreShownWhenAllBeforeThemIsClosed) {
  Stream stream = Begin(1);
  Roll(&stream);
  EXPECT_EQ(Shown(stream).shards.size(), 1U);
  Roll(&stream);  // while the first is closing
  EXPECT_EQ(Shown(stream).shards.size(), 1U);
  stream.shards[1].state = Shard::State::kClosed;
  EXPECT_EQ(Shown(stream).shards.size(), 1U) << "its parent is not closed";
  Close(&stream);
  EXPECT_EQ(Shown(stream).shards.size(), 3U);
}

TEST_F(Shards, ADisabledStreamHasNoOpenShard) {
  Stream stream = Begin(2);
  DisableStream(&stream, Time{5});
  EXPECT_FALSE(stream.enabled);
  EXPECT_EQ(OpenShardsOf(stream), nullptr);
  EXPECT_TRUE(LogsIn(stream, Shard::State::kOpen).empty());
  EXPECT_FALSE(IsRollDue(stream, Time{now_ + 1}));
}

TEST_F(Shards, ClosedShardsAreForgottenParentsFirst) {
  Stream stream = Begin(1);
  Roll(&stream);
  Close(&stream);
  const std::string child = stream.shards.back().id;
  const Time ended = stream.shards.front().ended;
  EXPECT_TRUE(ForgetShards(&stream, Time{ended.micros - 1}).empty());
  EXPECT_EQ(ForgetShards(&stream, ended), std::vector<engine::Space>{engine::Space{1}});
  ASSERT_EQ(Shown(stream).shards.size(), 1U);
  EXPECT_EQ(stream.shards.front().id, child);
}

TEST(StreamArns, AreTakenApart) {
  StreamArnParts parts;
  ASSERT_TRUE(
      SplitStreamArn("arn:aws:dynamodb:eu-west-1:123456789012:table/a.b-c/stream/2026-11-20T10:00:00.123", &parts));
  EXPECT_EQ(parts.region, "eu-west-1");
  EXPECT_EQ(parts.account, "123456789012");
  EXPECT_EQ(parts.table, "a.b-c");
  EXPECT_EQ(parts.label, "2026-11-20T10:00:00.123");
  for (const char* arn : {"", "arn:aws:dynamodb:r:a:table/t", "arn:aws:dynamodb:r:a:table/t/stream/",
                          "arn:aws:dynamodb:r:a:table//stream/l", "arn:aws:kinesis:r:a:table/t/stream/l",
                          "arn:aws:dynamodb:r:table/t/stream/l", "arn:aws:dynamodb:r:a:table/t/stream/l/m"}) {
    EXPECT_FALSE(SplitStreamArn(arn, &parts)) << arn;
  }
}

}  // namespace
}  // namespace stator::streams
