// A condition seen as the parts that AND joins. Its tree is a list of tests with exits; those of one part lie together,
// go on to the next part when it holds and reject when it does not, so parts are taken out and joined by moving exits.
// Tests: where_test.cc.
#include "partiql/where.h"

#include <algorithm>

#include "base/check.h"
#include "expression/condition_binder.h"

namespace stator::partiql {

namespace {

using expression::internal::ConditionTree;
using expression::internal::Operand;
using expression::internal::Test;

// Appends tests of one tree to another, with the operands they need.
void CopyTest(const ConditionTree& from, const Test& test, ConditionTree& to) {
  Test& copy = to.tests.emplace_back(test);
  copy.first = static_cast<uint32_t>(to.operands.size());
  for (uint32_t i = 0; i < test.count; ++i) {
    Operand operand = from.operands[test.first + i];
    if (operand.kind == Operand::Kind::kLiteral) {
      to.literals.push_back(from.literals[operand.index]);
      operand.index = static_cast<uint32_t>(to.literals.size() - 1);
    } else {
      to.paths.push_back(from.paths[operand.index]);
      operand.index = static_cast<uint32_t>(to.paths.size() - 1);
    }
    to.operands.push_back(operand);
  }
}

}  // namespace

expression::KeyComparison Conjunct::AsKey() const {
  using Op = expression::KeyComparison::Op;
  STATOR_CHECK(comparison && values.size() == (op == Op::kBetween ? 2 : 1));
  return {attribute, op, values[0], values.size() > 1 ? values[1] : std::string()};
}

std::optional<expression::Condition> Where::Without(const std::vector<size_t>& used) const {
  if (used.empty()) return tree_ == nullptr ? std::nullopt : std::optional(expression::Condition(tree_));
  auto tree = std::make_shared<ConditionTree>();
  for (size_t i = 0; i < conjuncts_.size(); ++i) {
    if (std::find(used.begin(), used.end(), i) != used.end()) continue;
    const auto [first, count] = tests_[i];
    const auto start = static_cast<uint32_t>(tree->tests.size());
    const uint32_t next = start + count;
    const auto moved = [&, begin = first, size = count](uint32_t exit) {
      if (exit >= begin && exit < begin + size) return exit - begin + start;
      return exit == ConditionTree::kReject ? exit : next;
    };
    for (uint32_t at = first; at < first + count; ++at) {
      CopyTest(*tree_, tree_->tests[at], *tree);
      tree->tests.back().if_true = moved(tree_->tests[at].if_true);
      tree->tests.back().if_false = moved(tree_->tests[at].if_false);
    }
  }
  if (tree->tests.empty()) return std::nullopt;
  const auto end = static_cast<uint32_t>(tree->tests.size());
  for (Test& test : tree->tests) {
    if (test.if_true == end) test.if_true = ConditionTree::kAccept;
    if (test.if_false == end) test.if_false = ConditionTree::kAccept;
  }
  tree->start = 0;
  return expression::Condition(std::move(tree));
}

namespace internal {
namespace {

using expression::KeyComparison;
using expression::internal::NodeKind;
using expression::internal::SyntaxNode;
using expression::internal::SyntaxTree;

using Op = KeyComparison::Op;

// The parts that operators of that kind join below a node, from left to right.
std::vector<uint32_t> PartsOf(const SyntaxTree& tree, uint32_t root, NodeKind joint) {
  std::vector<uint32_t> parts;
  std::vector<uint32_t> waiting = {root};
  while (!waiting.empty()) {
    const uint32_t at = waiting.back();
    waiting.pop_back();
    if (tree.nodes[at].kind == joint) {
      waiting.push_back(tree.Child(tree.nodes[at], 1));
      waiting.push_back(tree.Child(tree.nodes[at], 0));
    } else {
      parts.push_back(at);
    }
  }
  return parts;
}

bool IsName(const SyntaxNode& node) { return node.kind == NodeKind::kPath && node.count == 1; }

// What a comparison says of its attribute.
std::optional<Op> OpOf(Bytes text, bool reversed) {
  if (text == "=") return Op::kEqual;
  if (text == "<") return reversed ? Op::kGreater : Op::kLess;
  if (text == "<=") return reversed ? Op::kGreaterOrEqual : Op::kLessOrEqual;
  if (text == ">") return reversed ? Op::kLess : Op::kGreater;
  if (text == ">=") return reversed ? Op::kLessOrEqual : Op::kGreaterOrEqual;
  return std::nullopt;
}

std::optional<Op> OpOf(const SyntaxNode& node, bool reversed) {
  switch (node.kind) {
    case NodeKind::kCompare:
      return OpOf(node.text, reversed);
    case NodeKind::kBetween:
      return Op::kBetween;
    case NodeKind::kIn:
      return Op::kEqual;
    case NodeKind::kCall:
      return node.text == "begins_with" ? std::optional(Op::kBeginsWith) : std::nullopt;
    default:
      return std::nullopt;
  }
}

Conjunct Describe(const SyntaxTree& tree, uint32_t at) {
  const SyntaxNode& node = tree.nodes[at];
  Conjunct conjunct;
  const bool test = node.kind == NodeKind::kCompare || node.kind == NodeKind::kBetween || node.kind == NodeKind::kIn ||
                    node.kind == NodeKind::kCall;
  if (!test || node.count < 2) return conjunct;
  const bool reversed = node.kind == NodeKind::kCompare && !IsName(tree.ChildNode(node, 0));
  const uint32_t name = reversed ? 1 : 0;
  const std::optional<Op> op = OpOf(node, reversed);
  if (!op || !IsName(tree.ChildNode(node, name))) return conjunct;
  for (uint32_t i = 0; i < node.count; ++i) {
    if (i == name) continue;
    const SyntaxNode& operand = tree.ChildNode(node, i);
    if (operand.kind != NodeKind::kLiteral) return {};
    conjunct.values.push_back(tree.literals[operand.first]);
  }
  conjunct.attribute = tree.steps[tree.ChildNode(node, name).first].text;
  conjunct.op = *op;
  conjunct.comparison = true;
  return conjunct;
}

// a = 1 OR a IN [2, 3] is a IN [1, 2, 3].
Conjunct DescribeDisjunction(const SyntaxTree& tree, uint32_t at) {
  Conjunct all;
  for (const uint32_t part : PartsOf(tree, at, NodeKind::kOr)) {
    Conjunct one = Describe(tree, part);
    if (!one.comparison || one.op != Op::kEqual) return {};
    if (all.comparison && all.attribute != one.attribute) return {};
    all.comparison = true;
    all.attribute = std::move(one.attribute);
    all.values.insert(all.values.end(), one.values.begin(), one.values.end());
  }
  return all;
}

bool IsTest(const SyntaxNode& node) {
  return node.kind == NodeKind::kCompare || node.kind == NodeKind::kBetween || node.kind == NodeKind::kIn ||
         (node.kind == NodeKind::kCall && node.text != "size");
}

}  // namespace

Result<Where> WhereMaker::Make(const ConditionSyntax& syntax) {
  Where where;
  expression::internal::BinderState state;
  STATOR_TRY(where.tree_, expression::internal::BindCondition(syntax.tree, syntax.root, state));
  where.nested_ = std::move(state.nested);
  // Nodes of one part follow one another, and so do its tests.
  uint32_t node = 0;
  uint32_t test = 0;
  for (const uint32_t part : PartsOf(syntax.tree, syntax.root, NodeKind::kAnd)) {
    const bool disjunction = syntax.tree.nodes[part].kind == NodeKind::kOr;
    where.conjuncts_.push_back(disjunction ? DescribeDisjunction(syntax.tree, part) : Describe(syntax.tree, part));
    const uint32_t first = test;
    for (; node <= part; ++node) test += IsTest(syntax.tree.nodes[node]) ? 1 : 0;
    where.tests_.push_back({first, test - first});
  }
  return where;
}

}  // namespace internal
}  // namespace stator::partiql
