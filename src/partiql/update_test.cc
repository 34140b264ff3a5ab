// SET and REMOVE: what they make of an item, and what is wrong with the bad ones.
#include <gtest/gtest.h>

#include "partiql/partiql_testing.h"

namespace stator::partiql {
namespace {

using testing::ErrorOf;
using testing::ItemText;
using testing::Malformed;
using testing::ParseAs;
using testing::StoredItem;

constexpr Bytes kItem = R"({"k": {"S": "x"}, "n": {"N": "5"}, "l": {"L": [{"N": "1"}, {"N": "2"}]},
                            "m": {"M": {"a": {"N": "1"}}}, "ss": {"SS": ["a", "b"]}})";

// The item after an update, without what the update did not touch.
std::string Updated(Bytes actions, const std::vector<Bytes>& parameters = {}) {
  const auto update = ParseAs<Update>("UPDATE Music " + std::string(actions) + " WHERE k = 'x'", parameters);
  const std::string before = StoredItem(kItem);
  const auto applied = update.update.Apply(item::ItemView(before), {}, true);
  return applied.ok() ? ItemText(applied->updated_new) : applied.error().text;
}

std::string Refusal(Bytes actions) { return ErrorOf("UPDATE Music " + std::string(actions) + " WHERE k = 'x'"); }

TEST(UpdateTest, SetsAndRemoves) {
  EXPECT_EQ(Updated("SET a = 1"), R"({"a":{"N":"1"}})");
  EXPECT_EQ(Updated("SET a=1, \"b c\"='x' SET n = null"), R"({"a":{"N":"1"},"b c":{"S":"x"},"n":{"NULL":true}})");
  EXPECT_EQ(Updated("SET a = [1, {'b': <<1>>}] REMOVE n"), R"({"a":{"L":[{"N":"1"},{"M":{"b":{"NS":["1"]}}}]}})");
  EXPECT_EQ(Updated("SET m.b = n, l[1] = k"), R"({"l":{"L":[{"S":"x"}]},"m":{"M":{"b":{"N":"5"}}}})");
  EXPECT_EQ(Updated("REMOVE m.a, l[0] REMOVE n"), R"({"l":{"L":[{"N":"2"}]}})");
  EXPECT_EQ(Updated("SET a = ?, b = [?]", {R"({"B": "aGVsbG8="})", R"({"BOOL": false})"}),
            R"({"a":{"B":"aGVsbG8="},"b":{"L":[{"BOOL":false}]}})");
}

TEST(UpdateTest, Calculates) {
  EXPECT_EQ(Updated("SET n = n + 1"), R"({"n":{"N":"6"}})");
  EXPECT_EQ(Updated("SET n = n-1"), R"({"n":{"N":"4"}})");
  EXPECT_EQ(Updated("SET n = 10 - n, a = n - -2"), R"({"a":{"N":"7"},"n":{"N":"5"}})");
  EXPECT_EQ(Updated("SET n = n + ?", {R"({"N": "0.5"})"}), R"({"n":{"N":"5.5"}})");
  EXPECT_EQ(Updated("SET n = k + 1"), "An operand in the update expression has an incorrect data type");
  EXPECT_EQ(Updated("SET n = x + 1"), "The provided expression refers to an attribute that does not exist in the item");
  EXPECT_EQ(Refusal("SET n = 'a' + 1"),
            "Incorrect operand type for operator or function; operator or function: +, operand type: S");
}

TEST(UpdateTest, AppendsToLists) {
  EXPECT_EQ(Updated("SET l = list_append(l, [3])"), R"({"l":{"L":[{"N":"1"},{"N":"2"},{"N":"3"}]}})");
  EXPECT_EQ(Updated("SET a = LIST_APPEND(['x'], l)"), R"({"a":{"L":[{"S":"x"},{"N":"1"},{"N":"2"}]}})");
  EXPECT_EQ(Refusal("SET l = list_append(l, 3)"),
            "Incorrect operand type for operator or function; operator or function: list_append, operand type: N");
}

