// WHERE: what it says of items, how its parts come apart, and what is wrong with the bad ones.
#include <gtest/gtest.h>

#include "partiql/partiql_testing.h"

namespace stator::partiql {
namespace {

using testing::ErrorOf;
using testing::Malformed;
using testing::ParseAs;
using testing::StoredItem;
using testing::WireText;

constexpr Bytes kItem =
    R"({"s": {"S": "hello"}, "n": {"N": "5"}, "b": {"B": "aGVsbG8="}, "t": {"BOOL": true}, "z": {"NULL": true},
        "l": {"L": [{"S": "x"}, {"N": "1"}, {"M": {"k": {"S": "v"}}}]}, "m": {"M": {"k": {"N": "2"}}},
        "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2.50"]}, "a b": {"S": "it's"}, "size": {"N": "1"}})";

Select Where_(Bytes condition, const std::vector<Bytes>& parameters = {}) {
  return ParseAs<Select>("SELECT * FROM Music WHERE " + std::string(condition), parameters);
}

bool Holds(Bytes condition, const std::vector<Bytes>& parameters = {}) {
  const std::string stored = StoredItem(kItem);
  return Where_(condition, parameters).where.Whole()->Evaluate(item::ItemView(stored));
}

std::string Refusal(Bytes condition) { return ErrorOf("SELECT * FROM Music WHERE " + std::string(condition)); }

TEST(ConditionTest, OperatorsAndFunctionsHold) {
  for (const Bytes text : {
           "s = 'hello'",
           "'hello' = s",
           "n = 5.0",
           "n=5",
           "n <> 4",
           "n != 4",
           "n < 6",
           "n <= 5",
           "n > -7",
           "n >= 5e0",
           "n > +.5",
           "5 = n",
           "t = true",
           "t = TRUE",
           "z = null",
           "n BETWEEN 4 AND 6",
           "n between 5 and 5",
           "n NOT BETWEEN 6 AND 7",
           "n IN (4, 5)",
           "n IN [4, 5]",
           "n NOT IN [4]",
           "s IN ('x', 'hello')",
           "l[1] = 1",
           "l[2].k = 'v'",
           "m.k = 2",
           "m.\"k\" = 2",
           "\"a b\" = 'it''s'",
           "\"size\" = 1",
           "l = ['x', 1, {'k': 'v'}]",
           "m = {'k': 2}",
           "ss = <<'b', 'a'>>",
           "ns = <<1, 2.5>>",
           "x IS MISSING",
           "m.x IS MISSING",
           "s IS NOT MISSING",
           "z IS NULL",
           "s IS NOT NULL",
           "x IS NOT NULL",
           "begins_with(s, 'he')",
           "BEGINS_WITH(s, 'he')",
           "contains(s, 'ell')",
           "contains(ss, 'a')",
           "contains(ns, 2.50)",
           "contains(l, 'x')",
           "attribute_type(n, 'N')",
           "size(s) = 5",
           "SIZE(l) > 2",
           "3 <= size(l)",
           "size(ss) IN (1, 2)",
           "size(s) BETWEEN 1 AND 5",
       }) {
    EXPECT_TRUE(Holds(text)) << text;
    EXPECT_FALSE(Holds("NOT " + std::string(text))) << text;
    EXPECT_FALSE(Holds("NOT(((" + std::string(text) + ")))")) << text;
  }
}

TEST(ConditionTest, WhatIsMissingIsNotDifferent) {
  EXPECT_FALSE(Holds("x <> 1"));
  EXPECT_FALSE(Holds("1 != x"));
  EXPECT_FALSE(Holds("x = 1"));
  EXPECT_FALSE(Holds("size(n) <> 1"));
  EXPECT_TRUE(Holds("n <> 'a'"));
}

TEST(ConditionTest, ParametersStandForAnyValue) {
  EXPECT_TRUE(Holds(
      "b = ? AND s = ? AND l[2] = ? AND n IN (?, ?)",
      {R"({"B": "aGVsbG8="})", R"({"S": "hello"})", R"({"M": {"k": {"S": "v"}}})", R"({"N": "4"})", R"({"N": "5"})"}));
  EXPECT_TRUE(Holds("begins_with(b, ?)", {R"({"B": "aGU="})"}));
  EXPECT_TRUE(Holds("ss = <<?, 'b'>>", {R"({"S": "a"})"}));
}

TEST(ConditionTest, NotBindsTighterThanAndAndAndTighterThanOr) {
  for (int bits = 0; bits < 8; ++bits) {
    const bool a = bits & 1, b = bits & 2, c = bits & 4;
    // x, y and z stand for tests that hold or not.
    const auto holds = [&](Bytes pattern) {
      std::string text;
      for (const char sign : pattern) {
        const bool test = sign >= 'x' && sign <= 'z';
        const bool truth = sign == 'x' ? a : sign == 'y' ? b : c;
        text.append(test ? (truth ? "n = 5" : "n = 6") : Bytes(&sign, 1));
      }
      return Holds(text);
    };
    EXPECT_EQ(holds("x OR y AND z"), a || (b && c));
    EXPECT_EQ(holds("x AND y OR z"), (a && b) || c);
    EXPECT_EQ(holds("(x OR y) AND z"), (a || b) && c);
    EXPECT_EQ(holds("NOT x AND y OR NOT z"), (!a && b) || !c);
    EXPECT_EQ(holds("NOT (x AND y) OR z"), !(a && b) || c);
    EXPECT_EQ(holds("NOT NOT x AND NOT (y OR z)"), a && !(b || c));
    EXPECT_EQ(holds("x AND n BETWEEN 1 AND 9 AND y AND (z)"), a && b && c);
  }
}

