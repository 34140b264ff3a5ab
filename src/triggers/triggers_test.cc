// From stream to function: what arrives, in which order, and what becomes of what fails.
#include "triggers/triggers.h"

#include <gtest/gtest.h>

#include <chrono>

#include "triggers/triggers_testing.h"

namespace stator::triggers {
namespace {

using namespace std::chrono_literals;

std::string Failing(const std::string& sequence) {
  return R"({"batchItemFailures":[{"itemIdentifier":")" + sequence + "\"}]}";
}

// --- Delivery. ---

TEST(Triggers, DeliversEveryChangeInOrder) {
  World world;
  world.Start();
  Settings settings;
  settings.batch_size = 7;
  world.PutAll(1, 20);
  world.Map(settings);
  world.PutAll(21, 40);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 40; }));
  EXPECT_EQ(Numbers(world.function.delivered()), UpTo(40));
  EXPECT_LE(*std::max_element(world.function.sizes().begin(), world.function.sizes().end()), 7U);
  EXPECT_EQ(world.metrics.ages.size(), static_cast<size_t>(world.function.calls()));
}

TEST(Triggers, LatestBeginsWhereCreateWasAcknowledged) {
  World world;
  world.Start();
  world.PutAll(1, 5);
  world.Map({}, kFunctionArn, true);
  world.PutAll(6, 10);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 5; }));
  EXPECT_EQ(Numbers(world.function.delivered()), UpTo(10, 6));
}

TEST(Triggers, ALatestMappingThatWaitsMissesNothing) {
  World world;
  world.Start();
  world.PutAll(1, 5);
  const std::string uuid = world.Map({}, kFunctionArn, true, false);
  world.WaitFor(uuid, State::kDisabled);
  world.PutAll(6, 8);
  world.Roll();
  world.PutAll(9, 10);
  ASSERT_TRUE(world
                  .Update(uuid,
                          [](Mapping* m) -> Status {
                            m->enabled = true;
                            return {};
                          })
                  .ok());
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 5; }));
  EXPECT_EQ(Numbers(world.function.delivered()), UpTo(10, 6));
}

TEST(Triggers, FiltersAreDoneWithWhatTheyHoldBack) {
  World world;
  world.Start();
  Settings settings;
  settings.batch_size = 2;
  settings.filters = {R"({"dynamodb":{"NewImage":{"n":{"N":["5","9"]}}}})"};
  const std::string uuid = world.Map(settings);
  world.PutAll(1, 12);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 2; }));
  EXPECT_EQ(Numbers(world.function.delivered()), (std::vector<int>{5, 9}));
  world.Stop();
  world.Start();
  world.PutAll(13, 13);
  world.Put("k", 5);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 3; }));
  EXPECT_EQ(Numbers(world.function.delivered()), (std::vector<int>{5, 9, 5}));
}

TEST(Triggers, ABatchingWindowGathers) {
  World world;
  world.Start();
  Settings settings;
  settings.batching_window_seconds = 1;
  settings.batch_size = 5;
  world.Map(settings);
  world.PutAll(1, 8);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 8; }));
  EXPECT_EQ(world.function.sizes(), (std::vector<size_t>{5, 3}));
}

// --- Order and failures. ---

// Many items, several shards that roll over, lanes by key, calls that fail by chance: no item's changes pass each
// other.
TEST(Triggers, KeepsTheOrderOfEachItem) {
  OrderCheck order;  // outlives the world, which calls until it goes
  World world(2);
  SCOPED_TRACE(world.Seed());
  world.Start();
  constexpr int kItems = 20;
  constexpr int kChanges = 60;
  world.function.TakeUpTo(1ms);
  world.function.Handle([&order, chance = Random(world.random.Next())](const Event& event) mutable {
    const bool done = chance.Below(4) != 0;
    order.See(event, done);
    return done ? Returned() : Raised();
  });
  Settings settings;
  settings.batch_size = 6;
  settings.parallelization_factor = 5;
  settings.bisect_on_error = world.random.Below(2) == 0;
  world.Map(settings);
  for (int n = 1; n <= kChanges; ++n) {
    for (int i = 0; i < kItems; ++i) world.Put("k" + std::to_string(i), n);
    if (n % 20 == 0) world.Roll();
  }
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= kItems * kChanges; }));
  EXPECT_EQ(world.function.delivered().size(), static_cast<size_t>(kItems * kChanges));
  for (int i = 0; i < kItems; ++i) EXPECT_EQ(order.At("k" + std::to_string(i)), kChanges);
}

