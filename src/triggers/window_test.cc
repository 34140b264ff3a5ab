// Tumbling windows, from stream to function.
#include <gtest/gtest.h>

#include <chrono>

#include "triggers/response.h"
#include "triggers/triggers_testing.h"

namespace stator::triggers {
namespace {

using namespace std::chrono_literals;

std::string StateSum(const Event& event) {
  json::Document document;
  const json::Value parsed = *document.Parse(event.text);
  const json::Value sum = parsed.Find("state").Find("sum");
  return std::to_string((sum.valid() ? sum.integer() : 0) + static_cast<int64_t>(event.records.size()));
}

TEST(Triggers, TumblingWindowsSumUp) {
  std::vector<std::string> finals;
  World world;
  world.function.Handle([&](const Event& event) {
    if (event.text.find(R"("isFinalInvokeForWindow":true)") != std::string::npos) {
      finals.push_back(StateSum(event));
      return Returned();
    }
    return Returned(R"({"state":{"sum":)" + StateSum(event) + "}}");
  });
  world.Start();
  Settings settings;
  settings.tumbling_window_seconds = 60;
  settings.batch_size = 2;
  settings.parallelization_factor = 3;
  // The middle of a window, so that none ends by itself.
  const int64_t into = world.clock.Now().seconds() % 60;
  world.clock.Step(std::chrono::seconds(75 - into));
  world.Map(settings);
  world.PutAll(1, 5);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 5; }));
  EXPECT_TRUE(finals.empty());
  world.clock.Step(60s);
  ASSERT_TRUE(world.function.WaitUntil([&] { return finals.size() == 1; }));
  EXPECT_EQ(finals[0], "5");
  world.PutAll(6, 8);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 8; }));
  // A shard's end closes its window.
  world.Roll();
  ASSERT_TRUE(world.function.WaitUntil([&] { return finals.size() == 2; }));
  EXPECT_EQ(finals[1], "3");
}

TEST(Triggers, AnOpenWindowBeginsAgainAfterARestart) {
  std::vector<std::string> finals;
  World world;
  world.function.Handle([&](const Event& event) {
    const bool final = event.text.find(R"("isFinalInvokeForWindow":true)") != std::string::npos;
    if (final) finals.push_back(StateSum(event));
    return Returned(R"({"state":{"sum":)" + StateSum(event) + "}}");
  });
  const int64_t into = world.clock.Now().seconds() % 60;
  world.clock.Step(std::chrono::seconds(75 - into));
  world.Start();
  Settings settings;
  settings.tumbling_window_seconds = 60;
  world.Map(settings);
  world.PutAll(1, 5);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 5; }));
  world.Stop();
  world.Start();
  world.PutAll(6, 6);
  ASSERT_TRUE(world.function.WaitUntil([&] { return world.function.delivered().size() >= 11; }));
  world.clock.Step(60s);
  ASSERT_TRUE(world.function.WaitUntil([&] { return finals.size() == 1; }));
  EXPECT_EQ(finals[0], "6");
}

TEST(Triggers, AWindowWhoseStateIsTooLargeEndsEarly) {
  bool early = false;
  World world;
  world.PutAll(1, 1);
  world.function.Handle([&](const Event& event) {
    early = early || event.text.find(R"("isWindowTerminatedEarly":true)") != std::string::npos;
    return Returned(R"({"state":{"a":")" + std::string(kMaxStateBytes, 'x') + "\"}}");
  });
  world.Start();
  Settings settings;
  settings.tumbling_window_seconds = 60;
  world.Map(settings);
  ASSERT_TRUE(world.function.WaitUntil([&] { return early; }));
}

}  // namespace
}  // namespace stator::triggers
