// What a SELECT list keeps of items.
#include <gtest/gtest.h>

#include "partiql/partiql_testing.h"

namespace stator::partiql {
namespace {

using testing::ItemText;
using testing::ParseAs;
using testing::StoredItem;

TEST(ColumnsTest, AreNamedByTheLastPartOfTheirPaths) {
  const std::string stored =
      StoredItem(R"({"a": {"N": "1"}, "m": {"M": {"a": {"N": "2"}, "x": {"M": {"y": {"S": "z"}}}}},
                                            "l": {"L": [{"N": "3"}, {"L": [{"N": "4"}, {"M": {"k": {"N": "5"}}}]}]}})");
  const auto selected = [&](const std::string& list) {
    const auto columns = *ParseAs<Select>("SELECT " + list + " FROM Music").columns;
    std::string text;
    json::Writer writer(&text);
    columns.Write(item::ItemView(stored), writer);
    EXPECT_EQ(ItemText(columns.Apply(item::ItemView(stored))), text);
    return text;
  };
  EXPECT_EQ(selected("a"), R"({"a":{"N":"1"}})");
  EXPECT_EQ(selected("m.x.y, none, m.none, a.b"), R"({"y":{"S":"z"}})");
  EXPECT_EQ(selected("l[0]"), R"({"l[0]":{"N":"3"}})");
  EXPECT_EQ(selected("l[1][0], l[1][1].k"), R"({"k":{"N":"5"},"l[1][0]":{"N":"4"}})");
  EXPECT_EQ(selected("a, m.a"), R"({"a":{"N":"2"}})");
  EXPECT_EQ(selected("m.a, a"), R"({"a":{"N":"1"}})");
  EXPECT_EQ(selected("a, m.none, none.a"), R"({"a":{"N":"1"}})");
  EXPECT_EQ(selected("none"), "{}");
}

}  // namespace
}  // namespace stator::partiql