TEST(Triggers, BisectsDownToOneRecord) {
  World world;
  world.PutAll(1, 16);
  world.function.Handle([](const Event& event) { return event.Has(11) ? Raised() : Returned(); });
  world.Start();
  Settings settings;
  settings.bisect_on_error = true;
  settings.maximum_retries = 1;
  settings.on_failure = "arn:aws:sqs:us-east-1:000000000000:q";
  world.Map(settings);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 15; }));
  std::vector<int> wanted = UpTo(16);
  wanted.erase(wanted.begin() + 10);
  EXPECT_EQ(Numbers(world.function.delivered()), wanted);
  ASSERT_EQ(world.dead_letters.size(), 1U);
  json::Document document;
  const auto record = document.Parse(world.dead_letters[0]);
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->Find("requestContext").Find("condition").text(), "RetryAttemptsExhausted");
  EXPECT_EQ(record->Find("requestContext").Find("functionArn").text(), kFunctionArn);
  EXPECT_EQ(record->Find("responseContext").Find("functionError").text(), "Unhandled");
  EXPECT_EQ(record->Find("responseContext").Find("executedVersion").text(), "$LATEST");
  EXPECT_EQ(record->Find("DDBStreamBatchInfo").Find("batchSize").integer(), 1);
  EXPECT_EQ(record->Find("DDBStreamBatchInfo").Find("streamArn").text(), world.stream_arn());
}

TEST(Triggers, GivesUpAfterTheRetries) {
  World world;
  world.PutAll(1, 4);
  world.function.Handle([](const Event& event) { return event.Has(2) ? Raised() : Returned(); });
  world.Start();
  Settings settings;
  settings.maximum_retries = 1;
  settings.batch_size = 3;
  settings.on_failure = "arn:aws:s3:::bucket";
  const std::string uuid = world.Map(settings);
  ASSERT_TRUE(world.function.WaitUntil([&] { return !world.function.delivered().empty(); }));
  EXPECT_EQ(Numbers(world.function.delivered()), (std::vector<int>{4}));
  EXPECT_EQ(world.function.sizes(), (std::vector<size_t>{3, 3, 1}));
  ASSERT_EQ(world.dead_letters.size(), 1U);
  json::Document document;
  const auto record = document.Parse(world.dead_letters[0]);
  ASSERT_TRUE(record.ok());
  EXPECT_EQ(record->Find("requestContext").Find("approximateInvokeCount").integer(), 2);
  EXPECT_EQ(record->Find("payload").Find("Records").size(), 3U);
  EXPECT_EQ(record->Find("version").text(), "1.0");
  EXPECT_TRUE(world.dead_letter_keys[0].starts_with("aws/lambda/" + uuid + "/shardId-")) << world.dead_letter_keys[0];
}

TEST(Triggers, TheCheckpointWaitsForTheDestination) {
  std::string uuid;
  std::vector<engine::Position> kept;
  World world;
  world.PutAll(1, 3);
  world.function.Handle([](const Event&) { return Raised(); });
  world.while_handed_over = [&] {
    const Checkpoints checkpoints = world.KeptCheckpoints(uuid);
    kept.push_back(checkpoints.empty() ? 0 : checkpoints.begin()->second.next);
  };
  world.Start();
  Settings settings;
  settings.maximum_retries = 0;
  settings.batch_size = 1;
  settings.on_failure = "arn:aws:s3:::bucket";
  uuid = world.Map(settings, kFunctionArn, false, false);
  world.WaitFor(uuid, State::kDisabled);
  const auto enabling = world.Update(uuid, [](Mapping* mapping) -> Status {
    mapping->enabled = true;
    return {};
  });
  ASSERT_TRUE(enabling.ok());
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.dead_letters.size() == 3; }));
  world.Stop();
  const engine::Position done = world.KeptCheckpoints(uuid).begin()->second.next;
  ASSERT_EQ(kept.size(), 3U);
  for (size_t i = 0; i < kept.size(); ++i) EXPECT_LE(kept[i] + (3 - i), done) << i;
}

TEST(Triggers, GoesOnFromTheReportedRecord) {
  bool failed = false;
  World world;
  world.PutAll(1, 12);
  world.function.Handle([&failed](const Event& event) {
    if (failed || !event.Has(10)) return Returned("{}");
    failed = true;
    // The higher one first, and 10 is lower than 9 as text.
    const std::string answer = R"({"batchItemFailures":[{"itemIdentifier":")" + event.records[10].sequence +
                               R"("},{"itemIdentifier":")" + event.records[8].sequence + "\"}]}";
    return Returned(answer);
  });
  world.Start();
  Settings settings;
  settings.report_item_failures = true;
  world.Map(settings);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.calls() >= 2; }));
  EXPECT_EQ(world.function.sizes(), (std::vector<size_t>{12, 4}));
  EXPECT_EQ(world.function.delivered().back().n, 12);
}

