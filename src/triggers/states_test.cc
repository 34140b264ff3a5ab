// Changes of mappings, their states, and restarts.
#include <gtest/gtest.h>

#include <chrono>

#include "triggers/triggers_testing.h"

namespace stator::triggers {
namespace {

using namespace std::chrono_literals;

// --- States and changes. ---

TEST(Triggers, StopsAndGoesOn) {
  World world;
  world.Start();
  const std::string uuid = world.Map({});
  world.PutAll(1, 3);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 3; }));
  world.WaitFor(uuid, State::kEnabled);
  while (world.triggers().Find(uuid)->last_result != LastResult::kOk) world.Turn();
  const auto disabling = world.Update(uuid, [](Mapping* m) -> Status {
    m->enabled = false;
    return {};
  });
  ASSERT_TRUE(disabling.ok());
  EXPECT_EQ(disabling->state, State::kDisabling);
  world.WaitFor(uuid, State::kDisabled);
  world.PutAll(4, 6);
  const auto enabling = world.Update(uuid, [](Mapping* m) -> Status {
    m->enabled = true;
    m->settings.batch_size = 1;
    return {};
  });
  EXPECT_EQ(enabling->state, State::kEnabling);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 6; }));
  EXPECT_EQ(Numbers(world.function.delivered()), UpTo(6));
  world.WaitFor(uuid, State::kEnabled);
  const auto updating = world.Update(uuid, [](Mapping*) -> Status { return {}; });
  EXPECT_EQ(updating->state, State::kUpdating);
  world.WaitFor(uuid, State::kEnabled);
  const auto deleting = world.Delete(uuid);
  EXPECT_EQ(deleting->state, State::kDeleting);
  world.WaitFor(uuid, std::nullopt);
  EXPECT_TRUE(world.KeptCheckpoints(uuid).empty());
  EXPECT_EQ(world.Delete(uuid).error().text, "The resource you requested does not exist.");
}

TEST(Triggers, DisablingEndsAnEndlessRetry) {
  World world;
  world.PutAll(1, 3);
  world.function.Handle([](const Event&) { return Raised(); });
  world.options().back_off = {1h, 1h};
  world.Start();
  const std::string uuid = world.Map({});
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.calls() >= 1; }));
  (void)world.Update(uuid, [](Mapping* m) -> Status {
    m->enabled = false;
    return {};
  });
  world.WaitFor(uuid, State::kDisabled);
  world.function.Handle([](const Event&) { return Returned(); });
  (void)world.Update(uuid, [](Mapping* m) -> Status {
    m->enabled = true;
    return {};
  });
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 3; }));
}

TEST(Triggers, OneMappingForAStreamAndAFunction) {
  World world;
  world.Start();
  const std::string uuid = world.Map({});
  const std::string other = world.Map({}, std::string(kFunctionArn) + ":alias");
  const auto same = world.Update(other, [](Mapping* m) -> Status {
    m->function_arn = kFunctionArn;
    return {};
  });
  ASSERT_FALSE(same.ok());
  EXPECT_EQ(same.error().text,
            "The event source arn (\" " + world.stream_arn() +
                " \") and function (\" f \") provided mapping already exists. Please update or delete "
                "the existing mapping with UUID " +
                uuid);
  const auto any = [](const Mapping&) { return true; };
  EXPECT_EQ(world.triggers().List(any, {}, 10).size(), 2U);
  EXPECT_EQ(world.triggers().List([](const Mapping& m) { return m.function_arn == kFunctionArn; }, {}, 10).size(), 1U);
  const auto first = world.triggers().List(any, {}, 1);
  ASSERT_EQ(first.size(), 1U);
  const auto second = world.triggers().List(any, first[0].mapping->uuid, 10);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_NE(first[0].mapping->uuid, second[0].mapping->uuid);
}

// --- Restarts. ---

TEST(Triggers, GoesOnAtTheCheckpointAfterARestart) {
  World world;
  world.Start();
  world.Map({});
  world.PutAll(1, 5);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 5; }));
  world.Stop();
  world.PutAll(6, 10);
  world.Start();
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 10; }));
  EXPECT_EQ(Numbers(world.function.delivered()), UpTo(10));
}

// Killed at any moment: what was durable then is all that is known afterwards.
TEST(Triggers, LosesNothingWhenKilled) {
  OrderCheck order;  // outlives the world, which calls until it goes
  World world(2);
  SCOPED_TRACE(world.Seed());
  constexpr int kItems = 10;
  std::map<std::string, int> written;
  world.function.TakeUpTo(500us);
  world.function.Handle([&order, chance = Random(world.random.Next())](const Event& event) mutable {
    const bool done = chance.Below(5) != 0;
    order.See(event, done);
    return done ? Returned() : Raised();
  });
  Settings settings;
  settings.batch_size = 4;
  settings.parallelization_factor = 3;
  settings.bisect_on_error = true;
  world.Start();
  const std::string uuid = world.Map(settings);
  for (int round = 0; round < 12; ++round) {
    const auto write = [&](uint64_t count) {
      for (uint64_t i = 0; i < count; ++i) {
        const std::string pk = "k" + std::to_string(world.random.Below(kItems));
        world.Put(pk, ++written[pk]);
      }
    };
    write(world.random.Below(60));
    if (world.random.Below(3) == 0) world.Roll();
    const Checkpoints durable = world.KeptCheckpoints(uuid);
    write(world.random.Below(40));
    world.Stop();
    if (world.random.Below(3) != 0) world.SetCheckpoints(uuid, durable);  // else a clean stop
    world.Start();
  }
  const auto all_there = [&] {
    return std::all_of(written.begin(), written.end(),
                       [&](const auto& item) { return order.At(item.first) == item.second; });
  };
  EXPECT_TRUE(world.function.WaitUntil(all_there));
  for (const auto& [pk, n] : written) EXPECT_EQ(order.At(pk), n) << pk;
}

}  // namespace
}  // namespace stator::triggers
