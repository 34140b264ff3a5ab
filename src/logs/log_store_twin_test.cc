// The store beside a list of all events, under random operations.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "logs/log_store_testing.h"

namespace stator::logs {
namespace {

class LogStoreTwinTest : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Engines, LogStoreTwinTest, testing::Bool(),
                         [](const auto& at) { return at.param ? "rocksdb" : "memory"; });

// The slow twin: every event in a list.
struct Model {
  struct Item {
    std::string group, stream, text;
    int64_t millis;
    uint64_t order;
  };
  std::vector<Item> items;
  std::map<std::string, int> retention;

  std::vector<std::string> Read(const std::string& group, const std::string& stream, int64_t from, int64_t to,
                                int64_t now) const {
    std::map<std::pair<int64_t, uint64_t>, std::string> sorted;
    const auto days = retention.find(group);
    const int64_t cutoff = now - (days == retention.end() ? 30 : days->second) * kDay;
    for (const Item& item : items) {
      if (item.group != group || (!stream.empty() && item.stream != stream)) continue;
      if (item.millis < std::max(from, cutoff) || item.millis >= to) continue;
      sorted[{item.millis, item.order}] = item.text;
    }
    std::vector<std::string> texts;
    texts.reserve(sorted.size());
    for (const auto& [place, text] : sorted) texts.push_back(text);
    return texts;
  }
};

TEST_P(LogStoreTwinTest, AgreesWithAListUnderRandomOperations) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  StoreOptions options;
  options.linger = std::chrono::milliseconds(1);
  Store s(GetParam(), options);
  Model model;
  const int64_t start = s.Now();
  uint64_t order = 0;
  const auto group = [&] { return "g" + std::to_string(random.Below(2)); };
  const auto stream = [&] { return "s" + std::to_string(random.Below(3)); };
  for (int step = 0; step < 1500 && !testing::Test::HasFailure(); ++step) {
    const std::string g = group();
    const std::string n = stream();
    const uint64_t what = random.Below(100);
    if (what < 60) {
      const int64_t millis = start - static_cast<int64_t>(random.Below(20)) * kDay / 2 + step;
      const std::string text = std::to_string(++order);
      model.items.push_back({g, n, text, millis, order});
      s.Append(g, n, millis, text);
    } else if (what < 90) {
      if (!s.store->Group(g)) continue;
      const bool one = random.Below(2) && s.store->Read({.group = g, .streams = {n}}).ok();
      const int64_t from = start - static_cast<int64_t>(random.Below(25)) * kDay / 2;
      const int64_t to = random.Below(2) ? start + 10 * kDay : from + 3 * kDay;
      ReadRequest request{.group = g, .from = {from, 0}, .to = {to, 0}};
      if (one) request.streams = {n};
      auto expected = model.Read(g, one ? n : "", from, to, s.Now());
      if (random.Below(2)) {
        request.order = engine::Order::kReverse;
        std::reverse(expected.begin(), expected.end());
      }
      EXPECT_EQ(s.Texts(request), expected);
    } else if (what < 92) {
      if (s.Await([&](Lane& lane) { return s.store->DeleteStream(g, n, lane); }).ok()) {
        std::erase_if(model.items, [&](const auto& item) { return item.group == g && item.stream == n; });
      }
    } else if (what < 93) {
      if (s.Await([&](Lane& lane) { return s.store->DeleteGroup(g, lane); }).ok()) {
        std::erase_if(model.items, [&](const auto& item) { return item.group == g; });
        model.retention.erase(g);
      }
    } else if (what < 95) {
      // Never longer than before: what is hidden may be there or not when it would be shown again.
      const auto before = model.retention.find(g);
      const int days = static_cast<int>(1 + random.Below(before == model.retention.end() ? 12 : before->second));
      if (s.Await([&](Lane& lane) { return s.store->SetRetention(g, static_cast<uint32_t>(days), lane); }).ok()) {
        // What it takes away may be erased for good.
        const int64_t cutoff = s.Now() - days * kDay;
        model.retention[g] = days;
        std::erase_if(model.items, [&](const auto& item) { return item.group == g && item.millis < cutoff; });
        s.store->Sweep();
      }
    } else if (what < 97) {
      s.store->Sweep();
    } else if (GetParam()) {
      s.Restart();
    }
  }
}

}  // namespace
}  // namespace stator::logs