TEST(Triggers, ReportsWhatWasNotRaisedAsNoFunctionError) {
  World world;
  world.PutAll(1, 3);
  world.function.Handle([](const Event&) { return Returned(Failing("")); });
  world.Start();
  Settings settings;
  settings.report_item_failures = true;
  settings.maximum_retries = 0;
  settings.on_failure = "arn:aws:sqs:us-east-1:000000000000:q";
  world.Map(settings);
  ASSERT_TRUE(world.function.WaitUntil([&] { return !world.dead_letters.empty(); }));
  EXPECT_NE(world.dead_letters[0].find(R"("functionError":null)"), std::string::npos) << world.dead_letters[0];
  EXPECT_EQ(world.dead_letters[0].find("payload"), std::string::npos);
}

TEST(Triggers, DiscardsWhatIsTooOld) {
  World world;
  world.PutAll(1, 3);
  world.function.Handle([](const Event&) { return Raised(); });
  world.Start();
  Settings settings;
  settings.maximum_record_age_seconds = 60;
  settings.on_failure = "arn:aws:sqs:us-east-1:000000000000:q";
  const std::string uuid = world.Map(settings);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.calls() >= 2; }));
  while (world.triggers().Find(uuid)->last_result != LastResult::kProblem) world.Turn();
  world.clock.Step(60s);
  world.function.Handle([](const Event&) { return Returned(); });
  world.PutAll(4, 4);
  ASSERT_TRUE(
      world.function.WaitUntil([&] { return !world.function.delivered().empty() && !world.dead_letters.empty(); }));
  EXPECT_EQ(world.function.delivered().back().n, 4);
  const std::string& record = world.dead_letters[0];
  EXPECT_NE(record.find(R"("condition":"RecordAgeExceeded")"), std::string::npos) << record;
  EXPECT_EQ(record.find("responseContext"), std::string::npos);
  EXPECT_NE(record.find(R"("batchSize":3)"), std::string::npos) << record;
}

TEST(Triggers, DiscardsWithoutACallWhatIsTooOldOnArrival) {
  World world;
  world.PutAll(1, 3);
  world.clock.Step(2min);
  world.Start();
  Settings settings;
  settings.maximum_record_age_seconds = 60;
  settings.on_failure = "arn:aws:sqs:us-east-1:000000000000:q";
  world.Map(settings);
  ASSERT_TRUE(world.function.WaitUntil([&] { return !world.dead_letters.empty(); }));
  EXPECT_EQ(world.function.calls(), 0);
  EXPECT_NE(world.dead_letters[0].find(R"("approximateInvokeCount":1)"), std::string::npos);
}

TEST(Triggers, SkipsWhatLeftTheStreamUnderAStuckReader) {
  World world;
  world.PutAll(1, 300);
  world.function.Handle([](const Event&) { return Raised(); });
  world.Start();
  Settings settings;
  settings.batch_size = 1;
  world.Map(settings);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.calls() >= 2; }));
  world.function.Handle([](const Event&) { return Returned(); });
  world.clock.Step(25h);
  world.PutAll(301, 301);
  ASSERT_TRUE(world.function.WaitUntil(
      [&] { return !world.function.delivered().empty() && world.function.delivered().back().n == 301; }));
}

TEST(Triggers, ThrottlesAndMissingFunctionsAreNoAttempts) {
  int throttled = 0;
  World world;
  world.PutAll(1, 3);
  world.function.Handle([&](const Event&) { return ++throttled <= 5 ? Throttled() : Returned(); });
  world.function.Exists(false);
  world.Start();
  Settings settings;
  settings.maximum_retries = 0;
  settings.on_failure = "arn:aws:sqs:us-east-1:000000000000:q";
  const std::string uuid = world.Map(settings);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.resolved() >= 4; }));
  while (world.triggers().Find(uuid)->last_result != LastResult::kProblem) world.Turn();
  world.WaitFor(uuid, State::kEnabled);
  world.function.Exists(true);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 3; }));
  EXPECT_TRUE(world.dead_letters.empty());
}

TEST(Triggers, APoisonedRecordStopsOnlyItsShardAndMapping) {
  World world(4);
  for (int i = 0; i < 40; ++i) world.Put("k" + std::to_string(i), i + 1);
  // One mapping's function fails for ever at one record; the other's does not.
  world.function.Handle([](const Event& event) { return event.Has(7) ? Raised() : Returned(); });
  world.Start();
  Settings settings;
  settings.batch_size = 1;
  world.Map(settings);
  Settings patient = settings;
  patient.maximum_retries = 0;
  world.Map(patient, std::string(kFunctionArn) + "2");
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered("f2").size() >= 39; }));
  // Three of four shards are read to their end by the first as well.
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered("f").size() >= 20; }));
}

}  // namespace
}  // namespace stator::triggers
