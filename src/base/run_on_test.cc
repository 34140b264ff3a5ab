#include "base/run_on.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/pause.h"

namespace stator {
namespace {

using Owned = std::unique_ptr<std::string>;

Task<Owned> Named(std::string name, bool* on_its_lane, Lane& lane) {
  *on_its_lane = Lane::Current() == &lane;
  co_return std::make_unique<std::string>(std::move(name));
}

Task<int> Later(int value, Lane& lane) {
  co_await Pause(lane, Duration(1));
  co_return value;
}

TEST(RunOn, RunsOnThatLaneAndGivesTheResult) {
  Lanes lanes(2);
  lanes.Start();
  for (int i = 0; i < lanes.size(); ++i) {
    bool on_its_lane = false;
    const Owned name = RunOn(lanes.at(i), [&](Lane& lane) { return Named("result", &on_its_lane, lane); });
    EXPECT_EQ(*name, "result");
    EXPECT_TRUE(on_its_lane);
  }
}

TEST(RunOn, WaitsForATaskThatPauses) {
  Lanes lanes(1);
  lanes.Start();
  int sum = 0;
  for (int i = 1; i <= 10; ++i) {
    sum += RunOn(lanes.at(0), [i](Lane& lane) { return Later(i, lane); });
  }
  EXPECT_EQ(sum, 55);
}

TEST(RunOn, ATaskMayUseWhatItsMakerCaptured) {
  Lanes lanes(1);
  lanes.Start();
  const std::string captured(100, 'x');
  const auto size = RunOn(lanes.at(0), [captured](Lane& lane) -> Task<size_t> {
    co_await Pause(lane, Duration(1));
    co_return captured.size();
  });
  EXPECT_EQ(size, captured.size());
}

}  // namespace
}  // namespace stator
