// A condition seen as the parts that AND joins. Most statements select by key and need no condition at all, so tests
// are made when they are asked for, of the parts that are. Tests: condition_test.cc, random_test.cc.
#include "partiql/where.h"

#include <algorithm>

#include "base/check.h"
#include "expression/condition_binder.h"

namespace stator::partiql {

namespace internal {

// What the binder has accepted. The texts of its nodes are constants; its steps are no longer needed.
struct CheckedCondition {
  expression::internal::SyntaxTree tree;
  std::vector<expression::internal::BoundOperand> operands;  // their values lie in `tree`
  std::vector<expression::internal::NodeRange> parts;
};

}  // namespace internal

expression::KeyComparison Conjunct::AsKey() const {
  using Op = expression::KeyComparison::Op;
  STATOR_CHECK(comparison && values.size() == (op == Op::kBetween ? 2 : 1));
  return {attribute, op, values[0], values.size() > 1 ? values[1] : std::string()};
}

std::optional<expression::Condition> Where::Without(const std::vector<size_t>& used) const {
  std::vector<expression::internal::NodeRange> kept;
  for (size_t i = 0; i < conjuncts_.size(); ++i) {
    if (std::find(used.begin(), used.end(), i) == used.end()) kept.push_back(checked_->parts[i]);
  }
  if (kept.empty()) return std::nullopt;
  return expression::Condition(expression::internal::BuildCondition(checked_->tree, kept, checked_->operands));
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
  std::vector<uint32_t> waiting;
  parts.reserve(8);
  waiting.reserve(8);
  waiting.push_back(root);
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
  conjunct.values.reserve(node.count - 1);
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

}  // namespace

Result<Where> WhereMaker::Make(ConditionSyntax syntax) {
  auto checked = std::make_shared<CheckedCondition>();
  checked->tree = std::move(syntax.tree);
  const SyntaxTree& tree = checked->tree;
  expression::internal::BinderState state;
  STATOR_OK(expression::internal::CheckCondition(tree, syntax.root, state, &checked->operands));
  Where where;
  where.nested_ = std::move(state.nested);
  const std::vector<uint32_t> parts = PartsOf(tree, syntax.root, NodeKind::kAnd);
  checked->parts.reserve(parts.size());
  where.conjuncts_.reserve(parts.size());
  uint32_t first = 0;
  for (const uint32_t part : parts) {
    // The nodes between two parts are ANDs.
    while (tree.nodes[first].kind == NodeKind::kAnd) ++first;
    checked->parts.push_back({first, part});
    first = part + 1;
    const bool disjunction = tree.nodes[part].kind == NodeKind::kOr;
    where.conjuncts_.push_back(disjunction ? DescribeDisjunction(tree, part) : Describe(tree, part));
  }
  where.checked_ = std::move(checked);
  return where;
}

}  // namespace internal
}  // namespace stator::partiql
