#include "statements/key_select.h"

#include <gmock/gmock.h>

#include "statements/statements_testing.h"

namespace stator::statements {
namespace {

constexpr Bytes kText = "SELECT x, m.y FROM t WHERE pk = ? AND sk = ?";

std::vector<std::string> Values(const std::string& pk, int64_t sk) {
  std::vector<std::string> values(2);
  item::AppendString(&values[0], pk);
  item::AppendNumber(&values[1], item::Number::FromInt(sk));
  return values;
}

// The Key it comes to, or "" if it does not.
std::string KeyOf(Bytes text, const std::vector<std::string>& parameters) {
  const auto select = ReadKeySelect(text, parameters.size());
  if (!select) return "";
  const auto plan = PlanKeySelect(*select, parameters, std::make_shared<catalog::TableSchema>(table::TestSchema()));
  return plan ? table::Wire(item::ItemView(plan->key)) : "";
}

TEST(KeySelectTest, ParametersAndConstantsFindTheirPlaces) {
  EXPECT_EQ(KeyOf(kText, Values("a0", 5)), R"({"pk":{"S":"a0"},"sk":{"N":"5"}})");
  EXPECT_EQ(KeyOf("SELECT * FROM t WHERE ? = sk AND pk = ?", {Values("", 7)[1], Values("x", 0)[0]}),
            R"({"pk":{"S":"x"},"sk":{"N":"7"}})");
  // A constant that reads like one of our own values.
  EXPECT_EQ(KeyOf("SELECT * FROM t WHERE pk = 'a0' AND sk = ?", {Values("", 3)[1]}),
            R"({"pk":{"S":"a0"},"sk":{"N":"3"}})");
  EXPECT_EQ(KeyOf("SELECT * FROM t WHERE pk = 'b0' AND sk = 4", {}), R"({"pk":{"S":"b0"},"sk":{"N":"4"}})");
}

TEST(KeySelectTest, ItIsPlannedAsTheWholeStatementIs) {
  const auto table = std::make_shared<catalog::TableSchema>(table::TestSchema());
  const std::vector<std::string> values = Values("a", 1);
  const auto plan = PlanKeySelect(*ReadKeySelect(kText, 2), values, table);
  const auto statement = partiql::Parse(kText, values);
  const auto whole = PlanSelect(std::get<partiql::Select>(*statement), table, nullptr);
  ASSERT_TRUE(plan && whole.ok());
  EXPECT_EQ(plan->key, whole->key);
  EXPECT_EQ(plan->nested, whole->nested);
  EXPECT_FALSE(plan->filter || whole->filter);
  const std::string item = table::Stored(R"({"pk":{"S":"a"},"x":{"N":"1"},"m":{"M":{"y":{"N":"2"}}}})");
  EXPECT_EQ(table::Wire(item::ItemView(plan->columns->Apply(item::ItemView(item)))),
            table::Wire(item::ItemView(whole->columns->Apply(item::ItemView(item)))));
}

TEST(KeySelectTest, OtherStatementsAreNone) {
  for (const Bytes text :
       {"SELECT * FROM t WHERE pk = ? AND sk > ?", "SELECT * FROM t WHERE pk = ? OR sk = ?", "FOO ? ?",
        "SELECT * FROM t WHERE pk = ? AND sk = ? AND x = 1", "SELECT * FROM t WHERE pk = ? AND pk = ?",
        "SELECT * FROM t WHERE pk = ? AND x = ?", "SELECT * FROM t WHERE pk = ? AND sk = ? ORDER BY sk",
        "SELECT * FROM t.\"global\" WHERE pk = ? AND sk = ?", "SELECT * FROM t WHERE pk = [?] AND sk = ?",
        "SELECT * FROM t WHERE pk IN [?, ?] AND sk = 1", "DELETE FROM t WHERE pk = ? AND sk = ?",
        "EXISTS(SELECT * FROM t WHERE pk = ? AND sk = ?)", "SELECT * FROM t WHERE pk = ? AND sk = 1"}) {
    EXPECT_EQ(KeyOf(text, Values("a", 1)), "") << text;
  }
}

TEST(KeySelectsTest, ATextIsKnownFromTheSecondTimeOn) {
  KeySelects selects;
  EXPECT_EQ(selects.Find(kText, 2), nullptr);
  selects.Saw(kText, 2);
  EXPECT_EQ(selects.Find(kText, 2), nullptr);
  selects.Saw(kText, 2);
  ASSERT_NE(selects.Find(kText, 2), nullptr);
  EXPECT_EQ(selects.Find(kText, 2)->table, "t");
  EXPECT_EQ(selects.Find(kText, 1), nullptr);
  EXPECT_EQ(selects.Find(std::string(kText) + " ", 2), nullptr);
}

TEST(KeySelectsTest, ManyTextsTakeEachOthersPlaces) {
  KeySelects selects;
  for (int i = 0; i < 5000; ++i) {
    const std::string text = "SELECT a" + std::to_string(i) + " FROM t WHERE pk = ? AND sk = ?";
    selects.Saw(text, 2);
    selects.Saw(text, 2);
    ASSERT_NE(selects.Find(text, 2), nullptr);
    EXPECT_THAT(selects.Find(text, 2)->columns->TopLevelNames(), ::testing::ElementsAre("a" + std::to_string(i)));
  }
  const std::string long_text = "SELECT * FROM t WHERE pk = ? AND sk = '" + std::string(1024, 'x') + "'";
  selects.Saw(long_text, 1);
  selects.Saw(long_text, 1);
  EXPECT_EQ(selects.Find(long_text, 1), nullptr);
}

}  // namespace
}  // namespace stator::statements
