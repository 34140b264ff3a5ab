#include "streams/stream_codec.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "streams/shards.h"
#include "streams/streams_testing.h"

namespace stator::streams {
namespace {

Stream Example() {
  uint32_t space = 10;
  Stream stream =
      BeginStream(StreamTable("t"), 3, {Time{1'700'000'000'000'000}, 77}, [&] { return engine::Space{++space}; });
  RollOver(&stream, stream.created, {Time{1'700'000'009'000'000}, 99}, [&] { return engine::Space{++space}; });
  stream.shards[0].state = Shard::State::kClosed;
  stream.shards[0].last = 98;
  stream.key.range = {{"sk", item::Tag::kBinary}};
  return stream;
}

TEST(StreamCodec, GivesBackWhatWasStored) {
  const Stream stream = Example();
  const std::string bytes = EncodeStream(stream);
  const auto decoded = DecodeStream(kStreamVersion, bytes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(EncodeStream(*decoded), bytes);
  EXPECT_EQ(decoded->arn, stream.arn);
  EXPECT_EQ(decoded->key, stream.key);
  ASSERT_EQ(decoded->shards.size(), 6U);
  EXPECT_EQ(decoded->shards[0].last, 98U);
  EXPECT_TRUE(decoded->shards[0].closed());
  EXPECT_EQ(decoded->shards[5].parent, stream.shards[5].parent);
  EXPECT_FALSE(DecodeStream(kStreamVersion + 1, bytes));
}

TEST(StreamCodec, DamageIsRefused) {
  const std::string bytes = EncodeStream(Example());
  for (size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(DecodeStream(kStreamVersion, Bytes(bytes).substr(0, size)));
  EXPECT_FALSE(DecodeStream(kStreamVersion, bytes + "x"));
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE(seed);
  Random random(seed);
  for (int i = 0; i < 2000; ++i) {  // never a crash
    std::string damaged = bytes;
    damaged[random.Below(damaged.size())] = static_cast<char>(random.Next());
    (void)DecodeStream(kStreamVersion, damaged);
  }
}

TEST(StreamCodec, RecordsComeBackByTableAndLabel) {
  Clock clock;
  const auto engine = engine::NewMemoryEngine(clock);
  Stream first = Example();
  Stream second = Example();
  second.label = "2026-11-20T11:00:00.000";
  second.arn = StreamArn(StreamTable("t").arn, second.label);
  engine::Batch batch;
  PutStream(&batch, second);
  PutStream(&batch, first);
  engine->Commit(std::move(batch), nullptr, [](engine::Committed) {});
  auto loaded = LoadStreams(*engine);
  ASSERT_TRUE(loaded.ok());
  ASSERT_EQ(loaded->size(), 2U);
  EXPECT_EQ((*loaded)[0].label, first.label);
  EXPECT_EQ((*loaded)[1].label, second.label);
  EXPECT_EQ((*loaded)[0].table, "t");
  engine::Batch erase;
  EraseStream(&erase, first);
  engine->Commit(std::move(erase), nullptr, [](engine::Committed) {});
  EXPECT_EQ(LoadStreams(*engine)->size(), 1U);
}

}  // namespace
}  // namespace stator::streams
