#include <gtest/gtest.h>

#include "expression/expression_testing.h"

namespace stator::expression {
namespace {

using testing::ErrorText;
using testing::Substitutes;

constexpr Bytes kAll =
    R"({"#a": "a", "#b": "b", ":s": {"S": "a"}, ":t": {"S": "b"}, ":n": {"N": "5"}, ":m": {"N": "1"},
        ":b": {"BOOL": true}, ":z": {"NULL": true}, ":l": {"L": []}, ":map": {"M": {}}, ":ss": {"SS": ["x"]},
        ":ns": {"NS": ["1"]}, ":bin": {"B": "YWI="}, ":type": {"S": "NS"}})";

std::string Parse(Bytes text, Parameter parameter = Parameter::kCondition) {
  const Substitutes substitutes(kAll);
  Binder binder = substitutes.Bind().value();
  return ErrorText(Condition::Parse(parameter, text, binder));
}

struct Case {
  Bytes text;
  Bytes error;  // without "Invalid ConditionExpression: "
};

void Check(std::initializer_list<Case> cases) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(Parse(c.text), c.error.empty() ? "" : "Invalid ConditionExpression: " + std::string(c.error));
  }
}

TEST(ConditionErrors, Syntax) {
  Check({
      {"", "The expression can not be empty;"},
      {"   ", R"(Syntax error; token: "<EOF>", near: "")"},
      {"a b", R"(Syntax error; token: "b", near: "a b")"},
      {"a x b", R"(Syntax error; token: "x", near: "a x b")"},
      {"a", R"(Syntax error; token: "<EOF>", near: "a")"},
      {"a = ", R"(Syntax error; token: "<EOF>", near: "=")"},
      {"= :s", R"(Syntax error; token: "=", near: "= :s")"},
      {"a = :s AND", R"(Syntax error; token: "<EOF>", near: "AND")"},
      {"a AND b", R"(Syntax error; token: "AND", near: "a AND b")"},
      {"a = :s AND b OR c", R"(Syntax error; token: "OR", near: "b OR c")"},
      {"a == :s", R"(Syntax error; token: "=", near: "== :s")"},
      {"a = b = c", R"(Syntax error; token: "=", near: "b = c")"},
      {"a-b = :s", R"(Syntax error; token: "-", near: "a-b")"},
      {"a + b = :s", R"(Syntax error; token: "+", near: "a + b")"},
      {"size()", R"x(Syntax error; token: ")", near: "()")x"},
      {"a.0 = :s", R"(Syntax error; token: "0", near: ".0 =")"},
      {"a[x] = :s", R"(Syntax error; token: "x", near: "[x]")"},
      {"a[-1] = :s", R"(Syntax error; token: "-", near: "[-1")"},
      {"a[0 = :s", R"(Syntax error; token: "=", near: "0 = :s")"},
      {"a $ b", R"(Syntax error; token: "$", near: "a $ b")"},
      {"a \xc3\xa9 b", "Syntax error; token: \"\xc3\xa9\", near: \"a \xc3\xa9 b\""},
      {"# = :s", R"(Syntax error; token: "#", near: "# =")"},
      {"a = :", R"(Syntax error; token: ":", near: "= :")"},
      {"NOT a", R"(Syntax error; token: "<EOF>", near: "a")"},
      {"a = NOT b", R"(Syntax error; token: "NOT", near: "= NOT b")"},
      {"(a = :s", R"(Syntax error; token: "<EOF>", near: ":s")"},
      {"a = :s)", R"x(Syntax error; token: ")", near: ":s)")x"},
      {"(a AND b)", R"(Syntax error; token: "AND", near: "a AND b")"},
      {"a = (b = c)", R"(Syntax error; token: "=", near: "b = c")"},
      {"a IN (:s", R"(Syntax error; token: "<EOF>", near: ":s")"},
      {"a IN ()", R"x(Syntax error; token: ")", near: "()")x"},
      {"a IN :s", R"(Syntax error; token: ":s", near: "IN :s")"},
      {"a IN (b = c)", R"(Syntax error; token: "=", near: "b = c")"},
      {"a BETWEEN :s", R"(Syntax error; token: "<EOF>", near: ":s")"},
      {"a BETWEEN :s AND", R"(Syntax error; token: "<EOF>", near: "AND")"},
      {"a BETWEEN :s OR :t", R"(Syntax error; token: "OR", near: ":s OR :t")"},
      {"(a BETWEEN :s) AND :t", R"x(Syntax error; token: ")", near: ":s) AND")x"},
      {"contains(a, b = c)", R"(Syntax error; token: "=", near: "b = c")"},
      {"contains(a b)", R"x(Syntax error; token: "b", near: "a b)")x"},
      {"contains(a, NOT b)", R"(Syntax error; token: "NOT", near: ", NOT b")"},
      {"1a = :s", R"(Syntax error; token: "1", near: "1a")"},
      {"a = 5", R"(Syntax error; token: "5", near: "= 5")"},
      {"a = 'x'", R"(Syntax error; token: "'", near: "= 'x")"},
      {"AND = :s", R"(Syntax error; token: "AND", near: "AND =")"},
      {"a = :s, b = :s", R"(Syntax error; token: ",", near: ":s, b")"},
      {"(a, b) = :s", R"(Syntax error; token: ",", near: "a, b")"},
      {"a = :s foo(b)", R"x(Syntax error; token: "foo", near: ":s foo(")x"},
      {"a <> :s NOT b = :s", R"(Syntax error; token: "NOT", near: ":s NOT b")"},
  });
}

