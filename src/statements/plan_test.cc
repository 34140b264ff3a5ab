// Which calls a statement comes to. How they run: select_test.cc.
#include "statements/plan.h"

#include <gmock/gmock.h>

#include "errors/dataplane.h"
#include "errors/statements.h"
#include "partiql/parse.h"
#include "statements/statements_testing.h"

namespace stator::statements {
namespace {

using dataplane::Presence;
using ::testing::HasSubstr;

Bytes OpText(expression::KeyComparison::Op op) {
  static constexpr Bytes kTexts[] = {"=", "<", "<=", ">", ">=", " between", "begins"};
  return kTexts[static_cast<size_t>(op)];
}

std::string Text(const std::vector<expression::KeyComparison>& comparisons) {
  std::string text;
  for (const auto& one : comparisons) {
    text.append(text.empty() ? "" : " ").append(one.attribute).append(OpText(one.op)).append(ValueText(one.value));
    if (!one.value2.empty()) text.append("..").append(ValueText(one.value2));
  }
  return text;
}

// "get {"pk":...}", "query pk="a" | sk>1, sk<5", "scan"; then "reverse", "merged by sk", "filtered".
std::string Text(const SelectPlan& plan) {
  std::string text;
  switch (plan.kind) {
    case SelectPlan::Kind::kGet:
      text = "get " + table::Wire(item::ItemView(plan.key));
      break;
    case SelectPlan::Kind::kQuery:
      text = "query";
      for (const auto& partition : plan.partitions) text += " " + Text(partition) + " |";
      if (!plan.range.empty()) text += " " + Text(plan.range);
      if (!plan.more_range.empty()) text += ", " + Text(plan.more_range);
      break;
    case SelectPlan::Kind::kScan:
      text = "scan";
      break;
  }
  if (!plan.forward) text += " reverse";
  if (plan.order == SelectPlan::Order::kMerged) text += " merged by " + plan.merge_by;
  if (plan.filter) text += " filtered";
  return text;
}

std::string PlanOf(const std::string& rest, const std::string& index = {}) {
  const partiql::Statement statement =
      ParseNow(R"(SELECT * FROM "t")" + (index.empty() ? "" : ".\"" + index + "\"") + " " + rest);
  const auto table = std::make_shared<catalog::TableSchema>(table::TestSchema());
  const auto plan = PlanSelect(std::get<partiql::Select>(statement), table, table->FindIndex(index));
  return plan.ok() ? Text(*plan) : plan.error().text;
}

TEST(PlanSelectTest, TheWholeKeyIsAGet) {
  EXPECT_EQ(PlanOf("WHERE pk = 'a' AND sk = 1"), R"(get {"pk":{"S":"a"},"sk":{"N":"1"}})");
  EXPECT_EQ(PlanOf("WHERE 1 = sk AND (x > 2 OR y = 1) AND pk = 'a'"),
            R"(get {"pk":{"S":"a"},"sk":{"N":"1"}} filtered)");
  EXPECT_EQ(PlanOf("WHERE pk = 'a' AND sk = 1 AND sk = 2"), R"(get {"pk":{"S":"a"},"sk":{"N":"1"}} filtered)");
  // Whether the values fit is the call's to say.
  EXPECT_EQ(PlanOf("WHERE pk = 5 AND sk = 'x'"), R"(get {"pk":{"N":"5"},"sk":{"S":"x"}})");
}

TEST(PlanSelectTest, TheHashKeyIsAQuery) {
  EXPECT_EQ(PlanOf("WHERE pk = 'a'"), R"(query pk={S:a} |)");
  EXPECT_EQ(PlanOf("WHERE pk = 'a' AND sk > 1"), R"(query pk={S:a} | sk>{N:1})");
  EXPECT_EQ(PlanOf("WHERE pk = 'a' AND sk BETWEEN 1 AND 3"), R"(query pk={S:a} | sk between{N:1}..{N:3})");
  EXPECT_EQ(PlanOf("WHERE sk <= 4 AND pk = 'a' AND x = 1"), R"(query pk={S:a} | sk<={N:4} filtered)");
  EXPECT_EQ(PlanOf("WHERE pk = 'a' AND sk > 1 AND sk < 5 AND sk BETWEEN 2 AND 9"),
            R"(query pk={S:a} | sk>{N:1}, sk<{N:5} sk between{N:2}..{N:9})");
}

TEST(PlanSelectTest, OnlyTheFirstComparisonMayBeOfAnyType) {
  EXPECT_EQ(PlanOf("WHERE pk = 'a' AND sk > 'x' AND sk < 5"), R"(query pk={S:a} | sk>{S:x}, sk<{N:5})");
  EXPECT_EQ(PlanOf("WHERE pk = 'a' AND sk > 1 AND sk < 'x'"), R"(query pk={S:a} | sk>{N:1} filtered)");
}

TEST(PlanSelectTest, SeveralHashKeysAreSeveralQueries) {
  EXPECT_EQ(PlanOf("WHERE pk IN ['b', 'a', 'b'] AND sk = 1"), R"(query pk={S:b} | pk={S:a} | sk={N:1})");
  EXPECT_EQ(PlanOf("WHERE pk = 'a' OR pk = 'b'"), R"(query pk={S:a} | pk={S:b} |)");
  EXPECT_EQ(PlanOf("WHERE pk IN ['a', 'b'] AND pk = 'a'"), R"(query pk={S:a} | filtered)");
  EXPECT_EQ(PlanOf("WHERE pk = 'a' AND sk IN [1, 2]"), R"(query pk={S:a} | filtered)");
}

TEST(PlanSelectTest, AnythingElseIsAScan) {
  EXPECT_EQ(PlanOf(""), "scan");
  for (const std::string where : {"pk > 'a'", "sk = 1", "pk = 'a' OR x = 1", "NOT pk = 'a'", "pk <> 'a'",
                                  "begins_with(pk, 'a')", "pk = x", "pk.a = 'a'", "size(pk) = 1"}) {
    EXPECT_EQ(PlanOf("WHERE " + where), "scan filtered") << where;
  }
}

TEST(PlanSelectTest, Indexes) {
  EXPECT_EQ(PlanOf("WHERE g = 'x'", "global"), R"(query g={S:x} |)");
  EXPECT_EQ(PlanOf("WHERE g = 'x' AND sk = 1 AND pk = 'a'", "global"), R"(query g={S:x} | sk={N:1} filtered)");
  EXPECT_EQ(PlanOf("WHERE pk = 'a' AND l > 'b'", "local"), R"(query pk={S:a} | l>{S:b})");
  EXPECT_EQ(PlanOf("WHERE pk = 'a' AND sk = 1", "global"), "scan filtered");
}

TEST(PlanSelectTest, AQueryFiltersByWhatItsIndexHolds) {
  auto table = std::make_shared<catalog::TableSchema>(table::TestSchema());
  catalog::IndexSchema& index = table->indexes[0];
  index.projection = catalog::ProjectionType::kKeysOnly;
  index.projected = {"g", "pk", "sk"};
  const auto plan_of = [&](const std::string& where) {
    const partiql::Statement statement = ParseNow("SELECT * FROM t.\"global\" WHERE " + where);
    const auto plan = PlanSelect(std::get<partiql::Select>(statement), table, &index);
    return plan.ok() ? Text(*plan) : plan.error().text;
  };
  EXPECT_EQ(plan_of("g = 'x' AND pk = 'a'"), "query g={S:x} | filtered");
  EXPECT_EQ(plan_of("g = 'x' AND y.z = 1 AND pk = 'a' AND x IS MISSING"),
            Fail(errors::kFilterNotProjected, "global", "[y, x]").text);
  EXPECT_EQ(plan_of("x = 1"), "scan filtered");
}

TEST(PlanSelectTest, KeysOfManyAttributes) {
  using item::Tag;
  auto table = std::make_shared<catalog::TableSchema>(table::TestSchema());
  catalog::IndexSchema& index = table->indexes[0];
  index.key = {{{"a", Tag::kString}, {"b", Tag::kString}}, {{"c", Tag::kNumber}, {"d", Tag::kNumber}}};
  const auto plan_of = [&](const std::string& where) {
    const partiql::Statement statement = ParseNow("SELECT * FROM t.\"global\" WHERE " + where);
    return Text(*PlanSelect(std::get<partiql::Select>(statement), table, &index));
  };
  EXPECT_EQ(plan_of("a = 'x' AND b IN ['u', 'v'] AND c = 1 AND d > 2"),
            "query a={S:x} b={S:u} | a={S:x} b={S:v} | c={N:1} d>{N:2}");
  EXPECT_EQ(plan_of("a = 'x' AND b = 'u' AND d = 2"), "query a={S:x} b={S:u} | filtered");
  EXPECT_EQ(plan_of("a = 'x' AND b = 'u' AND c > 1 AND d = 2"), "query a={S:x} b={S:u} | c>{N:1} filtered");
  EXPECT_EQ(plan_of("a = 'x' AND c = 1"), "scan filtered");
}

TEST(PlanSelectTest, Order) {
  EXPECT_EQ(PlanOf("WHERE pk = 'a' ORDER BY sk DESC"), R"(query pk={S:a} | reverse)");
  EXPECT_EQ(PlanOf("WHERE pk = 'a' ORDER BY pk DESC, sk"), R"(query pk={S:a} |)");
  EXPECT_EQ(PlanOf("WHERE pk IN ['b', 'c', 'a'] ORDER BY pk"), R"(query pk={S:a} | pk={S:b} | pk={S:c} |)");
  EXPECT_EQ(PlanOf("WHERE pk IN ['b', 'c', 'a'] ORDER BY pk DESC, sk DESC"),
            R"(query pk={S:c} | pk={S:b} | pk={S:a} | reverse)");
  EXPECT_EQ(PlanOf("WHERE pk IN ['b', 'a'] ORDER BY sk"), R"(query pk={S:b} | pk={S:a} | merged by sk)");
  EXPECT_EQ(PlanOf("WHERE pk IN ['a', 'b'] AND sk > 1 ORDER BY sk DESC, pk DESC"),
            R"(query pk={S:b} | pk={S:a} | sk>{N:1} reverse merged by sk)");
  // Rows that are alike in what they are ordered by are not merged.
  EXPECT_EQ(PlanOf("WHERE pk IN ['a', 'b'] AND sk = 1 ORDER BY sk"), R"(query pk={S:a} | pk={S:b} | sk={N:1})");
  EXPECT_EQ(PlanOf("WHERE pk = 'a' AND sk = 1 ORDER BY sk DESC"), R"(get {"pk":{"S":"a"},"sk":{"N":"1"}})");
}

TEST(PlanSelectTest, OrderThatCannotBe) {
  EXPECT_EQ(PlanOf("ORDER BY sk"), TextTemplate(errors::kOrderByNeedsWhere));
  EXPECT_EQ(PlanOf("WHERE x = 1 ORDER BY sk"), TextTemplate(errors::kOrderByNeedsHashKey));
  EXPECT_EQ(PlanOf("WHERE pk = 'a' ORDER BY x"), Fail(errors::kOrderByNotKey, "x").text);
  EXPECT_EQ(PlanOf("WHERE g = 'a' ORDER BY pk", "global"), Fail(errors::kOrderByNotKey, "pk").text);
}

TEST(PlanSelectTest, HashKeysAreCounted) {
  std::string values = "'0'";
  for (int i = 1; i < 50; ++i) values += ", '" + std::to_string(i) + "'";
  EXPECT_THAT(PlanOf("WHERE pk IN [" + values + "]"), HasSubstr("query"));
  EXPECT_EQ(PlanOf("WHERE pk IN [" + values + ", 'x']"), TextTemplate(errors::kTooManyHashKeys));
}

Result<dataplane::TransactAction> WriteOf(const std::string& text) {
  return PlanWrite(ParseNow(text), std::make_shared<catalog::TableSchema>(table::TestSchema()));
}

TEST(PlanWriteTest, Insert) {
  const auto action = WriteOf("INSERT INTO t VALUE {'pk': 'a', 'sk': 1}");
  const auto& put = std::get<dataplane::PutRequest>(*action);
  EXPECT_EQ(table::Wire(item::ItemView(put.item)), R"({"pk":{"S":"a"},"sk":{"N":"1"}})");
  EXPECT_EQ(put.presence, Presence::kNotAllowed);
  EXPECT_FALSE(put.condition);
}

TEST(PlanWriteTest, UpdateAndItsCondition) {
  const auto plain = WriteOf("UPDATE t SET x = 1 WHERE pk = 'a' AND sk = 1");
  const auto& update = std::get<dataplane::UpdateRequest>(*plain);
  EXPECT_EQ(table::Wire(item::ItemView(update.key)), R"({"pk":{"S":"a"},"sk":{"N":"1"}})");
  EXPECT_EQ(update.presence, Presence::kNeeded);
  EXPECT_FALSE(update.condition);
  EXPECT_EQ(update.return_values, dataplane::ReturnValues::kNone);

  const auto asked = WriteOf("UPDATE t REMOVE x WHERE pk = 'a' AND x = 2 AND sk = 1 RETURNING MODIFIED OLD *");
  const auto& other = std::get<dataplane::UpdateRequest>(*asked);
  EXPECT_EQ(other.return_values, dataplane::ReturnValues::kUpdatedOld);
  const std::string item = table::Stored(R"({"x":{"N":"2"}})");
  EXPECT_TRUE(other.condition->Evaluate(item::ItemView(item)));
  EXPECT_FALSE(other.condition->Evaluate(item::ItemView()));
}

TEST(PlanWriteTest, DeleteAndExists) {
  const auto erase = WriteOf("DELETE FROM t WHERE pk = 'a' AND sk = 1 RETURNING ALL OLD *");
  EXPECT_EQ(std::get<dataplane::DeleteRequest>(*erase).presence, Presence::kNothingIsOk);
  EXPECT_EQ(std::get<dataplane::DeleteRequest>(*erase).return_values, dataplane::ReturnValues::kAllOld);
  const auto check = WriteOf("EXISTS(SELECT * FROM t WHERE pk = 'a' AND sk = 1 AND x = 1)");
  EXPECT_EQ(std::get<dataplane::CheckRequest>(*check).presence, Presence::kNeeded);
  EXPECT_TRUE(std::get<dataplane::CheckRequest>(*check).condition);
}

TEST(PlanWriteTest, EveryKeyAttributeNeedsOneValue) {
  for (const std::string where : {"pk = 'a'", "sk = 1", "pk = 'a' AND sk > 1", "pk = 'a' AND sk IN [1, 2]",
                                  "pk = 'a' AND (sk = 1 OR x = 1)", "pk = 'a' AND sk = x"}) {
    EXPECT_EQ(WriteOf("DELETE FROM t WHERE " + where).error().id, errors::kKeyNotFixed) << where;
    EXPECT_EQ(WriteOf("UPDATE t SET y = 1 WHERE " + where).error().id, errors::kKeyNotFixed) << where;
    EXPECT_EQ(WriteOf("EXISTS(SELECT * FROM t WHERE " + where + ")").error().id, errors::kKeyNotFixed) << where;
  }
  EXPECT_EQ(WriteOf("SELECT * FROM t WHERE pk = 'a' AND sk = 1").error().id, errors::kKeyNotFixed);
}

TEST(PlanWriteTest, PathsDoNotLeadIntoKeys) {
  for (const std::string text :
       {"UPDATE t SET pk.x = 1 WHERE pk = 'a' AND sk = 1", "UPDATE t SET x = g[0] WHERE pk = 'a' AND sk = 1",
        "DELETE FROM t WHERE pk = 'a' AND sk = 1 AND g.x = 1"}) {
    EXPECT_EQ(WriteOf(text).error().id, errors::kKeyNotScalar) << text;
  }
}

}  // namespace
}  // namespace stator::statements
