#include "table/expiry_index.h"

#include "table/expiry_progress.h"
#include "table/expiry_testing.h"

namespace stator::table {
namespace {

using item::ItemView;

TEST(ExpiryIndex, WhenAnItemGoes) {
  const catalog::TimeToLive ttl{"ttl", true, engine::Space{13}, false, std::nullopt};
  const auto of = [&](const std::string& value) { return ExpiryOf(ttl, ItemView(ItemOf("a", value))); };
  EXPECT_EQ(of(R"({"N":"1700000000"})"), 1'700'000'000U);
  EXPECT_EQ(of(R"({"N":"17e8"})"), 1'700'000'000U);
  EXPECT_EQ(of(R"({"N":"9223372036854775807"})"), 9'223'372'036'854'775'807U);
  for (const char* value : {"", R"({"S":"1700000000"})", R"({"N":"1700000000.5"})", R"({"N":"0"})", R"({"N":"-5"})",
                            R"({"N":"9223372036854775808"})", R"({"NULL":true})", R"({"NS":["1700000000"]})"}) {
    EXPECT_EQ(of(value), std::nullopt) << value;
  }
  EXPECT_EQ(ExpiryOf(ttl, ItemView()), std::nullopt);
}

TEST(ExpiryIndex, WhatIsDue) {
  const Time now{1'700'000'000'999'999};
  constexpr Expiry kNow = 1'700'000'000;
  constexpr Expiry kFiveYears = 5 * 365 * 24 * Expiry{3600};
  EXPECT_TRUE(IsDue(kNow - 1, now));
  EXPECT_FALSE(IsDue(kNow, now));
  EXPECT_TRUE(IsDue(kNow - kFiveYears + 1, now));
  EXPECT_FALSE(IsDue(kNow - kFiveYears, now));
  const DueKeys due = DueAt(now);
  for (const Expiry expiry : {Expiry{1}, kNow - kFiveYears, kNow - kFiveYears + 1, kNow - 1, kNow, kNow + 1}) {
    const std::string key = ExpiryKey(expiry, "key");
    EXPECT_EQ(due.from <= key && key < due.to, IsDue(expiry, now)) << expiry;
  }
}

TEST(ExpiryProgress, GoesOnWhereItStoppedUnlessSomethingCameBefore) {
  constexpr engine::Space kSpace{7};
  ExpiryProgress progress;
  progress.Put(kSpace, 5);  // before the first look: it begins at the front
  const DueKeys due = DueAt(Time{1'700'000'000'000'000});
  EXPECT_EQ(progress.Begin(kSpace, due), due.from);
  progress.Advance(kSpace, due.to);
  EXPECT_EQ(progress.Begin(kSpace, due), due.to);
  progress.Put(kSpace, 1'700'000'001);  // behind all that was looked at
  EXPECT_EQ(progress.Begin(kSpace, due), due.to);
  progress.Put(kSpace, 1'699'999'000);
  progress.Put(kSpace, 1'699'999'500);
  EXPECT_EQ(progress.Begin(kSpace, due), ExpiryKey(1'699'999'000, {}));
  EXPECT_EQ(progress.Begin(kSpace, due), ExpiryKey(1'699'999'000, {}));  // until it has gone on
  progress.Put(kSpace, 5);                                               // too old to be removed
  EXPECT_EQ(progress.Begin(kSpace, due), due.from);
}

TEST(ExpiryProgress, WhatWasForgottenMeanwhileStaysForgotten) {
  constexpr engine::Space kSpace{7};
  ExpiryProgress progress;
  const DueKeys due = DueAt(Time{1'700'000'000'000'000});
  progress.Begin(kSpace, due);
  progress.Forget(kSpace);
  progress.Advance(kSpace, due.to);  // by a step that was under way
  EXPECT_EQ(progress.Begin(kSpace, due), due.from);
}

}  // namespace
}  // namespace stator::table