TEST(UpdateTest, ChangesSets) {
  EXPECT_EQ(Updated("SET ss = set_add(ss, <<'c'>>)"), R"({"ss":{"SS":["a","b","c"]}})");
  EXPECT_EQ(Updated("SET a = 1, new = set_add(new, <<1, 2>>), n = n + 1"),
            R"({"a":{"N":"1"},"n":{"N":"6"},"new":{"NS":["1","2"]}})");
  EXPECT_EQ(Updated("SET ss = SET_DELETE(ss, <<'a', 'z'>>)"), R"({"ss":{"SS":["b"]}})");
  EXPECT_EQ(Updated("SET ss = set_delete(ss, <<'a', 'b'>>)"), "{}");
  EXPECT_EQ(Updated("SET ss = set_add(ss, ?)", {R"({"SS": ["c"]})"}), R"({"ss":{"SS":["a","b","c"]}})");
  EXPECT_EQ(Updated("SET n = set_add(n, <<1>>)"), "An operand in the update expression has an incorrect data type");
  EXPECT_EQ(Refusal("SET x = set_add(ss, <<'c'>>)"),
            "The first operand must be the attribute that is set; function: set_add");
  EXPECT_EQ(Refusal("SET ss = set_add(ss)"),
            "Incorrect number of operands for operator or function; operator or function: set_add, number of operands: "
            "1");
  EXPECT_EQ(Refusal("SET ss = set_add(<<'c'>>, ss)"),
            "Operator or function requires a document path; operator or function: set_add");
  EXPECT_EQ(Refusal("SET ss = set_delete(ss, 1)"),
            "Incorrect operand type for operator or function; operator or function: set_delete, operand type: N");
}

TEST(UpdateTest, RefusesWhatIsNoUpdate) {
  EXPECT_EQ(Refusal("SET"), Malformed("Expected identifier for simple path"));
  EXPECT_EQ(Refusal("SET a"), Malformed("Expected ="));
  EXPECT_EQ(Refusal("SET a < 1"), Malformed("Expected ="));
  EXPECT_EQ(Refusal("SET a ="), Malformed("Unexpected keyword"));
  EXPECT_EQ(Refusal("SET a = 1,"), Malformed("Expected identifier for simple path"));
  EXPECT_EQ(Refusal("SET a = 1 + 2 + 3"), Malformed("Unexpected token after expression"));
  EXPECT_EQ(Refusal("SET a = b * 2"), Malformed("Unexpected token after expression"));
  EXPECT_EQ(Refusal("SET 'a' = 1"), Malformed("Expected identifier for simple path"));
  EXPECT_EQ(Refusal("REMOVE"), Malformed("Expected identifier for simple path"));
  EXPECT_EQ(Refusal("ADD a 1"), Malformed("Expected SET or REMOVE"));
  EXPECT_EQ(Refusal("SET a = if_not_exists(a, 1)"), "Invalid function name; function: if_not_exists");
  EXPECT_EQ(Refusal("SET a = size(b)"), "The function is not allowed in an update expression; function: size");
  EXPECT_EQ(
      Refusal("SET a = 1, a = 2"),
      "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path "
      "two: [a]");
  EXPECT_EQ(Refusal("SET \"\" = 1"), "One or more parameter values were invalid: Attribute name must not be empty");
}

TEST(UpdateTest, NamesWhatItChangesAndLeadsInto) {
  const auto update = ParseAs<Update>("UPDATE Music SET a = b.c, d.e = 1 REMOVE f WHERE k = 'x'");
  EXPECT_EQ(update.update.TopLevelNames(), (std::vector<std::string>{"a", "d", "f"}));
  EXPECT_EQ(update.nested, (std::vector<std::string>{"b", "d"}));
}

}  // namespace
}  // namespace stator::partiql