TEST(ConditionErrors, Accepted) {
  Check({
      {"a = :s", ""},
      {"a=:s and(b=:t)or not c<>:n", ""},
      {"NOT NOT a = :s", ""},
      {"(a) = (:s)", ""},
      {"(a = :s)", ""},
      {"(a = :s) AND (b = :s OR (NOT (c = :s)))", ""},
      {"a.b[0][1].c.#a = :s", ""},
      {"a . b [ 0 ] = :s", ""},
      {"#a BETWEEN :m AND :n AND b = :s", ""},
      {"a BETWEEN b AND c", ""},
      {":s IN (a, :t, size(b))", ""},
      {"size(a) > size(b)", ""},
      {":s = :s", ""},
      {"a = :l OR a <> :map OR a = :ss", ""},
      {"a IN (:l, :b)", ""},
      {"begins_with(a, b)", ""},
      {"begins_with(:s, a)", ""},
      {"begins_with(a, :bin)", ""},
      {"attribute_type(a, :type)", ""},
      {"contains(a, :n) AND contains(:ss, a)", ""},
      {"contains(a, size(b))", ""},
      {"_a = :s", ""},
  });
}

TEST(ConditionErrors, Parentheses) {
  Check({
      {"((a = :s))", "The expression has redundant parentheses;"},
      {"((a)) = :s", "The expression has redundant parentheses;"},
      {"(((a = :s) AND b = :s))", "The expression has redundant parentheses;"},
      {"((a = :x)) AND foo(b)", "The expression has redundant parentheses;"},
  });
}

TEST(ConditionErrors, NamesOfFunctions) {
  Check({
      {"foo(a)", "Invalid function name; function: foo"},
      {"SIZE(a) = :n", "Invalid function name; function: SIZE"},
      {"foo(name) AND bar(a)", "Invalid function name; function: foo"},
      {"if_not_exists(a, :s)", "The function is not allowed in a condition expression; function: if_not_exists"},
      {"a = list_append(a, :l)", "The function is not allowed in a condition expression; function: list_append"},
  });
}

