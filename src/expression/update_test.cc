#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "errors/item.h"
#include "expression/expression_testing.h"

namespace stator::expression {
namespace {

using ::testing::ElementsAre;
using testing::ErrorText;
using testing::ItemText;
using testing::StoredItem;
using testing::Substitutes;

constexpr Bytes kItem =
    R"({"p": {"S": "key"}, "n": {"N": "5"}, "s": {"S": "x"}, "l": {"L": [{"N": "0"}, {"N": "1"}, {"N": "2"}]},
        "m": {"M": {"a": {"N": "1"}, "l": {"L": [{"S": "u"}, {"S": "v"}]}}}, "ss": {"SS": ["a", "b"]},
        "ns": {"NS": ["1", "2"]}})";

constexpr Bytes kValues =
    R"({"#n": "name", "#p": "p", ":1": {"N": "1"}, ":5": {"N": "5"}, ":s": {"S": "new"}, ":l": {"L": [{"N": "9"}]},
        ":e": {"L": []}, ":bc": {"SS": ["b", "c"]}, ":ab": {"SS": ["a", "b"]}, ":n23": {"NS": ["2.0", "3"]},
        ":big": {"N": "9e125"}, ":map": {"M": {"k": {"S": "v"}}}, ":bin": {"BS": ["YQ=="]}})";

Result<Update> ParseUpdate(Bytes text) {
  const Substitutes substitutes(kValues);
  Binder binder = substitutes.Bind().value();
  return Update::Parse(text, binder);
}

// The attributes that differ from those of kItem as they are afterwards (null: gone), or the error.
std::string Changes(const Result<Update>& update, Bytes item = kItem) {
  if (!update.ok()) return update.error().text;
  const std::string before = item.empty() ? std::string() : StoredItem(item);
  const std::string key = StoredItem(R"({"p": {"S": "key"}})");
  const auto applied = update->Apply(item::ItemView(before), item::ItemView(key), false);
  if (!applied.ok()) return applied.error().text;
  EXPECT_TRUE(item::ValidItem(applied->item));
  const item::ItemView now(applied->item);
  std::string text;
  json::Writer writer(&text);
  writer.BeginObject();
  Bytes name;
  item::ValueView value;
  for (item::MapView walk = now.attributes(); walk.Next(&name, &value);) {
    if (!before.empty() && item::ItemView(before).Find(name) == value) continue;
    writer.Key(name);
    item::WriteValue(value, writer);
  }
  if (!before.empty()) {
    for (item::MapView walk = item::ItemView(before).attributes(); walk.Next(&name, &value);) {
      if (!now.Find(name).valid()) writer.Key(name).Null();
    }
  }
  writer.EndObject();
  return text;
}

std::string Changes(Bytes text, Bytes item = kItem) { return Changes(ParseUpdate(text), item); }

constexpr Bytes kPath = "The document path provided in the update expression is invalid for update";
constexpr Bytes kType = "An operand in the update expression has an incorrect data type";
constexpr Bytes kAbsent = "The provided expression refers to an attribute that does not exist in the item";

TEST(Update, Set) {
  EXPECT_EQ(Changes("SET n = :1"), R"({"n":{"N":"1"}})");
  EXPECT_EQ(Changes("SET #n = :s"), R"({"name":{"S":"new"}})");
  EXPECT_EQ(Changes("SET x = n, n = s, s = x.y"), kAbsent);
  EXPECT_EQ(Changes("SET s = n, n = s"), R"({"n":{"S":"x"},"s":{"N":"5"}})");
  EXPECT_EQ(Changes("SET n = n + :1"), R"({"n":{"N":"6"}})");
  EXPECT_EQ(Changes("SET x = :1 - n"), R"({"x":{"N":"-4"}})");
  EXPECT_EQ(Changes("SET x = (n + n)"), R"({"x":{"N":"10"}})");
  EXPECT_EQ(Changes("SET x = ((n) - (n))"), R"({"x":{"N":"0"}})");
  EXPECT_EQ(Changes("SET n = s + :1"), kType);
  EXPECT_EQ(Changes("SET n = absent + :1"), kAbsent);
  EXPECT_EQ(Changes("SET n = :big + :big"), TextTemplate(errors::kNumberOverflow));
  EXPECT_EQ(Changes("SET x = n"), R"({"x":{"N":"5"}})");
  EXPECT_EQ(Changes("SET x = l[1]"), R"({"x":{"N":"1"}})");
  EXPECT_EQ(Changes("SET n = n"), "{}");
}

