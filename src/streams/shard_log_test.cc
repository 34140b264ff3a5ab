#include "streams/shard_log.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/random.h"
#include "engine/memory/memory_engine.h"

namespace stator::streams {
namespace {

// Against looking at every record.
TEST(ShardLog, FindsPlacesAsAWalkDoes) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE(seed);
  Random random(seed);
  for (int round = 0; round < 30; ++round) {
    Clock clock;
    const auto engine = engine::NewMemoryEngine(clock);
    struct Record {
      engine::Position position;
      Time time;
    };
    std::vector<Record> records;
    for (uint64_t i = random.Below(60); i > 0; --i) {
      engine::Batch batch;
      const bool ours = random.Below(3) > 0;
      batch.Append(engine::Space{ours ? 1U : 2U}, "r");
      engine->Commit(std::move(batch), nullptr, [&](engine::Committed c) {
        if (ours) records.push_back({c.last, c.time});
      });
      clock.Step(std::chrono::seconds(random.Below(3)));
    }
    for (engine::Position from = 1; from <= engine->newest() + 2; ++from) {
      engine::Position last = from - 1;
      for (const Record& record : records) {
        if (record.position >= from) last = record.position;
      }
      EXPECT_EQ(*LastRecord(*engine, engine::Space{1}, from), last);
    }
    for (int second = -1; second < 130; second += 7) {
      const Time time = clock.Now() + std::chrono::seconds(-second);
      engine::Position since = 1;
      for (const Record& record : records) {
        if (record.time < time) since = record.position + 1;
      }
      EXPECT_EQ(*FirstSince(*engine, engine::Space{1}, 1, time), since);
    }
  }
}

}  // namespace
}  // namespace stator::streams
