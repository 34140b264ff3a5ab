// KeyConditionExpression: the grammar and the checks of a condition, then the narrower shape of a key condition, then
// the key schema. Tests: key_condition_test.cc.
#include <algorithm>

#include "errors/expression.h"
#include "errors/table.h"
#include "expression/binder_state.h"
#include "expression/condition_binder.h"
#include "expression/expression.h"
#include "expression/operator_parser.h"

namespace stator::expression {
namespace internal {
namespace {

using item::Tag;
using item::ValueView;
using Op = KeyComparison::Op;

constexpr Bytes kParameter = "KeyConditionExpression";
constexpr size_t kMaxHashBytes = 2048;
constexpr size_t kMaxRangeBytes = 1024;

struct Comparator {
  Bytes text;
  Op op;
  Op turned;  // when the value stands on the left
};
constexpr Comparator kComparators[] = {
    {"=", Op::kEqual, Op::kEqual},
    {"<", Op::kLess, Op::kGreater},
    {"<=", Op::kLessOrEqual, Op::kGreaterOrEqual},
    {">", Op::kGreater, Op::kLess},
    {">=", Op::kGreaterOrEqual, Op::kLessOrEqual},
};

// Takes a checked condition apart into its comparisons.
class Splitter {
 public:
  Splitter(const SyntaxTree& syntax, const std::vector<BoundOperand>& operands)
      : syntax_(syntax), operands_(operands) {}

  // From the top down, left to right.
  Result<std::vector<KeyComparison>> Split(uint32_t root) {
    std::vector<uint32_t> waiting = {root};
    while (!waiting.empty()) {
      const SyntaxNode& node = syntax_.nodes[waiting.back()];
      waiting.pop_back();
      if (node.kind == NodeKind::kAnd) {
        waiting.push_back(syntax_.Child(node, 1));
        waiting.push_back(syntax_.Child(node, 0));
      } else {
        STATOR_OK(Take(node));
      }
    }
    return std::move(comparisons_);
  }

 private:
  Status Take(const SyntaxNode& node) {
    switch (node.kind) {
      case NodeKind::kOr:
        return Fail(errors::kKeyConditionOperator, "OR");
      case NodeKind::kNot:
        return Fail(errors::kKeyConditionOperator, "NOT");
      case NodeKind::kIn:
        return Fail(errors::kKeyConditionOperator, "IN");
      case NodeKind::kBetween:
        STATOR_OK(NeedsNameFirst(node, "BETWEEN"));
        return TakeNamed(node, Op::kBetween);
      case NodeKind::kCall:
        if (node.text != "begins_with") return Fail(errors::kKeyConditionOperator, node.text);
        STATOR_OK(NeedsNameFirst(node, node.text));
        return TakeNamed(node, Op::kBeginsWith);
      default:
        break;
    }
    for (const Comparator& comparator : kComparators) {
      if (comparator.text == node.text) {
        return TakeNamed(node, IsName(Argument(node, 0)) ? comparator.op : comparator.turned);
      }
    }
    return Fail(errors::kKeyConditionOperator, node.text);
  }

  static bool IsName(const BoundOperand& operand) { return operand.kind == BoundOperand::Kind::kPath; }
  const BoundOperand& Argument(const SyntaxNode& node, uint32_t i) const { return operands_[syntax_.Child(node, i)]; }

  Status NeedsNameFirst(const SyntaxNode& node, Bytes text) const {
    if (IsName(Argument(node, 0))) return {};
    return Fail(errors::kKeyConditionFirstOperand, text);
  }

  Status TakeNamed(const SyntaxNode& node, Op op) {
    KeyComparison comparison{{}, op, {}, {}};
    bool named = false;
    for (uint32_t i = 0; i < node.count; ++i) {
      const BoundOperand& operand = Argument(node, i);
      if (operand.kind == BoundOperand::Kind::kSize) return Fail(errors::kKeyConditionNested);
      if (operand.kind == BoundOperand::Kind::kPath) {
        if (named) return Fail(errors::kKeyConditionTwoNames);
        if (operand.path.size() > 1) return Fail(errors::kKeyConditionNestedPath);
        comparison.attribute = operand.path[0].name;
        named = true;
      } else {
        (comparison.value.empty() ? comparison.value : comparison.value2) = operand.value.encoded();
      }
    }
    if (!named) return Fail(errors::kKeyConditionNoName);
    for (const KeyComparison& earlier : comparisons_) {
      if (earlier.attribute == comparison.attribute) return Fail(errors::kKeyConditionRepeated);
    }
    comparisons_.push_back(std::move(comparison));
    return {};
  }

