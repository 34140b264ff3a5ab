// A pattern is a tree of branches (objects: every rule must hold) whose leaves are lists of tests (one must hold).
// Arrays in the record hold a rule if one of their elements does. Recursion follows the pattern, whose depth is
// bounded.
#include "triggers/filter_pattern.h"

#include <algorithm>
#include <array>
#include <utility>

#include "errors/triggers.h"
#include "json/value.h"
#include "triggers/match_text.h"

namespace stator::triggers {
namespace {

using Kind = EventNode::Kind;
constexpr Bytes kIgnoreCase = "equals-ignore-case";

enum class Compare : uint8_t { kEqual, kGreater, kGreaterEqual, kLess, kLessEqual };

struct Bound {
  Compare compare;
  double value;
};

// One member of a leaf's array.
struct Test {
  enum class Is : uint8_t {
    kText,
    kTextIgnoringCase,
    kPrefix,
    kPrefixIgnoringCase,
    kSuffix,
    kSuffixIgnoringCase,
    kWildcard,
    kNumber,
    kBool,
    kNull,  // no record holds one
    kExists,
    kAnythingBut,  // none of `inner` holds
    kNumeric,      // all of `bounds` hold
  };
  Is is = Is::kNull;
  std::string text;
  double number = 0;
  bool flag = false;
  std::vector<Test> inner;
  std::vector<Bound> bounds;
};
using Tests = std::vector<Test>;

bool Holds(const Bound& bound, double value) {
  switch (bound.compare) {
    case Compare::kEqual:
      return value == bound.value;
    case Compare::kGreater:
      return value > bound.value;
    case Compare::kGreaterEqual:
      return value >= bound.value;
    case Compare::kLess:
      return value < bound.value;
    case Compare::kLessEqual:
      return value <= bound.value;
  }
  return false;
}

bool HoldsForText(const Test& test, Bytes text) {
  const Bytes wanted = test.text;
  switch (test.is) {
    case Test::Is::kText:
      return text == wanted;
    case Test::Is::kTextIgnoringCase:
      return EqualsIgnoreCase(text, wanted);
    case Test::Is::kPrefix:
      return text.starts_with(wanted);
    case Test::Is::kPrefixIgnoringCase:
      return EqualsIgnoreCase(text.substr(0, wanted.size()), wanted);
    case Test::Is::kSuffix:
      return text.ends_with(wanted);
    case Test::Is::kSuffixIgnoringCase:
      return text.size() >= wanted.size() && EqualsIgnoreCase(text.substr(text.size() - wanted.size()), wanted);
    case Test::Is::kWildcard:
      return MatchesWildcard(wanted, text);
    default:
      return false;
  }
}

// `node` is a leaf: a text, a number or a boolean.
bool HoldsForScalar(const Test& test, const EventNode& node) {
  if (test.is == Test::Is::kExists) return test.flag;
  if (test.is == Test::Is::kAnythingBut) {
    return std::none_of(test.inner.begin(), test.inner.end(), [&](const Test& t) { return HoldsForScalar(t, node); });
  }
  switch (node.kind()) {
    case Kind::kText: {
      std::string scratch;
      return HoldsForText(test, node.Text(&scratch));
    }
    case Kind::kNumber:
      if (test.is == Test::Is::kNumber) return node.number() == test.number;
      return test.is == Test::Is::kNumeric && std::all_of(test.bounds.begin(), test.bounds.end(),
                                                          [&](const Bound& b) { return Holds(b, node.number()); });
    case Kind::kBool:
      return test.is == Test::Is::kBool && node.flag() == test.flag;
    default:
      return false;
  }
}

bool HoldsForLeaf(const Tests& tests, const EventNode& node) {
  switch (node.kind()) {
    case Kind::kMissing:
      return std::any_of(tests.begin(), tests.end(),
                         [](const Test& t) { return t.is == Test::Is::kExists && !t.flag; });
    case Kind::kArray:
      return node.Any([&](const EventNode& element) { return HoldsForLeaf(tests, element); });
    case Kind::kObject:
      return false;
    default:
      return std::any_of(tests.begin(), tests.end(), [&](const Test& t) { return HoldsForScalar(t, node); });
  }
}

Error Invalid() { return Fail(errors::kFilterPatternInvalid); }

Result<Test> CompileScalar(json::Value value) {
  Test test;
  switch (value.kind()) {
    case json::Kind::kNull:
      test.is = Test::Is::kNull;
      return test;
    case json::Kind::kTrue:
    case json::Kind::kFalse:
      test.is = Test::Is::kBool;
      test.flag = value.boolean();
      return test;
    case json::Kind::kInteger:
    case json::Kind::kDouble:
      test.is = Test::Is::kNumber;
      test.number = value.real();
      return test;
    case json::Kind::kString:
      test.is = Test::Is::kText;
      test.text = value.text();
      return test;
    default:
      return Invalid();
  }
}

// The one member of a match object.
Result<json::Member> OnlyMember(json::Value object) {
  if (!object.is_object() || object.size() != 1) return Invalid();
  return *object.members().begin();
}

Result<Test> TextTest(Test::Is is, json::Value value) {
  if (!value.is_string()) return Invalid();
  Test test;
  test.is = is;
  test.text = value.text();
  if (is == Test::Is::kWildcard && !ValidWildcard(test.text)) return Invalid();
  return test;
}

// {"prefix": "x"} and {"prefix": {"equals-ignore-case": "x"}}.
Result<Test> EdgeTest(Test::Is exact, Test::Is ignoring_case, json::Value value) {
  if (value.is_string()) return TextTest(exact, value);
  STATOR_TRY(const json::Member inner, OnlyMember(value));
  if (inner.name != kIgnoreCase) return Invalid();
  return TextTest(ignoring_case, inner.value);
}

// {"prefix": …} and whatever else compares texts; these may stand under anything-but, too.
Result<Test> CompileTextMatch(const json::Member& match) {
  if (match.name == "prefix") return EdgeTest(Test::Is::kPrefix, Test::Is::kPrefixIgnoringCase, match.value);
  if (match.name == "suffix") return EdgeTest(Test::Is::kSuffix, Test::Is::kSuffixIgnoringCase, match.value);
  if (match.name == kIgnoreCase) return TextTest(Test::Is::kTextIgnoringCase, match.value);
  if (match.name == "wildcard") return TextTest(Test::Is::kWildcard, match.value);
  return Invalid();
}

Result<Test> CompileAnythingBut(json::Value value) {
  Test test;
  test.is = Test::Is::kAnythingBut;
  if (value.is_array()) {
    if (value.size() == 0) return Invalid();
    for (const json::Value element : value.elements()) {
      STATOR_TRY(Test inner, CompileScalar(element));
      test.inner.push_back(std::move(inner));
    }
    return test;
  }
  if (!value.is_object()) {
    STATOR_TRY(Test inner, CompileScalar(value));
    test.inner.push_back(std::move(inner));
    return test;
  }
  STATOR_TRY(const json::Member match, OnlyMember(value));
  if (!match.value.is_array()) {
    STATOR_TRY(Test inner, CompileTextMatch(match));
    test.inner.push_back(std::move(inner));
    return test;
  }
  if (match.value.size() == 0) return Invalid();
  for (const json::Value element : match.value.elements()) {  // {"anything-but": {"prefix": ["a", "b"]}}
    STATOR_TRY(Test inner, CompileTextMatch(json::Member{match.name, element}));
    test.inner.push_back(std::move(inner));
  }
  return test;
}

Result<Compare> CompileCompare(json::Value value) {
  static constexpr std::array<std::pair<Bytes, Compare>, 5> kNames{{{"=", Compare::kEqual},
                                                                    {">", Compare::kGreater},
                                                                    {">=", Compare::kGreaterEqual},
                                                                    {"<", Compare::kLess},
                                                                    {"<=", Compare::kLessEqual}}};
  for (const auto& [name, compare] : kNames) {
    if (value.is_string() && value.text() == name) return compare;
  }
  return Invalid();
}

// [">", 0, "<=", 5]: one comparison, or two.
Result<Test> CompileNumeric(json::Value value) {
  if (!value.is_array() || (value.size() != 2 && value.size() != 4)) return Invalid();
  Test test;
  test.is = Test::Is::kNumeric;
  Result<Compare> compare = Invalid();
  bool operand = false;
  for (const json::Value element : value.elements()) {
    if (!operand) {
      compare = CompileCompare(element);
      if (!compare.ok()) return compare.error();
    } else {
      if (!element.is_number()) return Invalid();
      test.bounds.push_back({*compare, element.real()});
    }
    operand = !operand;
  }
  return test;
}

Result<Test> CompileTest(json::Value value) {
  if (!value.is_object()) return CompileScalar(value);
  STATOR_TRY(const json::Member match, OnlyMember(value));
  if (match.name == "anything-but") return CompileAnythingBut(match.value);
  if (match.name == "numeric") return CompileNumeric(match.value);
  if (match.name != "exists") return CompileTextMatch(match);
  if (!match.value.is_bool()) return Invalid();
  Test test;
  test.is = Test::Is::kExists;
  test.flag = match.value.boolean();
  return test;
}

Result<Tests> CompileLeaf(json::Value array) {
  if (array.size() == 0) return Invalid();
  Tests tests;
  for (const json::Value element : array.elements()) {
    STATOR_TRY(Test test, CompileTest(element));
    tests.push_back(std::move(test));
  }
  return tests;
}

}  // namespace

struct FilterPattern::Branch {
  struct Rule {
    std::string name;
    Tests tests;                    // of a leaf
    std::unique_ptr<Branch> below;  // of an object
  };
  std::vector<Rule> rules;
  std::vector<std::vector<Branch>> alternatives;  // of each "$or": one must hold

