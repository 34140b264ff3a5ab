#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "expression/expression_testing.h"

namespace stator::expression {
namespace {

using testing::ErrorText;
using testing::ItemText;
using testing::StoredItem;
using testing::Substitutes;

Result<Projection> ParseProjection(Bytes text) {
  const Substitutes substitutes(R"({"#n": "name", "#d": "a.b"})");
  Binder binder = substitutes.Bind().value();
  return Projection::Parse(text, binder);
}

constexpr Bytes kItem =
    R"({"p": {"S": "key"}, "name": {"S": "x"}, "a.b": {"N": "1"},
        "l": {"L": [{"N": "0"}, {"M": {"k": {"S": "v"}, "o": {"S": "w"}}}, {"N": "2"}]},
        "m": {"M": {"a": {"N": "1"}, "b": {"L": [{"S": "u"}, {"S": "v"}]}, "c": {"M": {}}}}})";

std::string Project(Bytes text) {
  const auto projection = ParseProjection(text);
  if (!projection.ok()) return projection.error().text;
  const std::string item = StoredItem(kItem);
  std::string written;
  json::Writer writer(&written);
  projection->Write(item::ItemView(item), writer);
  const std::string applied = projection->Apply(item::ItemView(item));
  EXPECT_TRUE(item::ValidItem(applied));
  EXPECT_EQ(ItemText(applied), written);
  return written;
}

TEST(Projection, Keeps) {
  EXPECT_EQ(Project("p"), R"({"p":{"S":"key"}})");
  EXPECT_EQ(Project("p, #n, #d, absent"), R"({"a.b":{"N":"1"},"name":{"S":"x"},"p":{"S":"key"}})");
  EXPECT_EQ(Project("l[2], l[0]"), R"({"l":{"L":[{"N":"0"},{"N":"2"}]}})");
  EXPECT_EQ(Project("l[1].k, l[7]"), R"({"l":{"L":[{"M":{"k":{"S":"v"}}}]}})");
  EXPECT_EQ(Project("m.b[1], m.a"), R"({"m":{"M":{"a":{"N":"1"},"b":{"L":[{"S":"v"}]}}}})");
  EXPECT_EQ(Project("m.c"), R"({"m":{"M":{"c":{"M":{}}}}})");
  EXPECT_EQ(Project("m"), R"({"m":{"M":{"a":{"N":"1"},"b":{"L":[{"S":"u"},{"S":"v"}]},"c":{"M":{}}}}})");
}

TEST(Projection, OfNothingIsAnEmptyObject) {
  EXPECT_EQ(Project("absent"), "{}");
  EXPECT_EQ(
      Project("m.c.d, m.absent, l[9], p.x, p[0], m[0], l.k"),
      "Invalid ProjectionExpression: Two document paths "
      "conflict with each other; must remove or rewrite one of these paths; path one: [p, x], path two: [p, [0]]");
  EXPECT_EQ(Project("m.c.d, m.absent, l[9], p.x"), "{}");
  EXPECT_EQ(Project("m[0], l.k"), "{}");
  std::string written;
  json::Writer writer(&written);
  ParseProjection("p")->Write({}, writer);
  EXPECT_EQ(written, "{}");
}

TEST(Projection, Errors) {
  const std::string prefix = "Invalid ProjectionExpression: ";
  EXPECT_EQ(Project(""), prefix + "The expression can not be empty;");
  EXPECT_EQ(Project("a b"), prefix + R"(Syntax error; token: "b", near: "a b")");
  EXPECT_EQ(Project("a,"), prefix + R"(Syntax error; token: "<EOF>", near: ",")");
  EXPECT_EQ(Project("a,,b"), prefix + R"(Syntax error; token: ",", near: ",,b")");
  EXPECT_EQ(Project("user-id"), prefix + R"(Syntax error; token: "-", near: "user-id")");
  EXPECT_EQ(Project("(a)"), prefix + R"(Syntax error; token: "(", near: "(a")");
  EXPECT_EQ(Project("a[0]b"), prefix + R"(Syntax error; token: "b", near: "]b")");
  EXPECT_EQ(Project(":v"), prefix + R"(Syntax error; token: ":v", near: ":v")");
  EXPECT_EQ(Project("#x, size"), prefix + "Attribute name is a reserved keyword; reserved keyword: size");
  EXPECT_EQ(Project("#x"),
            prefix + "An expression attribute name used in the document path is not defined; attribute name: #x");
  EXPECT_EQ(Project("a, b, a"), prefix +
                                    "Two document paths overlap with each other; must remove or rewrite one of "
                                    "these paths; path one: [a], path two: [a]");
  EXPECT_EQ(Project("a.b[1], a"), prefix +
                                      "Two document paths overlap with each other; must remove or rewrite one of "
                                      "these paths; path one: [a, b, [1]], path two: [a]");
}

TEST(Projection, NamesTopLevelAttributesOnce) {
  EXPECT_THAT(ParseProjection("l[1].k, m.a, l[0], #d")->TopLevelNames(), ::testing::ElementsAre("l", "m", "a.b"));
}

}  // namespace
}  // namespace stator::expression
