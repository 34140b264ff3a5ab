#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "expression/expression_testing.h"

namespace stator::expression {
namespace {

using testing::StoredItem;
using testing::Substitutes;

constexpr Bytes kItem =
    R"({"s": {"S": "hello"}, "e": {"S": ""}, "n": {"N": "5"}, "b": {"B": "aGVsbG8="}, "t": {"BOOL": true},
        "f": {"BOOL": false}, "z": {"NULL": true}, "l": {"L": [{"S": "x"}, {"N": "1"}, {"L": [{"N": "7"}]},
        {"M": {"k": {"S": "v"}}}]}, "m": {"M": {"k": {"N": "2"}, "o": {"M": {"p": {"S": "deep"}}}}},
        "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2.50"]}, "bs": {"BS": ["aGVsbG8="]}, "s2": {"S": "hello"},
        "n2": {"N": "5.0"}, "n3": {"N": "-3"}, "a.b": {"S": "dotted"}, "one": {"L": [{"N": "0"}]}})";

constexpr Bytes kValues =
    R"({"#dot": "a.b", "#p": "p", ":hello": {"S": "hello"}, ":he": {"S": "he"}, ":lo": {"S": "lo"}, ":zz": {"S": "zz"},
        ":5": {"N": "5.00"}, ":2": {"N": "2"}, ":10": {"N": "10"}, ":m10": {"N": "-10"}, ":bin": {"B": "aGVsbG8="},
        ":binhe": {"B": "aGU="}, ":true": {"BOOL": true}, ":null": {"NULL": true}, ":empty": {"S": ""},
        ":a": {"S": "a"}, ":x": {"S": "x"}, ":25": {"N": "2.5"}, ":1": {"N": "1"}, ":7": {"N": "7"},
        ":l7": {"L": [{"N": "7.0"}]}, ":mk": {"M": {"k": {"S": "v"}}}, ":ss": {"SS": ["b", "a"]}, ":S": {"S": "S"},
        ":N": {"S": "N"}, ":BOOL": {"S": "BOOL"}, ":NULL": {"S": "NULL"}, ":L": {"S": "L"}, ":M": {"S": "M"},
        ":SS": {"S": "SS"}, ":dotted": {"S": "dotted"}, ":deep": {"S": "deep"}, ":3": {"N": "3"}, ":4": {"N": "4"}})";

bool Evaluate(Bytes text, Bytes stored) {
  const Substitutes substitutes(kValues);
  Binder binder = substitutes.Bind().value();
  const auto condition = Condition::Parse(Parameter::kCondition, text, binder);
  EXPECT_EQ(testing::ErrorText(condition), "");
  return condition.ok() && condition->Evaluate(item::ItemView(stored));
}

void ExpectAll(bool expected, std::initializer_list<Bytes> texts) {
  const std::string stored = StoredItem(kItem);
  for (const Bytes text : texts) EXPECT_EQ(Evaluate(text, stored), expected) << text;
}

TEST(Condition, Holds) {
  ExpectAll(true, {
                      "s = :hello",
                      "s = s2",
                      "n = :5",
                      "n = n2",
                      "b = :bin",
                      "t = :true",
                      "z = :null",
                      "e = :empty",
                      "l[2] = :l7",
                      "l[3] = :mk",
                      "ss = :ss",
                      "#dot = :dotted",
                      "m.o.#p = :deep",
                      "s <> :he",
                      "n <> s",
                      "absent <> :5",
                      "absent <> absent2",
                      "s <> :5",
                      "t <> f",
                      "s < :zz",
                      "n < :10",
                      "n > :m10",
                      "n3 > :m10",
                      "n3 < n",
                      "n <= :5",
                      "n >= :5",
                      "b >= :bin",
                      "b > :binhe",
                      "e < s",
                      "n BETWEEN :2 AND :10",
                      "n BETWEEN :5 AND :5",
                      "s BETWEEN :he AND :zz",
                      ":2 BETWEEN n3 AND n",
                      "s IN (:he, :hello)",
                      "n IN (:2, s, n2)",
                      "t IN (:true)",
                      "l[2] IN (:l7)",
                      "attribute_exists(s)",
                      "attribute_exists(z)",
                      "attribute_exists(l[3].k)",
                      "attribute_exists(m.o)",
                      "attribute_not_exists(absent)",
                      "attribute_not_exists(l[4])",
                      "attribute_not_exists(s.k)",
                      "attribute_not_exists(m[0])",
                      "attribute_not_exists(m.k.o)",
                      "attribute_type(s, :S)",
                      "attribute_type(n, :N)",
                      "attribute_type(t, :BOOL)",
                      "attribute_type(f, :BOOL)",
                      "attribute_type(z, :NULL)",
                      "attribute_type(l, :L)",
                      "attribute_type(m, :M)",
                      "attribute_type(ss, :SS)",
                      "begins_with(s, :he)",
                      "begins_with(s, :empty)",
                      "begins_with(b, :binhe)",
                      "begins_with(s, s2)",
                      "contains(s, :lo)",
                      "contains(s, :empty)",
                      "contains(b, :binhe)",
                      "contains(ss, :a)",
                      "contains(ns, :25)",
                      "contains(bs, :bin)",
                      "contains(l, :x)",
                      "contains(l, :1)",
                      "contains(l, :l7)",
                      "contains(l, :mk)",
                      "contains(:hello, s)",
                      "contains(ns, size(one))",
                      "size(s) = :5",
                      "size(b) = :5",
                      "size(l) = :4",
                      "size(m) = :2",
                      "size(ss) = :2",
                      "size(ns) < size(s)",
                      "size(m) <> size(l)",
                      "size(absent) <> :5",
                      "size(n) <> :5",
                      "size(:hello) = n",
                      "NOT s = :he",
                      "NOT (s = :he OR n = :2)",
                      "s = :he OR n = :5 AND t = :true",
                      "(s = :hello OR n = :2) AND NOT t = f",
                      "NOT NOT s = :hello",
                      "s = :he AND n = :5 OR t = :true",
                      "NOT s = :he AND n = :5",
                  });
}

