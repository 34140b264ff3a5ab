// Random conditions, said as a statement and as an expression, mean the same of random items; random statements mean
// what they were made of. STATOR_SEED replays a run.
#include "base/random.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "partiql/partiql_testing.h"

namespace stator::partiql {
namespace {

using expression::testing::Substitutes;
using testing::ErrorOf;
using testing::ItemText;
using testing::ParseAs;
using testing::StoredItem;

uint64_t Seed() {
  const char* given = std::getenv("STATOR_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : ThreadRandom().Next();
}

template <size_t N>
const std::string& Pick(Random& random, const std::string (&of)[N]) {
  return of[random.Below(N)];
}

// A literal of a statement, and its wire form.
struct Literal {
  std::string text, wire;
};
const Literal kLiterals[] = {
    {"1", R"({"N": "1"})"},
    {"-2.50", R"({"N": "-2.5"})"},
    {"3e0", R"({"N": "3"})"},
    {"'a'", R"({"S": "a"})"},
    {"'ab'", R"({"S": "ab"})"},
    {"'it''s'", R"({"S": "it's"})"},
    {"''", R"({"S": ""})"},
    {"true", R"({"BOOL": true})"},
    {"NULL", R"({"NULL": true})"},
    {"['a', 1]", R"({"L": [{"S": "a"}, {"N": "1"}]})"},
    {"<<'a', 'b'>>", R"({"SS": ["b", "a"]})"},
    {"<<1, 3>>", R"({"NS": ["3", "1"]})"},
    {"{'x': 1, 'y': ['a', 1]}", R"({"M": {"x": {"N": "1"}, "y": {"L": [{"S": "a"}, {"N": "1"}]}}})"},
};
constexpr size_t kScalars = 7;  // those that have an order come first
const std::string kPaths[] = {"a", "b", "c", "d", "d.x", "d.y", "d.y[0]", "d.y[1]", "e"};

std::string RandomItem(Random& random) {
  std::string text = R"({"k": {"N": "0"})";
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    const size_t at = *name == 'd' ? std::size(kLiterals) - 1 : random.Below(std::size(kLiterals) + 3);
    if (at < std::size(kLiterals)) text.append(", \"").append(name).append("\": ").append(kLiterals[at].wire);
  }
  return StoredItem(text + "}");
}

// Puts a statement's tokens together: letters of keywords in any case, spaces and comments between tokens.
class Dressing {
 public:
  explicit Dressing(Random& random) : random_(random) {}
  std::string Space() {
    static const std::string kSpaces[] = {" ", "\n", "\t ", " /* ' */ ", " -- \"(\n"};
    return Pick(random_, kSpaces);
  }
  std::string Gap() { return random_.Below(2) == 0 ? "" : Space(); }
  std::string Word(Bytes keyword) {
    std::string text = Space();
    for (const char c : keyword) text += random_.Below(2) == 0 ? c : static_cast<char>(std::tolower(c));
    return text + Space();
  }
  std::string Name(const std::string& name) { return random_.Below(2) == 0 ? name : '"' + name + '"'; }

 private:
  Random& random_;
};

// One condition in both languages.
struct Both {
  std::string statement;
  std::string expression;
};

class ConditionMaker {
 public:
  explicit ConditionMaker(Random& random) : random_(random), dressing_(random) {}

  Both Make(int depth) {
    if (depth == 0 || random_.Below(4) == 0) return MakeTest();
    switch (random_.Below(3)) {
      case 0: {
        const Both inner = Make(depth - 1);
        return {Word("NOT") + Parenthesized(inner.statement), "NOT (" + inner.expression + ")"};
      }
      case 1:
        return Join(Make(depth - 1), Make(depth - 1), "AND");
      default:
        return Join(Make(depth - 1), Make(depth - 1), "OR");
    }
  }

  // The request's values for the expression.
  std::string Values() const { return "{" + values_ + "}"; }

 private:
  Both Join(const Both& left, const Both& right, Bytes operation) {
    return {Parenthesized(left.statement) + Word(operation) + Parenthesized(right.statement),
            "(" + left.expression + ") " + std::string(operation) + " (" + right.expression + ")"};
  }
  std::string Word(Bytes keyword) { return dressing_.Word(keyword); }
  std::string Parenthesized(const std::string& text) {
    std::string all = "(" + dressing_.Gap() + text + dressing_.Gap() + ")";
    return random_.Below(4) == 0 ? "(" + all + ")" : all;
  }

  // An expression's name of a literal.
  std::string Value(const std::string& wire) {
    std::string name = ":v" + std::to_string(count_++);
    values_.append(values_.empty() ? "\"" : ", \"").append(name).append("\": ").append(wire);
    return name;
  }
  Both MakeLiteral(size_t among = std::size(kLiterals)) {
    const Literal& literal = kLiterals[random_.Below(among)];
    return {literal.text, Value(literal.wire)};
  }
  Both MakeOperand() {
    const std::string& path = Pick(random_, kPaths);
    if (random_.Below(4) == 0) return {Word("SIZE") + "(" + path + ")", "size(" + path + ")"};
    return {random_.Below(4) == 0 ? "(" + path + ")" : path, path};
  }

  Both MakeTest() {
    static const std::string kOrders[] = {"<", "<=", ">", ">="};
    const Both operand = MakeOperand();
    switch (random_.Below(9)) {
      case 0: {
        const Both value = MakeLiteral();
        return {operand.statement + dressing_.Gap() + "=" + dressing_.Gap() + value.statement,
                operand.expression + " = " + value.expression};
      }
      case 1: {
        const std::string& order = Pick(random_, kOrders);
        const Both value = MakeLiteral(kScalars);
        return {value.statement + order + operand.statement, value.expression + order + operand.expression};
      }
      case 2: {
        const std::string& path = Pick(random_, kPaths);
        const Both value = MakeLiteral();
        return {path + (random_.Below(2) == 0 ? "<>" : "!=") + value.statement,
                "attribute_exists(" + path + ") AND " + path + " <> " + value.expression};
      }
      case 3: {
        const std::string bounds[] = {Value(R"({"N": "1"})"), Value(R"({"N": "2.5"})")};
        return {operand.statement + Word("BETWEEN") + "1" + Word("AND") + "(2.5)",
                operand.expression + " BETWEEN " + bounds[0] + " AND " + bounds[1]};
      }
      case 4:
        return MakeIn(operand);
      case 5: {
        const std::string& path = Pick(random_, kPaths);
        return {path + Word("IS") + Word("MISSING"), "attribute_not_exists(" + path + ")"};
      }
      case 6: {
        const std::string& path = Pick(random_, kPaths);
        return {path + Word("IS") + Word("NOT") + Word("NULL"),
                "NOT attribute_type(" + path + ", " + Value(R"({"S": "NULL"})") + ")"};
      }
      case 7: {
        const std::string& path = Pick(random_, kPaths);
        const Both value = MakeLiteral();
        return {Word("CONTAINS") + "(" + path + "," + value.statement + ")",
                "contains(" + path + ", " + value.expression + ")"};
      }
      default: {
        const std::string& path = Pick(random_, kPaths);
        return {"begins_with (" + path + ",'a')", "begins_with(" + path + ", " + Value(R"({"S": "a"})") + ")"};
      }
    }
  }

  Both MakeIn(const Both& operand) {
    const bool negated = random_.Below(3) == 0;
    const bool brackets = random_.Below(2) == 0;
    Both in = {operand.statement + (negated ? Word("NOT") : "") + Word("IN") + (brackets ? "[" : "("),
               (negated ? "NOT " : "") + operand.expression + " IN ("};
    const uint64_t count = 1 + random_.Below(3);
    for (uint64_t i = 0; i < count; ++i) {
      const Both value = MakeLiteral();
      in.statement += (i > 0 ? "," : "") + value.statement;
      in.expression += (i > 0 ? "," : "") + value.expression;
    }
    in.statement += brackets ? "]" : ")";
    in.expression += ")";
    return in;
  }

  Random& random_;
  Dressing dressing_;
  std::string values_;
  int count_ = 0;
};

TEST(RandomStatements, ConditionsMeanWhatExpressionsMean) {
  const uint64_t seed = Seed();
  Random random(seed);
  int held = 0;
  int compared = 0;
  for (int round = 0; round < 3000; ++round) {
    ConditionMaker maker(random);
    const Both both = maker.Make(static_cast<int>(random.Below(5)));
    if (both.expression.size() > 4000 || both.statement.size() > 8000) continue;
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round) + ": " + both.statement);
    const Substitutes substitutes(maker.Values());
    auto binder = substitutes.Bind().value();
    const auto expected = expression::Condition::Parse(expression::Parameter::kFilter, both.expression, binder);
    const std::string text = "SELECT * FROM Music WHERE " + both.statement;
    if (!expected.ok()) {
      // An operand that does not fit, an operator too many: the same is wrong in both.
      ASSERT_EQ("Invalid FilterExpression: " + ErrorOf(text), expected.error().text);
      continue;
    }
    const Where where = ParseAs<Select>(text).where;
    for (int i = 0; i < 5; ++i) {
      const std::string item = RandomItem(random);
      const bool holds = expected->Evaluate(item::ItemView(item));
      ASSERT_EQ(where.Whole()->Evaluate(item::ItemView(item)), holds) << ItemText(item);
      held += holds ? 1 : 0;
      ++compared;
      // The parts one by one.
      bool all = true;
      for (size_t part = 0; part < where.conjuncts().size(); ++part) {
        std::vector<size_t> others;
        for (size_t other = 0; other < where.conjuncts().size(); ++other) {
          if (other != part) others.push_back(other);
        }
        all = all && where.Without(others)->Evaluate(item::ItemView(item));
      }
      ASSERT_EQ(all, holds);
    }
  }
  EXPECT_GT(held, compared / 10);
  EXPECT_LT(held, compared * 9 / 10);
}

TEST(RandomStatements, AreTakenForWhatTheyAre) {
  static const std::string kNames[] = {"abc", "Music", "a_b", "x1", "$y"};
  static constexpr std::pair<Bytes, Returning> kReturning[] = {{"ALL|OLD", Returning::kAllOld},
                                                               {"ALL|NEW", Returning::kAllNew},
                                                               {"MODIFIED|OLD", Returning::kModifiedOld},
                                                               {"MODIFIED|NEW", Returning::kModifiedNew}};
  const uint64_t seed = Seed();
  Random random(seed);
  Dressing dressing(random);
  const auto word = [&](Bytes text) { return dressing.Word(text); };
  const auto name = [&](const std::string& text) { return dressing.Name(text) + dressing.Gap(); };
  for (int round = 0; round < 3000; ++round) {
    const std::string& table = Pick(random, kNames);
    const std::string& index = Pick(random, kNames);
    const bool on_index = random.Below(2) == 0;
    const bool descending = random.Below(2) == 0;
    const bool exists = random.Below(3) == 0;
    const std::string select = word("SELECT") + name("c") + "," + name("d") + "." + name("e") + word("FROM") +
                               name(table) + (on_index ? "." + name(index) : "") + word("WHERE") + name("k") + "=" +
                               dressing.Gap() + "?" + word("AND") + "a=1" + word("ORDER") + word("BY") + name("k") +
                               word(descending ? "DESC" : "ASC");
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round) + ": " + select);
    const Bytes parameter = R"({"S": "x"})";
    const auto parsed = exists ? ParseAs<Exists>(word("EXISTS") + "(" + select + ");", {parameter}).select
                               : ParseAs<Select>(select, {parameter});
    EXPECT_EQ(parsed.from.table, table);
    EXPECT_EQ(parsed.from.index, on_index ? index : "");
    EXPECT_EQ(parsed.columns->TopLevelNames(), (std::vector<std::string>{"c", "d"}));
    ASSERT_EQ(parsed.where.conjuncts().size(), 2);
    EXPECT_EQ(parsed.where.conjuncts()[0].values[0], testing::Encoded(parameter));
    ASSERT_EQ(parsed.order_by.size(), 1);
    EXPECT_EQ(parsed.order_by[0].ascending, !descending);

