// Pages of random SELECTs against a slow twin: every item of the table, looked at one by one. Which calls they come to:
// plan_test.cc.
#include "statements/select.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <compare>
#include <optional>

#include "base/random.h"
#include "base/run_on.h"
#include "catalog/catalog.h"
#include "engine/memory/memory_engine.h"
#include "errors/dataplane.h"
#include "errors/statements.h"
#include "statements/statements_testing.h"
#include "streams/streams.h"
#include "table/key_layout.h"
#include "table/mutate.h"

namespace stator::statements {
namespace {

using item::ItemView;

class SelectTest : public ::testing::Test {
 protected:
  void SetUp() override { lanes_.Start(); }
  void TearDown() override { lanes_.StopAndJoin(); }

  void Put(const std::string& wire) {
    const std::string item = table::Stored(wire);
    const std::string key = *table::TableKey(*table_, ItemView(item), table::KeySource::kItem);
    const auto decide = [&](ItemView) -> Result<table::Decision> { return table::Decision::Put(item); };
    ASSERT_TRUE(RunOn(lanes_.at(0), [&](Lane& lane) { return mutator_.Mutate({*table_, key, decide}, lane); }).ok());
    items_.push_back(item);
  }
  void Fill(Random& random) {
    for (const std::string pk : {"a", "b", "c", "d"}) {
      for (int sk = 0; sk < 12; ++sk) {
        if (random.Below(4) == 0) continue;
        std::string item = R"({"pk":{"S":")" + pk + R"("},"sk":{"N":")" + std::to_string(sk) + "\"}";
        if (random.Below(3) > 0) item += std::string(R"(,"g":{"S":")") + "xyz"[random.Below(3)] + "\"}";
        item += R"(,"n":{"N":")" + std::to_string(random.Below(4)) + "\"}}";
        Put(item);
      }
    }
  }

  Result<SelectResult> Page(const SelectPlan& plan, SelectOptions options, std::vector<std::string>* rows) {
    const auto each = [&](ItemView item) { rows->emplace_back(item.stored()); };
    const dataplane::Reader reader{*engine_, workers_};
    return RunOn(lanes_.at(0), [&](Lane& lane) { return RunSelect(reader, plan, std::move(options), lane, each); });
  }
  SelectPlan PlanOf(const partiql::Select& select) const {
    const catalog::IndexSchema* index = select.from.index.empty() ? nullptr : table_->FindIndex(select.from.index);
    auto plan = PlanSelect(select, table_, index);
    EXPECT_TRUE(plan.ok());
    return std::move(plan).value();
  }
  // All pages; each has at most so many rows.
  std::vector<std::string> Pages(const SelectPlan& plan, std::optional<int64_t> limit) {
    std::vector<std::string> rows;
    SelectOptions options;
    options.limit = limit;
    while (true) {
      const size_t before = rows.size();
      const auto page = Page(plan, options, &rows);
      EXPECT_TRUE(page.ok());
      if (!page.ok()) return rows;
      if (limit) {
        EXPECT_LE(rows.size() - before, static_cast<size_t>(*limit));
      }
      if (!page->next) return rows;
      options.after = page->next;
    }
  }
  // What the statement asks for, in any order.
  std::vector<std::string> Twin(const partiql::Select& select) const {
    const auto condition = select.where.Whole();
    std::vector<std::string> rows;
    for (const std::string& item : items_) {
      if (!select.from.index.empty() && !ItemView(item).Find("g").valid()) continue;
      if (!condition || condition->Evaluate(ItemView(item))) rows.push_back(item);
    }
    return rows;
  }

  Clock clock_;
  Lanes lanes_{1};
  WorkerPool workers_{1};
  std::unique_ptr<engine::Engine> engine_ = engine::NewMemoryEngine(clock_);
  std::unique_ptr<catalog::Catalog> catalog_ = std::move(catalog::Catalog::Open(*engine_, clock_, {})).value();
  std::unique_ptr<streams::Streams> streams_ =
      std::move(streams::Streams::Open(*engine_, *catalog_, clock_, {})).value();
  table::Sizes sizes_;
  table::Mutator mutator_{*engine_, *streams_, sizes_};
  std::shared_ptr<const catalog::TableSchema> table_ = std::make_shared<catalog::TableSchema>(table::TestSchema());
  std::vector<std::string> items_;  // stored form
};

std::string RandomCondition(Random& random, bool on_index) {
  const std::string number = std::to_string(random.Below(12));
  const std::string hash = on_index ? "g" : "pk";
  const std::vector<std::string> letters = on_index ? std::vector<std::string>{"'x'", "'y'", "'z'"}
                                                    : std::vector<std::string>{"'a'", "'b'", "'c'", "'d'", "'none'"};
  const auto letter = [&] { return letters[random.Below(letters.size())]; };
  switch (random.Below(10)) {
    case 0:
    case 1:
      return hash + " = " + letter();
    case 2:
    case 3:
      return hash + " IN [" + letter() + ", " + letter() + ", " + letter() + "]";
    case 4:
      return "(" + hash + " = " + letter() + " OR " + hash + " = " + letter() + ")";
    case 5:
      return "sk " + std::vector<std::string>{"<", "<=", ">", ">=", "="}[random.Below(5)] + " " + number;
    case 6:
      return "sk BETWEEN " + std::to_string(random.Below(6)) + " AND " + std::to_string(6 + random.Below(6));
    case 7:
      return "n = " + std::to_string(random.Below(4));
    case 8:
      return "(n > 1 OR sk IN [1, " + number + "])";
    default:
      return "NOT sk = " + number;
  }
}

