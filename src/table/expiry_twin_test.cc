// Expiry against a twin: a map from which what is due is taken when the test says so. Random writes, transactions,
// steps of the clock and restarts.
#include <functional>
#include <map>
#include <optional>

#include "base/random.h"
#include "table/expiry_testing.h"

namespace stator::table {
namespace {

using item::ItemView;

// A map from key to what its item says of its time; what is due in it goes when the test says so.
struct Twin {
  std::map<std::string, std::optional<int64_t>> items;
  void Expire(int64_t now) {
    std::erase_if(items, [now](const auto& item) { return item.second && *item.second < now; });
  }
  std::vector<std::string> All() const {
    std::vector<std::string> all;
    all.reserve(items.size());
    for (const auto& [key, expiry] : items) all.push_back(key);
    return all;
  }
};

class ExpiryTwinTest : public ExpiryTest, public ::testing::WithParamInterface<int> {
 protected:
  using Parts = std::vector<std::pair<std::string, std::optional<int64_t>>>;

  void ExpireBoth(Twin* twin, bool enabled) {
    int64_t second = 0;
    do {  // within one second, so that both mean the same one
      second = clock_.Now().seconds();
      Expire();
    } while (clock_.Now().seconds() != second);
    if (enabled) twin->Expire(second);
  }
  Parts SomeItems(Random& random, size_t most) {
    Parts parts;
    for (size_t i = 1 + random.Below(most); i > 0; --i) {
      const std::string pk = "k" + std::to_string(random.Below(40));
      const bool twice = std::any_of(parts.begin(), parts.end(), [&](const auto& part) { return part.first == pk; });
      const int64_t at = clock_.Now().seconds() + static_cast<int64_t>(random.Below(400)) - 100;
      if (!twice) parts.emplace_back(pk, random.Below(4) ? std::optional(at) : std::nullopt);
    }
    return parts;
  }
  void Transact(const Parts& parts) {
    std::vector<std::string> keys;
    std::vector<std::function<Result<Decision>(ItemView)>> decides;
    std::vector<Change> changes;
    const auto table = Table();
    for (const auto& [pk, expiry] : parts) {
      keys.push_back(KeyOf(pk));
      const std::string stored = ItemOf(pk, expiry ? SecondsOf(*expiry) : "");
      decides.emplace_back([stored](ItemView) -> Result<Decision> { return Decision::Put(stored); });
    }
    for (size_t i = 0; i < keys.size(); ++i) changes.push_back({*table, keys[i], decides[i]});
    const auto seal = [](const std::vector<Changed>&, engine::Batch*) { return Status(); };
    const auto done =
        RunOn(lanes_->at(1), [&](Lane& lane) { return tables_->mutator().Transact(changes, false, seal, lane); });
    EXPECT_TRUE(done.ok());
  }
  void Erase(const std::string& pk) {
    const std::string key = KeyOf(pk);
    const auto table = Table();
    const auto decide = [](ItemView) -> Result<Decision> { return Decision::Erase(); };
    EXPECT_TRUE(RunOn(lanes_->at(1), [&](Lane& lane) {
                  return tables_->mutator().Mutate({*table, key, decide}, lane);
                }).ok());
  }
};

TEST_P(ExpiryTwinTest, RandomWritesTransactionsStepsAndRestarts) {
  const auto seed = static_cast<uint64_t>(GetParam()) + 7000;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  Twin twin;
  Create(random.Below(2) == 0);
  SetTimeToLive(true);
  bool enabled = true;
  for (int step = 0; step < 400; ++step) {
    switch (random.Below(20)) {
      case 0:
        clock_.Step(std::chrono::seconds(random.Below(120)));
        break;
      case 1:
        if (random.Below(3) == 0) {
          Close();
          Open();
        }
        break;
      case 2:
        if (random.Below(6) == 0) {
          // What is due may go at any time while it is enabled, and stays from then on.
          ExpireBoth(&twin, enabled);
          SetTimeToLive(!enabled);
          enabled = !enabled;
        }
        break;
      case 3:
      case 4:
      case 5:
        ExpireBoth(&twin, enabled);
        ASSERT_EQ(All(), twin.All());
        ASSERT_NO_FATAL_FAILURE(ExpectSound());
        break;
      case 6:
      case 7: {
        const std::string pk = "k" + std::to_string(random.Below(40));
        Erase(pk);
        twin.items.erase(pk);
        break;
      }
      case 8:
      case 9:
      case 10: {
        const Parts parts = SomeItems(random, 5);
        Transact(parts);
        for (const auto& [pk, expiry] : parts) twin.items[pk] = expiry;
        break;
      }
      default: {
        const Parts parts = SomeItems(random, 1);
        const auto& [pk, expiry] = parts[0];
        ASSERT_TRUE(Put(pk, expiry ? SecondsOf(*expiry) : "").ok());
        twin.items[pk] = expiry;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ExpiryTwinTest, ::testing::Range(0, 8));

}  // namespace
}  // namespace stator::table