TEST(ConditionErrors, PlacesOfFunctions) {
  Check({
      {"size(a)", "The function is not allowed to be used this way in an expression; function: size"},
      {"NOT size(a)", "The function is not allowed to be used this way in an expression; function: size"},
      {"a = :s AND size(a)", "The function is not allowed to be used this way in an expression; function: size"},
      {"attribute_exists(a) = :b",
       "The function is not allowed to be used this way in an expression; function: attribute_exists"},
      {"contains(contains(a, :s), :s)",
       "The function is not allowed to be used this way in an expression; function: contains"},
      {"a IN (begins_with(b, :s))",
       "The function is not allowed to be used this way in an expression; function: begins_with"},
  });
}

TEST(ConditionErrors, ReservedWords) {
  Check({
      {"name = :s", "Attribute name is a reserved keyword; reserved keyword: name"},
      {"a = :x AND NaMe = :s", "Attribute name is a reserved keyword; reserved keyword: NaMe"},
      {"a.b.size = :s", "Attribute name is a reserved keyword; reserved keyword: size"},
      {"zone = abort", "Attribute name is a reserved keyword; reserved keyword: zone"},
      {"names_ = :s", ""},
  });
}

TEST(ConditionErrors, Undefined) {
  Check({
      {"#x = :s", "An expression attribute name used in the document path is not defined; attribute name: #x"},
      {"a.b.#x = :s", "An expression attribute name used in the document path is not defined; attribute name: #x"},
      {"a = :x", "An expression attribute value used in expression is not defined; attribute value: :x"},
      {"contains(a, :x, :s)", "An expression attribute value used in expression is not defined; attribute value: :x"},
      {"contains(a) AND a = :x",
       "Incorrect number of operands for operator or function; operator or function: contains, number of operands: 1"},
  });
}

TEST(ConditionErrors, NumbersOfOperands) {
  Check({
      {"begins_with(a)",
       "Incorrect number of operands for operator or function; operator or function: begins_with, "
       "number of operands: 1"},
      {"attribute_exists(a, b)",
       "Incorrect number of operands for operator or function; operator or function: "
       "attribute_exists, number of operands: 2"},
      {"size(a, b, c) = :n",
       "Incorrect number of operands for operator or function; operator or function: size, "
       "number of operands: 3"},
  });
  std::string in = "a IN (:s";
  for (int i = 1; i < 100; ++i) in += ",:s";
  EXPECT_EQ(Parse(in + ")"), "");
  EXPECT_EQ(Parse(in + ",:s)"),
            "Invalid ConditionExpression: The IN operator is provided with too many operands; number of operands: 101");
}

TEST(ConditionErrors, Paths) {
  Check({
      {"attribute_exists(:s)", "Operator or function requires a document path; operator or function: attribute_exists"},
      {"attribute_not_exists(size(a))",
       "Operator or function requires a document path; operator or function: attribute_not_exists"},
      {"a = a",
       "The first operand must be distinct from the remaining operands for this operator or function; "
       "operator: =, first operand: [a]"},
      {"a <> #a",
       "The first operand must be distinct from the remaining operands for this operator or function; "
       "operator: <>, first operand: [a]"},
      {"contains(a.b[0], a.b[0])",
       "The first operand must be distinct from the remaining operands for this operator or "
       "function; operator: contains, first operand: [a, b, [0]]"},
      {"a[2147483648] = :s", "List index is not within the allowable range; index: [2147483648]"},
      {"a[99999999999999999999999] = :s",
       "List index is not within the allowable range; index: [99999999999999999999999]"},
      {"a.a = a", ""},
  });
  std::string path = "a";
  for (int i = 1; i < 32; ++i) path += ".a";
  EXPECT_EQ(Parse("attribute_exists(" + path + ")"), "");
  EXPECT_EQ(Parse("attribute_exists(" + path + ".a)"),
            "Invalid ConditionExpression: The document path has too many nesting elements; nesting levels: 33");
}