TEST(Update, SetFunctions) {
  EXPECT_EQ(Changes("SET n = if_not_exists(n, :1) + :1"), R"({"n":{"N":"6"}})");
  EXPECT_EQ(Changes("SET x = if_not_exists(x, :1) + :1"), R"({"x":{"N":"2"}})");
  EXPECT_EQ(Changes("SET x = if_not_exists(x, if_not_exists(y, n))"), R"({"x":{"N":"5"}})");
  EXPECT_EQ(Changes("SET x = if_not_exists(n, absent)"), R"({"x":{"N":"5"}})");
  EXPECT_EQ(Changes("SET x = if_not_exists(x, absent)"), kAbsent);
  EXPECT_EQ(Changes("SET n = if_not_exists(m.a, :s)"), R"({"n":{"N":"1"}})");
  EXPECT_EQ(Changes("SET l = list_append(l, :l)"), R"({"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"},{"N":"9"}]}})");
  EXPECT_EQ(Changes("SET l = list_append(:l, m.l)"), R"({"l":{"L":[{"N":"9"},{"S":"u"},{"S":"v"}]}})");
  EXPECT_EQ(Changes("SET x = list_append(if_not_exists(x, :e), :l)"), R"({"x":{"L":[{"N":"9"}]}})");
  EXPECT_EQ(Changes("SET x = list_append(:e, :e)"), R"({"x":{"L":[]}})");
  EXPECT_EQ(Changes("SET x = list_append(list_append(:l, :l), :l)"), R"({"x":{"L":[{"N":"9"},{"N":"9"},{"N":"9"}]}})");
  EXPECT_EQ(Changes("SET x = list_append(n, :l)"), kType);
  EXPECT_EQ(Changes("SET x = list_append(:l, :l) + :1"), kType);
  EXPECT_EQ(Changes("SET x = list_append(absent, :l)"), kAbsent);
}

TEST(Update, SetBelow) {
  EXPECT_EQ(Changes("SET m.a = :s, m.b = :1"),
            R"({"m":{"M":{"a":{"S":"new"},"b":{"N":"1"},"l":{"L":[{"S":"u"},{"S":"v"}]}}}})");
  EXPECT_EQ(Changes("SET m.l[1] = :1"), R"({"m":{"M":{"a":{"N":"1"},"l":{"L":[{"S":"u"},{"N":"1"}]}}}})");
  EXPECT_EQ(Changes("SET l[1] = :s"), R"({"l":{"L":[{"N":"0"},{"S":"new"},{"N":"2"}]}})");
  EXPECT_EQ(Changes("SET l[9] = :s, l[7] = :1"),
            R"({"l":{"L":[{"N":"0"},{"N":"1"},{"N":"2"},{"N":"1"},{"S":"new"}]}})");
  EXPECT_EQ(Changes("SET absent.a = :s"), kPath);
  EXPECT_EQ(Changes("SET absent[0] = :s"), kPath);
  EXPECT_EQ(Changes("SET n.a = :s"), kPath);
  EXPECT_EQ(Changes("SET l.a = :s"), kPath);
  EXPECT_EQ(Changes("SET m[0] = :s"), kPath);
  EXPECT_EQ(Changes("SET m.x.y = :s"), kPath);
  EXPECT_EQ(Changes("SET l[5].a = :s"), kPath);
}

TEST(Update, Remove) {
  EXPECT_EQ(Changes("REMOVE n, s, absent"), R"({"n":null,"s":null})");
  EXPECT_EQ(Changes("REMOVE l[0], l[2]"), R"({"l":{"L":[{"N":"1"}]}})");
  EXPECT_EQ(Changes("REMOVE l[0], l[1], l[2]"), R"({"l":{"L":[]}})");
  EXPECT_EQ(Changes("REMOVE l[7]"), "{}");
  EXPECT_EQ(Changes("REMOVE m.a, m.l[0], m.absent"), R"({"m":{"M":{"l":{"L":[{"S":"v"}]}}}})");
  EXPECT_EQ(Changes("REMOVE l[0] SET l[1] = :s, l[8] = :1"), R"({"l":{"L":[{"S":"new"},{"N":"2"},{"N":"1"}]}})");
  EXPECT_EQ(Changes("REMOVE absent.a"), kPath);
  EXPECT_EQ(Changes("REMOVE n[0]"), kPath);
}

TEST(Update, Add) {
  EXPECT_EQ(Changes("ADD n :1"), R"({"n":{"N":"6"}})");
  EXPECT_EQ(Changes("ADD x :1, y :ab"), R"({"x":{"N":"1"},"y":{"SS":["a","b"]}})");
  EXPECT_EQ(Changes("ADD ss :bc, ns :n23"), R"({"ns":{"NS":["1","2","3"]},"ss":{"SS":["a","b","c"]}})");
  EXPECT_EQ(Changes("ADD ss :ab"), "{}");
  EXPECT_EQ(Changes("ADD m.a :5, m.b :1"),
            R"({"m":{"M":{"a":{"N":"6"},"b":{"N":"1"},"l":{"L":[{"S":"u"},{"S":"v"}]}}}})");
  EXPECT_EQ(Changes("ADD l[1] :5"), R"({"l":{"L":[{"N":"0"},{"N":"6"},{"N":"2"}]}})");
  EXPECT_EQ(Changes("ADD s :1"), kType);
  EXPECT_EQ(Changes("ADD n :ab"), kType);
  EXPECT_EQ(Changes("ADD ss :n23"), kType);
  EXPECT_EQ(Changes("ADD m.l :1"), kType);
  EXPECT_EQ(Changes("ADD absent.a :1"), kPath);
}