// ORDER BY only with a condition that has the hash key's values.
std::string RandomSelect(Random& random) {
  const bool on_index = random.Below(3) == 0;
  const std::string hash = on_index ? "g" : "pk";
  std::string text = std::string("SELECT * FROM t") + (on_index ? ".\"global\"" : "");
  const bool ordered = random.Below(2) == 0;
  std::string where;
  if (ordered) where = hash + (on_index ? " IN ['z', 'x', 'y']" : " IN ['c', 'a', 'b', 'none']");
  for (uint64_t i = random.Below(3); i > 0; --i) {
    where += (where.empty() ? "" : " AND ") + RandomCondition(random, on_index);
  }
  if (!where.empty()) text += " WHERE " + where;
  if (!ordered) return text;
  const auto direction = [&] { return random.Below(2) == 0 ? std::string(" DESC") : std::string(); };
  switch (random.Below(4)) {
    case 0:
      return text + " ORDER BY sk" + direction();
    case 1:
      return text + " ORDER BY " + hash + direction();
    case 2:
      return text + " ORDER BY sk" + direction() + ", " + hash + direction();
    default:
      return text + " ORDER BY " + hash + direction() + ", sk" + direction();
  }
}

// Whether the rows are in the order the statement asks for.
bool InOrder(const std::vector<partiql::OrderBy>& order_by, const std::vector<std::string>& rows) {
  const auto before = [&](const std::string& a, const std::string& b) {
    for (const partiql::OrderBy& by : order_by) {
      const auto order = item::CompareSameType(ItemView(a).Find(by.attribute), ItemView(b).Find(by.attribute));
      if (std::is_neq(*order)) return by.ascending ? std::is_lt(*order) : std::is_gt(*order);
    }
    return false;
  };
  return std::is_sorted(rows.begin(), rows.end(), before);
}

TEST_F(SelectTest, PagesOfRandomStatementsAreWhatTheTwinFinds) {
  const uint64_t seed = ThreadRandom().Next();
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  Fill(random);
  for (int i = 0; i < 600; ++i) {
    const std::string text = RandomSelect(random);
    SCOPED_TRACE(text);
    const partiql::Statement statement = ParseNow(text);
    const auto& select = std::get<partiql::Select>(statement);
    const SelectPlan plan = PlanOf(select);
    const std::vector<std::string> whole = Pages(plan, std::nullopt);
    EXPECT_THAT(whole, ::testing::UnorderedElementsAreArray(Twin(select)));
    EXPECT_TRUE(InOrder(select.order_by, whole));
    EXPECT_EQ(Pages(plan, 1 + static_cast<int64_t>(random.Below(7))), whole);
    if (HasFailure()) return;
  }
}

TEST_F(SelectTest, LimitCountsWhatIsEvaluated) {
  for (int sk = 0; sk < 10; ++sk) {
    Put(R"({"pk":{"S":"a"},"sk":{"N":")" + std::to_string(sk) + R"("},"n":{"N":")" + std::to_string(sk % 5) + "\"}}");
  }
  const partiql::Statement statement = ParseNow("SELECT * FROM t WHERE pk IN ['none', 'a'] AND n = 4");
  const SelectPlan plan = PlanOf(std::get<partiql::Select>(statement));
  std::vector<std::string> rows;
  auto page = Page(plan, {.limit = 3}, &rows);
  EXPECT_TRUE(rows.empty());
  ASSERT_TRUE(page->next);
  EXPECT_EQ(page->next->partition, 1U);
  EXPECT_EQ(table::Wire(ItemView(page->next->key)), R"({"pk":{"S":"a"},"sk":{"N":"2"}})");
  page = Page(plan, {.limit = 3, .after = page->next}, &rows);
  EXPECT_EQ(rows.size(), 1U);
}

// A position is a client's: it may be anything.
TEST_F(SelectTest, PositionsThatNoPageEndedAt) {
  Put(R"({"pk":{"S":"a"},"sk":{"N":"1"}})");
  Put(R"({"pk":{"S":"b"},"sk":{"N":"1"}})");
  const std::vector<std::string> keys = {table::Stored("{}"), table::Stored(R"({"sk":{"S":"x"}})"),
                                         table::Stored(R"({"pk":{"N":"1"},"sk":{"M":{}}})"),
                                         table::Stored(R"({"pk":{"S":"z"},"sk":{"N":"1"}})")};
  for (const std::string text : {"SELECT * FROM t WHERE pk IN ['a', 'b'] ORDER BY sk", "SELECT * FROM t WHERE pk = 'a'",
                                 "SELECT * FROM t", "SELECT * FROM t.\"global\" WHERE g = 'x'"}) {
    const partiql::Statement statement = ParseNow(text);
    const SelectPlan plan = PlanOf(std::get<partiql::Select>(statement));
    for (const std::string& key : keys) {
      for (const uint32_t partition : {0U, 1U, 7U, UINT32_MAX}) {
        std::vector<std::string> rows;
        const auto page = Page(plan, {.after = Position{partition, key}}, &rows);
        EXPECT_LE(rows.size(), 2U);
        if (page.ok()) {
          EXPECT_FALSE(page->next);
        }
      }
    }
  }
}

}  // namespace
}  // namespace stator::statements