  bool Holds(const EventNode& node) const;
};

bool FilterPattern::Branch::Holds(const EventNode& node) const {
  if (node.kind() == Kind::kArray) {
    return node.Any([&](const EventNode& element) { return Holds(element); });
  }
  const auto rule_holds = [&](const Rule& rule) {
    const EventNode member = node.Member(rule.name);
    return rule.below ? rule.below->Holds(member) : HoldsForLeaf(rule.tests, member);
  };
  const auto one_holds = [&](const std::vector<Branch>& branches) {
    return std::any_of(branches.begin(), branches.end(), [&](const Branch& branch) { return branch.Holds(node); });
  };
  return std::all_of(rules.begin(), rules.end(), rule_holds) &&
         std::all_of(alternatives.begin(), alternatives.end(), one_holds);
}

struct PatternCompiler {
  using Branch = FilterPattern::Branch;

  static Result<Branch> Object(json::Value object, int depth) {
    if (!object.is_object() || object.size() == 0 || depth > FilterPattern::kMaxDepth) return Invalid();
    Branch branch;
    for (const json::Member member : object.members()) STATOR_OK(AddRule(member, depth, &branch));
    return branch;
  }

  static Status AddRule(const json::Member& member, int depth, Branch* branch) {
    if (member.name == "$or") return AddAlternatives(member.value, depth, branch);
    Branch::Rule rule;
    rule.name = member.name;
    if (member.value.is_array()) {
      STATOR_TRY(rule.tests, CompileLeaf(member.value));
    } else {
      STATOR_TRY(Branch below, Object(member.value, depth + 1));
      rule.below = std::make_unique<Branch>(std::move(below));
    }
    branch->rules.push_back(std::move(rule));
    return {};
  }

