#include <gtest/gtest.h>

#include "expression/expression_testing.h"

namespace stator::expression {
namespace {

using testing::ErrorText;
using testing::Substitutes;

constexpr Bytes kAll =
    R"({"#a": "a", ":s": {"S": "a"}, ":n": {"N": "5"}, ":b": {"B": "YQ=="}, ":t": {"BOOL": true}, ":z": {"NULL": true},
        ":l": {"L": []}, ":m": {"M": {}}, ":ss": {"SS": ["x"]}, ":ns": {"NS": ["1"]}, ":bs": {"BS": ["YQ=="]}})";

std::string Parse(Bytes text) {
  const Substitutes substitutes(kAll);
  Binder binder = substitutes.Bind().value();
  return ErrorText(Update::Parse(text, binder));
}

struct Case {
  Bytes text;
  std::string error;  // without "Invalid UpdateExpression: "
};

void Check(std::initializer_list<Case> cases) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(Parse(c.text), c.error.empty() ? "" : "Invalid UpdateExpression: " + c.error);
  }
}

TEST(UpdateErrors, Syntax) {
  Check({
      {"", "The expression can not be empty;"},
      {"a = :n", R"(Syntax error; token: "a", near: "a =")"},
      {"FOO a", R"(Syntax error; token: "FOO", near: "FOO a")"},
      {"SET", R"(Syntax error; token: "<EOF>", near: "SET")"},
      {"SET a", R"(Syntax error; token: "<EOF>", near: "a")"},
      {"SET a = ", R"(Syntax error; token: "<EOF>", near: "=")"},
      {"SET a < :n", R"(Syntax error; token: "<", near: "a < :n")"},
      {"SET a = :n,", R"(Syntax error; token: "<EOF>", near: ",")"},
      {"SET a = :n :n", R"(Syntax error; token: ":n", near: ":n :n")"},
      {"SET a = :n b = :n", R"(Syntax error; token: "b", near: ":n b =")"},
      {"SET a = :n + :n + :n", R"(Syntax error; token: "+", near: ":n + :n")"},
      {"SET a = (:n + :n) + :n", R"x(Syntax error; token: "+", near: ") + :n")x"},
      {"SET a = :n + (:n + :n)", R"(Syntax error; token: "+", near: ":n + :n")"},
      {"SET a = (:n", R"(Syntax error; token: "<EOF>", near: ":n")"},
      {"SET a = :n)", R"x(Syntax error; token: ")", near: ":n)")x"},
      {"SET a = (b, c)", R"(Syntax error; token: ",", near: "b, c")"},
      {"SET a = b = c", R"(Syntax error; token: "=", near: "b = c")"},
      {"SET a = if_not_exists(b, :n + :n)", R"(Syntax error; token: "+", near: ":n + :n")"},
      {"SET a = if_not_exists()", R"x(Syntax error; token: ")", near: "()")x"},
      {"SET (a) = :n", R"x(Syntax error; token: "(", near: "SET (a")x"},
      {"SET :n = a", R"(Syntax error; token: ":n", near: "SET :n =")"},
      {"SET set = :n", R"(Syntax error; token: "set", near: "SET set =")"},
      {"REMOVE", R"(Syntax error; token: "<EOF>", near: "REMOVE")"},
      {"REMOVE a b", R"(Syntax error; token: "b", near: "a b")"},
      {"REMOVE a = :n", R"(Syntax error; token: "=", near: "a = :n")"},
      {"ADD a", R"(Syntax error; token: "<EOF>", near: "a")"},
      {"ADD a b", R"(Syntax error; token: "b", near: "a b")"},
      {"ADD a = :n", R"(Syntax error; token: "=", near: "a = :n")"},
      {"ADD a :n b :n", R"(Syntax error; token: "b", near: ":n b :n")"},
      {"DELETE a (:ss)", R"x(Syntax error; token: "(", near: "a (:ss")x"},
  });
}

TEST(UpdateErrors, Accepted) {
  Check({
      {"set a=:n", ""},
      {"Set a = :n Remove b, c.d[1] Add e :n, f :ss Delete g :bs", ""},
      {"SET a = (b)", ""},
      {"SET a = (b - :n), c = ((:n))", ""},
      {"SET a.b[0].#a = if_not_exists(c.d, list_append(e, :l))", ""},
      {"ADD a[3].b :n", ""},
  });
}

TEST(UpdateErrors, ReservedWordsThenFunctionsThenSections) {
  Check({
      {"SET name = foo(b)", "Attribute name is a reserved keyword; reserved keyword: name"},
      {"SET a = b.Status", "Attribute name is a reserved keyword; reserved keyword: Status"},
      {"SET a = :n SET zone = :n", "Attribute name is a reserved keyword; reserved keyword: zone"},
      {"SET and = :n", "Attribute name is a reserved keyword; reserved keyword: and"},
      {"SET a = foo(b) SET c = :n", "Invalid function name; function: foo"},
      {"SET a = begins_with(b, :s)", "The function is not allowed in an update expression; function: begins_with"},
      {"SET a = size(b)", "The function is not allowed in an update expression; function: size"},
      {"SET a = :x SET b = :n", R"(The "SET" section can only be used once in an update expression;)"},
      {"REMOVE a SET b = :n REMOVE c", R"(The "REMOVE" section can only be used once in an update expression;)"},
      {"add a :n add b :n", R"(The "ADD" section can only be used once in an update expression;)"},
      {"DELETE a :ss DELETE b :ss", R"(The "DELETE" section can only be used once in an update expression;)"},
  });
}

TEST(UpdateErrors, Undefined) {
  Check({
      {"SET #x = :x", "An expression attribute name used in the document path is not defined; attribute name: #x"},
      {"SET a = :x, b = #x",
       "An expression attribute name used in the document path is not defined; attribute name: #x"},
      {"SET a = :x, a = :s", "An expression attribute value used in expression is not defined; attribute value: :x"},
      {"ADD a :x", "An expression attribute value used in expression is not defined; attribute value: :x"},
  });
}

TEST(UpdateErrors, OverlappingPaths) {
  const auto overlap = [](Bytes one, Bytes two) {
    return "Two document paths overlap with each other; must remove or rewrite one of these paths; path one: " +
           std::string(one) + ", path two: " + std::string(two);
  };
  const auto conflict = [](Bytes one, Bytes two) {
    return "Two document paths conflict with each other; must remove or rewrite one of these paths; path one: " +
           std::string(one) + ", path two: " + std::string(two);
  };
  Check({
      {"SET a = :n, a = :n", overlap("[a]", "[a]")},
      {"SET a = :n, #a = :n", overlap("[a]", "[a]")},
      {"SET a = :n REMOVE a.b", overlap("[a]", "[a, b]")},
      {"SET a.b = :n ADD a :n", overlap("[a, b]", "[a]")},
      {"REMOVE a[0], a[0]", overlap("[a, [0]]", "[a, [0]]")},
      {"REMOVE a[0], a[1], a[0].b", overlap("[a, [0]]", "[a, [0], b]")},
      {"REMOVE z, a.b, c, a.b.d", overlap("[a, b]", "[a, b, d]")},
      {"SET a[0] = :n, a.b = :n", conflict("[a, [0]]", "[a, b]")},
      {"SET a.b.c = :n, a.b[1] = :n", conflict("[a, b, c]", "[a, b, [1]]")},
      {"SET a.b = :n, a[1] = :n, c = :n, c = :n", overlap("[c]", "[c]")},
      {"SET a.b = :n, a.c = :n, ab = :n, a.bc = :n", ""},
      {"REMOVE a[0], a[1], a[10]", ""},
  });
}

TEST(UpdateErrors, TypesOfAddAndDelete) {
  const auto type = [](Bytes op, Bytes name) {
    return "Incorrect operand type for operator or function; operator: " + std::string(op) +
           ", operand type: " + std::string(name);
  };
  for (const Bytes op : {"ADD", "DELETE"}) {
    for (const auto& [value, name] : {std::pair<Bytes, Bytes>{":s", "STRING"},
                                      {":b", "BINARY"},
                                      {":t", "BOOLEAN"},
                                      {":z", "NULL"},
                                      {":l", "LIST"},
                                      {":m", "MAP"}}) {
      EXPECT_EQ(Parse(std::string(op) + " a " + std::string(value)), "Invalid UpdateExpression: " + type(op, name));
    }
  }
  Check({
      {"DELETE a :n", type("DELETE", "NUMBER")},
      {"SET a = list_append(:n, b) ADD c :s", type("ADD", "STRING")},
  });
}

TEST(UpdateErrors, OperandsOfFunctions) {
  const auto type = [](Bytes function, Bytes name) {
    return "Incorrect operand type for operator or function; operator or function: " + std::string(function) +
           ", operand type: " + std::string(name);
  };
  Check({
      {"SET a = if_not_exists(b)",
       "Incorrect number of operands for operator or function; operator or function: "
       "if_not_exists, number of operands: 1"},
      {"SET a = list_append(b, c, d)",
       "Incorrect number of operands for operator or function; operator or function: "
       "list_append, number of operands: 3"},
      {"SET a = if_not_exists(:n, :n)",
       "Operator or function requires a document path; operator or function: if_not_exists"},
      {"SET a = if_not_exists(list_append(b, c), :n)",
       "Operator or function requires a document path; operator or function: if_not_exists"},
      {"SET a = list_append(:n, b)", type("list_append", "N")},
      {"SET a = list_append(b, :ss)", type("list_append", "SS")},
      {"SET a = :s + :n", type("+", "S")},
      {"SET a = b - :l", type("-", "L")},
      {"SET a = b + :n, c = :t + b", type("+", "BOOL")},
  });
}

TEST(UpdateErrors, Sizes) {
  const std::string base = "SET a = :n";
  EXPECT_EQ(Parse(base + std::string(4096 - base.size(), ' ')), "");
  EXPECT_EQ(Parse(base + std::string(4097 - base.size(), ' ')),
            "Invalid UpdateExpression: Expression size has exceeded the maximum allowed size; expression size: 4097");
  std::string many = "SET a0=:n+:n";
  for (int i = 1; i < 300; ++i) many += ",b" + std::to_string(i) + "=:n+:n";
  EXPECT_EQ(Parse(many), "");
  EXPECT_EQ(Parse(many + ",c=:n-:n"),
            "Invalid UpdateExpression: The expression contains too many operators; operator count: 301");
  EXPECT_EQ(Parse("SET a = " + std::string(4000, '(')),
            R"(Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "(")");
}

}  // namespace
}  // namespace stator::expression