TEST(ConditionErrors, TypesOfOperands) {
  const auto function = [](Bytes name, Bytes type) {
    return "Incorrect operand type for operator or function; operator or function: " + std::string(name) +
           ", operand type: " + std::string(type);
  };
  Check({
      {"begins_with(a, :n)", function("begins_with", "N")},
      {"begins_with(:ss, a)", function("begins_with", "SS")},
      {"begins_with(size(a), :s)", function("begins_with", "N")},
      {"size(:n) = :n", function("size", "N")},
      {"size(:b) = :n", function("size", "BOOL")},
      {"size(:z) = :n", function("size", "NULL")},
      {"size(size(a)) = :n", function("size", "N")},
      {"contains(:n, a)", function("contains", "N")},
      {"contains(:map, a)", function("contains", "M")},
      {"attribute_type(a, :n)", function("attribute_type", "N")},
      {"attribute_type(a, b)", function("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}")},
      {"attribute_type(a, :s)",
       "Invalid attribute type name found; type: a, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"},
  });
  for (const Bytes op : {"<", "<=", ">", ">="}) {
    for (const auto& [value, type] : {std::pair<Bytes, Bytes>{":b", "BOOL"},
                                      {":z", "NULL"},
                                      {":l", "L"},
                                      {":map", "M"},
                                      {":ss", "SS"},
                                      {":ns", "NS"}}) {
      const std::string text = "a " + std::string(op) + " " + std::string(value);
      EXPECT_EQ(Parse(text),
                "Invalid ConditionExpression: Incorrect operand type for operator or function; operator: " +
                    std::string(op) + ", operand type: " + std::string(type));
    }
  }
  Check({
      {"a BETWEEN :b AND :b", "Incorrect operand type for operator or function; operator: BETWEEN, operand type: BOOL"},
      {"a BETWEEN :n AND :m",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: "
       "AttributeValue: {N:5}, upper bound operand: AttributeValue: {N:1}"},
      {"a BETWEEN :t AND :s",
       "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: "
       "AttributeValue: {S:b}, upper bound operand: AttributeValue: {S:a}"},
      {"a BETWEEN :n AND :bin",
       "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: "
       "{N:5}, upper bound operand: AttributeValue: {B:YWI=}"},
      {"a BETWEEN :n AND :n", ""},
      {"a BETWEEN :n AND b", ""},
      {"a BETWEEN :m AND size(b)", ""},
  });
}

TEST(ConditionErrors, Sizes) {
  const std::string base = "a = :s";
  EXPECT_EQ(Parse(base + std::string(4096 - base.size(), ' ')), "");
  EXPECT_EQ(
      Parse(base + std::string(4097 - base.size(), ' ')),
      "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; expression size: 4097");
  std::string many = "a=:s";
  for (int i = 1; i < 150; ++i) many += " AND a=:s";
  EXPECT_EQ(Parse(many), "");  // 150 comparisons, 149 connectives
  EXPECT_EQ(Parse("NOT " + many), "");
  EXPECT_EQ(Parse("NOT NOT " + many),
            "Invalid ConditionExpression: The expression contains too many operators; operator count: 301");
}

TEST(ConditionErrors, DeepNestingEndsInAnError) {
  EXPECT_EQ(Parse(std::string(4000, '(')), R"(Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "(")");
  EXPECT_EQ(Parse(std::string(2000, '(') + "a = :s" + std::string(2000, ')')),
            "Invalid ConditionExpression: The expression has redundant parentheses;");
  std::string calls;
  for (int i = 0; i < 800; ++i) calls += "size(";
  EXPECT_EQ(Parse(calls), R"(Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "(")");
  std::string nots;
  for (int i = 0; i < 1000; ++i) nots += "NOT ";
  EXPECT_EQ(Parse(nots), R"(Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "NOT")");
}

TEST(ConditionErrors, FilterNamesItself) {
  EXPECT_EQ(Parse("a", Parameter::kFilter), R"(Invalid FilterExpression: Syntax error; token: "<EOF>", near: "a")");
  EXPECT_EQ(Parse("", Parameter::kFilter), "Invalid FilterExpression: The expression can not be empty;");
}

}  // namespace
}  // namespace stator::expression