  static Status AddAlternatives(json::Value value, int depth, Branch* branch) {
    if (!value.is_array() || value.size() == 0) return Invalid();
    std::vector<Branch> branches;
    for (const json::Value element : value.elements()) {
      STATOR_TRY(Branch one, Object(element, depth + 1));
      branches.push_back(std::move(one));
    }
    branch->alternatives.push_back(std::move(branches));
    return {};
  }
};

FilterPattern::FilterPattern(std::unique_ptr<const Branch> root) : root_(std::move(root)) {}
FilterPattern::FilterPattern(FilterPattern&&) noexcept = default;
FilterPattern& FilterPattern::operator=(FilterPattern&&) noexcept = default;
FilterPattern::~FilterPattern() = default;

Result<FilterPattern> FilterPattern::Compile(Bytes text) {
  if (text.size() > kMaxBytes) return Invalid();
  json::Document document;
  const auto parsed = document.Parse(text);
  if (!parsed.ok()) return Invalid();
  STATOR_TRY(Branch root, PatternCompiler::Object(*parsed, 1));
  return FilterPattern(std::make_unique<const Branch>(std::move(root)));
}

bool FilterPattern::Matches(const EventNode& record) const { return root_->Holds(record); }

Result<Filters> Filters::Compile(const std::vector<std::string>& patterns) {
  if (patterns.size() > kMaxFilters) return Fail(errors::kFiltersTooMany, static_cast<int64_t>(kMaxFilters));
  Filters filters;
  for (const std::string& text : patterns) {
    STATOR_TRY(FilterPattern pattern, FilterPattern::Compile(text));
    filters.patterns_.push_back(std::move(pattern));
  }
  return filters;
}

bool Filters::Pass(const streams::Stream& stream, const streams::Change& change) const {
  if (patterns_.empty()) return true;
  const EventNode record(stream, change);
  return std::any_of(patterns_.begin(), patterns_.end(), [&](const FilterPattern& p) { return p.Matches(record); });
}

}  // namespace stator::triggers
