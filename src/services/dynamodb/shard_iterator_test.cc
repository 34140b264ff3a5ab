#include "services/dynamodb/shard_iterator.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace stator::services::dynamodb {
namespace {

ShardIterator Example() {
  ShardIterator iterator;
  iterator.stream = "arn:aws:dynamodb:eu-west-1:000000000000:table/t/stream/2026-11-20T10:00:00.000";
  iterator.shard = "shardId-00000001795000000123-0a1b2c3d";
  iterator.from = 42;
  iterator.trim_horizon = true;
  iterator.made = Time{1'700'000'000'000'001};
  return iterator;
}

TEST(ShardIterators, ComeBackAsTheyWere) {
  const ShardIterator iterator = Example();
  const std::string text = WriteShardIterator(iterator);
  EXPECT_EQ(text.substr(0, iterator.stream.size() + 3), iterator.stream + "|1|");
  const auto read = ReadShardIterator(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->stream, iterator.stream);
  EXPECT_EQ(read->shard, iterator.shard);
  EXPECT_EQ(read->from, iterator.from);
  EXPECT_EQ(read->trim_horizon, iterator.trim_horizon);
  EXPECT_EQ(read->made, iterator.made);
}

TEST(ShardIterators, NothingElseIsTaken) {
  const std::string text = WriteShardIterator(Example());
  for (size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(ReadShardIterator(text.substr(0, size)));
  for (const char* garbage : {"", "x", "|1|", "|1|AAAA", "arn|1|AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    EXPECT_FALSE(ReadShardIterator(garbage)) << garbage;
  }
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE(seed);
  Random random(seed);
  for (int i = 0; i < 5000; ++i) {
    std::string changed = text;
    char& c = changed[random.Below(changed.size())];
    const char other = static_cast<char>(' ' + random.Below(95));
    if (c == other) continue;
    c = other;
    EXPECT_FALSE(ReadShardIterator(changed)) << changed;
  }
}

}  // namespace
}  // namespace stator::services::dynamodb