    const auto& [clause, returning] = kReturning[random.Below(std::size(kReturning))];
    const Literal& literal = kLiterals[random.Below(std::size(kLiterals))];
    const auto update =
        ParseAs<Update>(word("UPDATE") + name(table) + word("SET") + name("v") + "=" + literal.text + word("REMOVE") +
                        name("w") + word("WHERE") + name("k") + "='x'" + word("RETURNING") +
                        word(clause.substr(0, clause.find('|'))) + word(clause.substr(clause.find('|') + 1)) + "*");
    EXPECT_EQ(update.table.table, table);
    EXPECT_EQ(update.returning, returning);
    const std::string before = StoredItem(R"({"k": {"S": "x"}, "w": {"N": "1"}})");
    EXPECT_EQ(update.update.Apply(item::ItemView(before), {}, false)->item,
              StoredItem(R"({"k": {"S": "x"}, "v": )" + literal.wire + "}"));

    const auto insert = ParseAs<Insert>(word("INSERT") + word("INTO") + name(table) + word("VALUE") +
                                        "{'k':" + dressing.Gap() + literal.text + dressing.Gap() + "}");
    EXPECT_EQ(insert.into.table, table);
    EXPECT_EQ(insert.item, StoredItem(R"({"k": )" + literal.wire + "}"));
  }
}

}  // namespace
}  // namespace stator::partiql
