#include "synthetic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "client/json_text.h"
#include "errors/common.h"

namespace stator::messages {
namespace {

std::vector<std::string> Make(const SyntheticPlan& plan, SyntheticCounts* counts = nullptr) {
  std::vector<std::string> items;
  const auto made = MakeSynthetic(plan, [&](std::string item) {
    items.push_back(std::move(item));
    return Status();
  });
  EXPECT_TRUE(made.ok());
  if (counts != nullptr) *counts = *made;
  return items;
}

TEST(Synthetic, TheSameNumbersGiveTheSameRows) {
  EXPECT_EQ(Make({50, 500, 3}), Make({50, 500, 3}));
  EXPECT_NE(Make({50, 500, 3}), Make({50, 500, 4}));
}

TEST(Synthetic, KeysAreUniqueAndGroupRowsPaired) {
  SyntheticCounts counts;
  const auto items = Make({2, 300, 1}, &counts);
  EXPECT_EQ(counts.conversations, 1u);
  EXPECT_EQ(items.size(), 302u);
  const auto many = Make({100, 5000, 1}, &counts);
  ASSERT_EQ(many.size(), 5000 + 2 * counts.conversations);
  std::set<std::string> keys;
  json::Document document;
  for (const std::string& item : many) {
    const auto root = document.Parse(item);
    ASSERT_TRUE(root.ok());
    keys.insert(std::string(client::TextOf(root->Find("pk"), "S")) + " " +
                std::string(client::TextOf(root->Find("sk"), "S")));
  }
  // A person's conversations never end at the same time, so group rows are unique too.
  EXPECT_EQ(keys.size(), many.size());
}

TEST(Synthetic, AFewPeopleWriteMost) {
  const auto items = Make({1000, 10000, 9});
  std::map<std::string, int> by_author;
  json::Document document;
  for (size_t i = 0; i < 10000; ++i) {
    const auto root = document.Parse(items[i]);
    by_author[std::string(client::TextOf(root->Find("user_handle"), "S"))]++;
  }
  EXPECT_GT(by_author["user000000000"], 500);
  EXPECT_GT(by_author.size(), 300u);
}

TEST(Synthetic, StopsWhenTheTakerFails) {
  int taken = 0;
  const auto made = MakeSynthetic({10, 100, 1}, [&](std::string) -> Status {
    if (++taken == 5) return Fail(errors::kInternal);
    return {};
  });
  EXPECT_FALSE(made.ok());
  EXPECT_EQ(taken, 5);
}

}  // namespace
}  // namespace stator::messages