TEST(Condition, DoesNotHold) {
  ExpectAll(false, {
                       "s = :he",
                       "n = s",
                       "absent = :5",
                       "absent = absent2",
                       "t = :null",
                       "ss = ns",
                       "l[2] = l[1]",
                       "s <> :hello",
                       "n <> :5",
                       "l[2] <> :l7",
                       "ss <> :ss",
                       "s < :he",
                       "n < :5",
                       "n < s",
                       "absent < :5",
                       "absent >= :5",
                       "t < n",
                       "n > :10",
                       "s > n",
                       "b < s",
                       "l > m",
                       "n BETWEEN :10 AND s",
                       "absent BETWEEN :2 AND :5",
                       "s BETWEEN :2 AND :5",
                       "n BETWEEN absent AND :5",
                       "s IN (:he, :5)",
                       "absent IN (:5, absent2)",
                       "absent IN (:5)",
                       "attribute_exists(absent)",
                       "attribute_exists(l[4])",
                       "attribute_exists(l[0].k)",
                       "attribute_exists(m.x)",
                       "attribute_not_exists(s)",
                       "attribute_not_exists(m.k)",
                       "attribute_type(s, :N)",
                       "attribute_type(absent, :S)",
                       "begins_with(s, :lo)",
                       "begins_with(n, :he)",
                       "begins_with(b, :he)",
                       "begins_with(absent, :he)",
                       "begins_with(ss, :a)",
                       "begins_with(s, absent)",
                       "contains(s, :zz)",
                       "contains(s, :5)",
                       "contains(ss, :he)",
                       "contains(ns, :a)",
                       "contains(l, :7)",
                       "contains(absent, :a)",
                       "contains(n, :5)",
                       "contains(m, :a)",
                       "contains(z, :null)",
                       "contains(s, absent)",
                       "contains(s, :bin)",
                       "size(n) = :5",
                       "size(absent) = :5",
                       "size(absent) < :5",
                       "size(s) = s",
                       "size(t) > :1",
                       "NOT s = :hello",
                       "NOT absent <> :5",
                       "s = :he AND n = :5",
                       "s = :he OR n = :2",
                       "(s = :he OR n = :5) AND t = f",
                       "s = :he AND (n = :5 OR t = :true)",
                   });
}

TEST(Condition, SizeOfTextIsItsUtf16Units) {
  EXPECT_TRUE(Evaluate("size(s) = :2", StoredItem("{\"s\": {\"S\": \"\xc3\xa9\xe2\x82\xac\"}}")));
  EXPECT_TRUE(Evaluate("size(s) = :2", StoredItem("{\"s\": {\"S\": \"\xf0\x9f\x98\x80\"}}")));
}

TEST(Condition, OfNoItem) {
  EXPECT_TRUE(Evaluate("attribute_not_exists(s)", {}));
  EXPECT_TRUE(Evaluate("s <> :hello AND NOT s = :hello", {}));
  EXPECT_FALSE(Evaluate("attribute_exists(s) OR s = :hello OR size(s) >= :1", {}));
}

TEST(Condition, NamesTopLevelAttributesOnce) {
  const Substitutes substitutes(kValues);
  Binder binder = substitutes.Bind().value();
  const auto condition =
      Condition::Parse(Parameter::kFilter, "a.b[1] = :5 AND #dot <> :5 OR NOT size(c) IN (a, d.e, :5)", binder);
  EXPECT_THAT(condition.value().TopLevelNames(), ::testing::UnorderedElementsAre("a", "a.b", "c", "d"));
}

}  // namespace
}  // namespace stator::expression
