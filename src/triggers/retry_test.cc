#include "triggers/retry.h"

#include <gtest/gtest.h>

namespace stator::triggers {
namespace {

using Is = Decision::Is;

TEST(AfterFailure, RetriesForEverByDefault) {
  const Decision decision = AfterFailure({}, {0, 10, 100'000, 100'000}, 0);
  EXPECT_EQ(decision.is, Is::kAgain);
  EXPECT_TRUE(decision.wait);
  EXPECT_EQ(decision.first.begin, 0U);
  EXPECT_EQ(decision.first.end, 10U);
}

TEST(AfterFailure, CountsRetriesNotAttempts) {
  Settings settings;
  settings.maximum_retries = 0;
  EXPECT_EQ(AfterFailure(settings, {0, 10, 0, 1}, 0).is, Is::kGiveUp);
  settings.maximum_retries = 1;
  const Decision once = AfterFailure(settings, {0, 10, 0, 1}, 0);
  EXPECT_EQ(once.is, Is::kAgain);
  EXPECT_EQ(AfterFailure(settings, once.first, 0).is, Is::kGiveUp);
}

TEST(AfterFailure, GoesOnFromTheReportedRecord) {
  Settings settings;
  settings.report_item_failures = true;
  settings.maximum_retries = 1;
  const Decision rest = AfterFailure(settings, {0, 10, 0, 1}, 4);
  EXPECT_EQ(rest.is, Is::kAgain);
  EXPECT_EQ(rest.first.begin, 4U);
  EXPECT_EQ(rest.first.end, 10U);
  const Decision gone = AfterFailure(settings, rest.first, 6);
  EXPECT_EQ(gone.is, Is::kGiveUp);
  EXPECT_EQ(gone.first.begin, 6U);
}

TEST(AfterFailure, HalvesUseUpNoAttempts) {
  Settings settings;
  settings.bisect_on_error = true;
  settings.maximum_retries = 0;
  const Decision halves = AfterFailure(settings, {0, 5, 0, 1}, 0);
  EXPECT_EQ(halves.is, Is::kSplit);
  EXPECT_FALSE(halves.wait);
  EXPECT_EQ(halves.first.begin, 0U);
  EXPECT_EQ(halves.first.end, 2U);
  EXPECT_EQ(halves.second.begin, 2U);
  EXPECT_EQ(halves.second.end, 5U);
  EXPECT_EQ(halves.second.failures, 0);
  EXPECT_EQ(AfterFailure(settings, {2, 3, 0, 3}, 2).is, Is::kGiveUp);
}

TEST(AfterFailure, CutsWhereTheFunctionSays) {
  Settings settings;
  settings.bisect_on_error = true;
  settings.report_item_failures = true;
  settings.maximum_retries = 0;
  const Decision rest = AfterFailure(settings, {0, 10, 0, 1}, 7);
  EXPECT_EQ(rest.is, Is::kAgain);
  EXPECT_EQ(rest.first.begin, 7U);
  EXPECT_EQ(rest.first.failures, 0);
  EXPECT_EQ(AfterFailure(settings, rest.first, 7).is, Is::kSplit);
}

TEST(BackOff, DoublesUpToItsCap) {
  const BackOff back_off{Duration(500'000), Duration(3'000'000)};
  EXPECT_EQ(back_off.After(1).count(), 500'000);
  EXPECT_EQ(back_off.After(2).count(), 1'000'000);
  EXPECT_EQ(back_off.After(3).count(), 2'000'000);
  EXPECT_EQ(back_off.After(4).count(), 3'000'000);
  EXPECT_EQ(back_off.After(1'000'000).count(), 3'000'000);
}

}  // namespace
}  // namespace stator::triggers