TEST(Update, Delete) {
  EXPECT_EQ(Changes("DELETE ss :bc"), R"({"ss":{"SS":["a"]}})");
  EXPECT_EQ(Changes("DELETE ss :ab"), R"({"ss":null})");
  EXPECT_EQ(Changes("DELETE ns :n23"), R"({"ns":{"NS":["1"]}})");
  EXPECT_EQ(Changes("DELETE absent :ab"), "{}");
  EXPECT_EQ(Changes("DELETE ss :n23"), kType);
  EXPECT_EQ(Changes("DELETE n :ab"), kType);
  EXPECT_EQ(Changes("DELETE m.absent :ab"), "{}");
  EXPECT_EQ(Changes("DELETE m.a :ab"), kType);
  EXPECT_EQ(Changes("DELETE l[0].x :ab"), kPath);
}

TEST(Update, SectionsSeeTheItemBefore) {
  EXPECT_EQ(
      Changes("SET x = n, y = l[0] REMOVE n, l[0] ADD s2 :1 DELETE ss :bc"),
      R"({"l":{"L":[{"N":"1"},{"N":"2"}]},"s2":{"N":"1"},"ss":{"SS":["a"]},"x":{"N":"5"},"y":{"N":"0"},"n":null})");
}

TEST(Update, OfNoItem) {
  EXPECT_EQ(Changes("SET n = :1", {}), R"({"n":{"N":"1"},"p":{"S":"key"}})");
  EXPECT_EQ(Changes("ADD n :1", {}), R"({"n":{"N":"1"},"p":{"S":"key"}})");
  EXPECT_EQ(Changes("REMOVE n", {}), R"({"p":{"S":"key"}})");
  EXPECT_EQ(Changes("SET n = n + :1", {}), kAbsent);
  EXPECT_EQ(Changes("SET n = if_not_exists(#p, :1)", {}), R"({"n":{"N":"1"},"p":{"S":"key"}})");
  EXPECT_TRUE(ParseUpdate("SET n = :1")->CreatesMissing());
  EXPECT_TRUE(ParseUpdate("REMOVE n ADD s :1")->CreatesMissing());
  EXPECT_FALSE(ParseUpdate("REMOVE n DELETE s :ab")->CreatesMissing());
}

std::string Touched(Bytes text) {
  const std::string before = StoredItem(kItem);
  const auto applied = ParseUpdate(text)->Apply(item::ItemView(before), {}, true);
  return ItemText(applied->updated_old) + " -> " + ItemText(applied->updated_new);
}

TEST(Update, TouchedPaths) {
  EXPECT_EQ(Touched("SET n = :1, x = :s"), R"({"n":{"N":"5"}} -> {"n":{"N":"1"},"x":{"S":"new"}})");
  EXPECT_EQ(
      Touched("SET m.a = :5, m.l[1] = :1"),
      R"({"m":{"M":{"a":{"N":"1"},"l":{"L":[{"S":"v"}]}}}} -> {"m":{"M":{"a":{"N":"5"},"l":{"L":[{"N":"1"}]}}}})");
  EXPECT_EQ(Touched("REMOVE n DELETE ss :ab"), R"({"n":{"N":"5"},"ss":{"SS":["a","b"]}} -> {})");
  EXPECT_EQ(Touched("SET n = n"), R"({"n":{"N":"5"}} -> {"n":{"N":"5"}})");
}

TEST(Update, Nesting) {
  std::string deep = R"({"S": "x"})";
  for (int i = 0; i < 30; ++i) deep = R"({"M": {"k": )" + deep + "}}";
  const std::string values = "{\":d\": " + deep + "}";
  const std::string before = StoredItem(R"({"p": {"S": "key"}, "m": {"M": {"k": {"M": {}}}}})");
  const auto apply = [&](Bytes text) {
    const Substitutes substitutes(values);
    Binder binder = substitutes.Bind().value();
    return ErrorText(Update::Parse(text, binder)->Apply(item::ItemView(before), {}, false));
  };
  EXPECT_EQ(apply("SET x = :d"), "");
  EXPECT_EQ(apply("SET m.x = :d"), "");
  EXPECT_EQ(apply("SET m.k.x = :d"), TextTemplate(errors::kNestingTooDeep));
}

TEST(Update, NamesAndSize) {
  const auto update = ParseUpdate("SET a.b = :1, c = n + :5 REMOVE a.c, d[0] ADD ss :bc");
  EXPECT_THAT(update->TopLevelNames(), ElementsAre("a", "c", "d", "ss"));
  EXPECT_EQ(update->size_bytes(), 3U + 19 + 19 + 2 + 2 + 19);
}

}  // namespace
}  // namespace stator::expression