TEST(ConditionTest, ParenthesesMayStandAroundOperandsAndConditions) {
  for (const Bytes text : {"(n) = 5", "((n)) = (5)", "((n) = 5)", "((n = 5))", "(n) BETWEEN (4) AND ((6))",
                           "(begins_with(s, 'he'))", "((size(s)) = 5 AND (n = 5))", "n IN ((5))", "((n) IN (5))"}) {
    EXPECT_TRUE(Holds(text)) << text;
  }
}

TEST(ConditionTest, BadSyntaxIsRefused) {
  EXPECT_EQ(Refusal(""), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("a"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("a ="), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("= 1"), Malformed("Unexpected operator"));
  EXPECT_EQ(Refusal("a = 1 AND"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("a = 1 AND OR b = 1"), Malformed("Unexpected keyword"));
  EXPECT_EQ(Refusal("AND a = 1"), Malformed("Unexpected keyword"));
  EXPECT_EQ(Refusal("NOT"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("a NOT = 1"), Malformed("Unexpected operator"));
  EXPECT_EQ(Refusal("a = = 1"), Malformed("Unexpected operator"));
  EXPECT_EQ(Refusal("a = 1 = 2"), Malformed("Unexpected token after expression"));
  EXPECT_EQ(Refusal("(a = 1) = true"), Malformed("Unexpected token after expression"));
  EXPECT_EQ(Refusal("a + 1 = 2"), Malformed("Unexpected operator"));
  EXPECT_EQ(Refusal("a = b + 1"), Malformed("Unexpected token after expression"));
  EXPECT_EQ(Refusal("a BETWEEN 1"), Malformed("Expected AND"));
  EXPECT_EQ(Refusal("a BETWEEN 1 OR 2"), Malformed("Expected AND"));
  EXPECT_EQ(Refusal("a IN 1"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("a IN ()"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("a IN [1"), Malformed("Expected ]"));
  EXPECT_EQ(Refusal("a IN (1]"), Malformed("Expected )"));
  EXPECT_EQ(Refusal("a IS 1"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("a IS TRUE"), Malformed("Unexpected keyword"));
  EXPECT_EQ(Refusal("a = MISSING"), Malformed("Unexpected keyword"));
  EXPECT_EQ(Refusal("size(a)"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("contains(a, size(b))"), Malformed("Unexpected keyword"));
  EXPECT_EQ(Refusal("contains(a 'x')"), Malformed("Expected )"));
  EXPECT_EQ(Refusal("contains(a, "), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("((a = 1)"), Malformed("Expected )"));
  EXPECT_EQ(Refusal("(a = 1 b = 2)"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("a = - b"), Malformed("Unexpected term"));
  EXPECT_EQ(Refusal("EXISTS(SELECT * FROM Other WHERE a = 1)"), Malformed("Unexpected keyword"));
}

TEST(ConditionTest, OperandsAreCheckedAsInExpressions) {
  EXPECT_EQ(Refusal("foo(a)"), "Invalid function name; function: foo");
  EXPECT_EQ(Refusal("attribute_exists(a)"), "Invalid function name; function: attribute_exists");
  EXPECT_EQ(Refusal("list_append(a, b) = 1"),
            "The function is not allowed in a condition expression; function: list_append");
  EXPECT_EQ(Refusal("begins_with(a)"),
            "Incorrect number of operands for operator or function; operator or function: begins_with, number of "
            "operands: 1");
  EXPECT_EQ(Refusal("begins_with(a, 5)"),
            "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N");
  EXPECT_EQ(Refusal("attribute_type(a, 'X')"),
            "Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
  EXPECT_EQ(Refusal("a < true"), "Incorrect operand type for operator or function; operator: <, operand type: BOOL");
  EXPECT_EQ(
      Refusal("a = a"),
      "The first operand must be distinct from the remaining operands for this operator or function; operator: =, "
      "first operand: [a]");
  EXPECT_EQ(
      Refusal("a BETWEEN 2 AND 1"),
      "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: "
      "AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}");
  EXPECT_EQ(Refusal("'a' IS MISSING"), "Operator or function requires a document path; operator or function: MISSING");
  EXPECT_EQ(Refusal("a[99999999999] = 1"), "List index is not within the allowable range; index: [99999999999]");
  std::string many = "a IN (0";
  for (int i = 1; i <= 100; ++i) many += "," + std::to_string(i);
  EXPECT_EQ(Refusal(many + ")"), "The IN operator is provided with too many operands; number of operands: 101");
}

TEST(WhereTest, ConjunctsTellWhatMaySelectByKey) {
  using Op = expression::KeyComparison::Op;
  const auto of = [](Bytes text) {
    const Select select = Where_(text);
    EXPECT_EQ(select.where.conjuncts().size(), 1) << text;
    return select.where.conjuncts()[0];
  };
  struct Case {
    Bytes text;
    Op op;
    std::vector<std::string> values;
  };
  const Case cases[] = {
      {"a = 1", Op::kEqual, {R"({"N":"1"})"}},
      {"(1 = (a))", Op::kEqual, {R"({"N":"1"})"}},
      {"a < 1", Op::kLess, {R"({"N":"1"})"}},
      {"1 < a", Op::kGreater, {R"({"N":"1"})"}},
      {"1 >= a", Op::kLessOrEqual, {R"({"N":"1"})"}},
      {"a >= 1", Op::kGreaterOrEqual, {R"({"N":"1"})"}},
      {"a BETWEEN 1 AND 2", Op::kBetween, {R"({"N":"1"})", R"({"N":"2"})"}},
      {"begins_with(a, 'x')", Op::kBeginsWith, {R"({"S":"x"})"}},
      {"a IN (1)", Op::kEqual, {R"({"N":"1"})"}},
      {"a IN [1, 'x']", Op::kEqual, {R"({"N":"1"})", R"({"S":"x"})"}},
      {"a = 1 OR a = 2", Op::kEqual, {R"({"N":"1"})", R"({"N":"2"})"}},
      {"(a = 1 OR (a IN [2, 3] OR 4 = a))",
       Op::kEqual,
       {R"({"N":"1"})", R"({"N":"2"})", R"({"N":"3"})", R"({"N":"4"})"}},
  };
  for (const Case& wanted : cases) {
    const Conjunct conjunct = of(wanted.text);
    ASSERT_TRUE(conjunct.comparison) << wanted.text;
    EXPECT_EQ(conjunct.attribute, "a");
    EXPECT_EQ(conjunct.op, wanted.op) << wanted.text;
    std::vector<std::string> values;
    values.reserve(conjunct.values.size());
    for (const std::string& value : conjunct.values) values.push_back(WireText(value));
    EXPECT_EQ(values, wanted.values) << wanted.text;
    EXPECT_EQ(conjunct.equality(), wanted.op == Op::kEqual && wanted.values.size() == 1) << wanted.text;
    if (wanted.op != Op::kEqual || wanted.values.size() == 1) {
      EXPECT_EQ(conjunct.AsKey().attribute, "a");
    }
  }
  for (const Bytes text : {"a <> 1", "a = b", "a.b = 1", "a[0] = 1", "1 = 2", "NOT a = 1", "a = 1 OR b = 2",
                           "a = 1 OR a < 2", "a IN (1, b)", "a IS MISSING", "a IS NULL", "contains(a, 1)",
                           "size(a) = 1", "begins_with('x', a)", "a BETWEEN b AND 2", "begins_with(a, b)",
                           "a = 1 AND b = 2 OR c = 3", "NOT (a = 1 AND b = 2)", "a NOT IN (1)"}) {
    EXPECT_FALSE(of(text).comparison) << text;
  }
}

TEST(WhereTest, PartsCanBeLeftOut) {
  const auto holds = [](const Where& where, const std::vector<size_t>& used) {
    const std::string stored = StoredItem(kItem);
    const auto rest = where.Without(used);
    return !rest || rest->Evaluate(item::ItemView(stored));
  };
  // Parts of several tests each; true, false, true, false.
  const Where where = Where_(
                          "(n = 5 OR n = 6) AND NOT (s = 'hello' OR x = 1) AND (n = 6 OR n = 5 AND s = 'hello') AND "
                          "n = 7")
                          .where;
  ASSERT_EQ(where.conjuncts().size(), 4);
  for (int left_out = 0; left_out < 16; ++left_out) {
    std::vector<size_t> used;
    for (size_t i = 0; i < 4; ++i) {
      if (left_out & (1 << i)) used.push_back(i);
    }
    const bool expected = (left_out & 2) && (left_out & 8);
    EXPECT_EQ(holds(where, used), expected) << left_out;
  }
  EXPECT_FALSE(where.Without({0, 1, 2, 3}));
  EXPECT_EQ(where.Without({1, 2})->TopLevelNames(), std::vector<std::string>{"n"});
  EXPECT_EQ(where.Without({0, 2, 3})->TopLevelNames(), (std::vector<std::string>{"s", "x"}));
  EXPECT_FALSE(Where().Whole());
}

TEST(WhereTest, NestedNamesAreToldFromTheOthers) {
  EXPECT_EQ(Where_("a.b = 1 AND c = 2 AND size(d[0]) = 3").where.nested(), (std::vector<std::string>{"a", "d"}));
}

}  // namespace
}  // namespace stator::partiql