  const SyntaxTree& syntax_;
  const std::vector<BoundOperand>& operands_;
  std::vector<KeyComparison> comparisons_;
};

Status ParseAndCheck(Bytes text, BinderState& state, SyntaxTree* syntax, uint32_t* root,
                     std::vector<BoundOperand>* operands) {
  Lexer lexer(text, Grammar::kCondition);
  STATOR_OK(ParseConditionSyntax(lexer, *syntax, root));
  return CheckCondition(*syntax, *root, state, operands);
}

Status CheckKeyValue(const KeyAttribute& attribute, ValueView value, bool hash) {
  if (attribute.type == Tag::kNumber) return {};
  const size_t size = value.bytes().size();
  if (size == 0) {
    return Fail(errors::kEmptyKey, attribute.type == Tag::kString ? "string" : "binary", attribute.name);
  }
  if (hash && size > kMaxHashBytes) return Fail(errors::kHashKeyTooLong);
  if (!hash && size > kMaxRangeBytes) return Fail(errors::kRangeKeyTooLong);
  return {};
}

Status CheckKeyValues(const KeyAttribute& attribute, const KeyComparison& comparison, bool hash) {
  for (const std::string* value : {&comparison.value, &comparison.value2}) {
    if (!value->empty() && ValueView(*value).tag() != attribute.type) return Fail(errors::kKeyConditionType);
  }
  if (hash && comparison.op != Op::kEqual) return Fail(errors::kKeyConditionUnsupported);
  if (comparison.op == Op::kBeginsWith && attribute.type == Tag::kNumber) {
    return Fail(errors::kKeyConditionNotIndexable);
  }
  for (const std::string* value : {&comparison.value, &comparison.value2}) {
    if (!value->empty()) STATOR_OK(CheckKeyValue(attribute, ValueView(*value), hash));
  }
  return {};
}

}  // namespace
}  // namespace internal

Result<std::vector<KeyComparison>> ParseKeyCondition(Bytes text, Binder& binder) {
  STATOR_OK(internal::CheckText(internal::kParameter, text));
  internal::SyntaxTree syntax;
  uint32_t root = 0;
  std::vector<internal::BoundOperand> operands;
  Status checked = internal::ParseAndCheck(text, binder.state(), &syntax, &root, &operands);
  if (!checked.ok()) return internal::InParameter(internal::kParameter, std::move(checked).error());
  return internal::Splitter(syntax, operands).Split(root);
}

Result<BoundKey> BindKey(std::vector<KeyComparison> comparisons, const std::vector<KeyAttribute>& hash,
                         const std::vector<KeyAttribute>& range, bool /*legacy*/) {
  if (comparisons.empty() || comparisons.size() > std::max<size_t>(2, hash.size() + range.size())) {
    return Fail(errors::kKeyConditionCount);
  }
  if (comparisons.size() > hash.size() + range.size()) return Fail(errors::kKeyConditionUnsupported);
  const auto take = [&](const KeyAttribute& attribute) {
    return std::find_if(comparisons.begin(), comparisons.end(),
                        [&](const KeyComparison& comparison) { return comparison.attribute == attribute.name; });
  };
  BoundKey key;
  for (const KeyAttribute& attribute : hash) {
    const auto found = take(attribute);
    if (found == comparisons.end()) return Fail(errors::kKeyConditionMissing, attribute.name);
    STATOR_OK(internal::CheckKeyValues(attribute, *found, true));
    key.hash.push_back(std::move(found->value));
    comparisons.erase(found);
  }
  for (const KeyAttribute& attribute : range) {
    if (comparisons.empty()) break;
    const auto found = take(attribute);
    if (found == comparisons.end()) return Fail(errors::kKeyConditionMissing, attribute.name);
    STATOR_OK(internal::CheckKeyValues(attribute, *found, false));
    // Only the last range attribute that is named may be anything but equal.
    if (!key.range.empty() && key.range.back().op != KeyComparison::Op::kEqual) {
      return Fail(errors::kKeyConditionUnsupported);
    }
    key.range.push_back(std::move(*found));
    comparisons.erase(found);
  }
  if (!comparisons.empty()) return Fail(errors::kKeyConditionUnsupported);
  return key;
}

}  // namespace stator::expression
