// The service decides redundant parentheses, function names, misplaced functions and reserved words over the whole
// text; then, one comparison or function after the other, names and values, numbers of operands, distinct operands and
// types. Tests: condition_errors_test.cc.
#include "expression/condition_binder.h"

#include <algorithm>
#include <array>
#include <compare>

#include "errors/expression.h"

namespace stator::expression::internal {
namespace {

using item::Tag;
using item::ValueView;

struct Function {
  Bytes name;
  uint32_t operands;
};
constexpr std::array<Function, 6> kFunctions = {{
    {"attribute_exists", 1},
    {"attribute_not_exists", 1},
    {"attribute_type", 2},
    {"begins_with", 2},
    {"contains", 2},
    {"size", 1},
}};

const Function* FindFunction(Bytes name) {
  for (const Function& function : kFunctions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

bool IsSize(const SyntaxNode& node) { return node.kind == NodeKind::kCall && node.text == "size"; }
bool IsConnective(NodeKind kind) { return kind == NodeKind::kAnd || kind == NodeKind::kOr || kind == NodeKind::kNot; }
bool IsOrderedTag(Tag tag) { return tag == Tag::kString || tag == Tag::kNumber || tag == Tag::kBinary; }

class Checker {
 public:
  Checker(const SyntaxTree& syntax, uint32_t root, BinderState& state, std::vector<BoundOperand>& operands)
      : syntax_(syntax), root_(root), state_(state), operands_(operands) {
    operands_.resize(syntax.nodes.size());
  }

  Status Check() {
    STATOR_OK(CheckOperators(syntax_));
    if (syntax_.redundant_parentheses) return Fail(errors::kExpressionRedundantParentheses);
    STATOR_OK(CheckFunctionNames());
    STATOR_OK(CheckFunctionPlaces());
    STATOR_OK(CheckReserved(syntax_));
    return CheckTests();
  }

 private:
  Status CheckFunctionNames() const {
    for (const SyntaxNode& node : syntax_.nodes) {
      if (node.kind != NodeKind::kCall || FindFunction(node.text) != nullptr) continue;
      if (node.text == "if_not_exists" || node.text == "list_append") {
        return Fail(errors::kFunctionNotInCondition, node.text);
      }
      return Fail(errors::kFunctionUnknown, node.text);
    }
    return {};
  }

  // size() is an operand and never a condition; every other function is a condition and never an operand.
  Status CheckFunctionPlaces() const {
    for (const SyntaxNode& node : syntax_.nodes) {
      if (node.kind == NodeKind::kPath || IsValue(node)) continue;
      for (uint32_t i = 0; i < node.count; ++i) {
        const SyntaxNode& child = syntax_.ChildNode(node, i);
        if (child.kind == NodeKind::kCall && IsSize(child) == IsConnective(node.kind)) {
          return Fail(errors::kFunctionMisused, child.text);
        }
      }
    }
    if (IsSize(syntax_.nodes[root_])) return Fail(errors::kFunctionMisused, syntax_.nodes[root_].text);
    return {};
  }

  // A test's nodes follow one another and end with the test itself.
  Status CheckTests() {
    uint32_t first = 0;
    for (uint32_t i = 0; i < syntax_.nodes.size(); ++i) {
      const SyntaxNode& node = syntax_.nodes[i];
      const bool test = node.kind == NodeKind::kCompare || node.kind == NodeKind::kBetween ||
                        node.kind == NodeKind::kIn || (node.kind == NodeKind::kCall && !IsSize(node));
      if (test) STATOR_OK(CheckTest(first, i));
      if (test || IsConnective(node.kind)) first = i + 1;
    }
    return {};
  }

  Status CheckTest(uint32_t first, uint32_t last) {
    for (uint32_t i = first; i <= last; ++i) STATOR_OK(BindOperand(i));
    for (uint32_t i = first; i <= last; ++i) STATOR_OK(CheckCount(syntax_.nodes[i]));
    for (uint32_t i = first; i <= last; ++i) STATOR_OK(CheckDistinct(syntax_.nodes[i]));
    for (uint32_t i = first; i <= last; ++i) STATOR_OK(CheckTypes(syntax_.nodes[i]));
    return {};
  }

  Status BindOperand(uint32_t at) {
    const SyntaxNode& node = syntax_.nodes[at];
    BoundOperand& operand = operands_[at];
    if (node.kind == NodeKind::kPath) {
      operand.kind = BoundOperand::Kind::kPath;
      STATOR_TRY(operand.path, state_.BindPath(syntax_, node));
    } else if (IsValue(node)) {
      operand.kind = BoundOperand::Kind::kValue;
      STATOR_TRY(operand.value, state_.BindValue(syntax_, node));
    } else if (IsSize(node)) {
      const BoundOperand& of = operands_[syntax_.Child(node, 0)];
      operand.kind = BoundOperand::Kind::kSize;
      operand.path = of.path;
      operand.value = of.value;
    }
    return {};
  }

  static Status CheckCount(const SyntaxNode& node) {
    if (node.kind == NodeKind::kIn && node.count - 1 > kMaxInOperands) {
      return Fail(errors::kExpressionTooManyInOperands, uint64_t{node.count - 1});
    }
    if (node.kind == NodeKind::kCall && node.count != FindFunction(node.text)->operands) {
      return Fail(errors::kOperandCount, node.text, uint64_t{node.count});
    }
    return {};
  }

  Status CheckDistinct(const SyntaxNode& node) const {
    if (node.count != 2 || (node.kind != NodeKind::kCompare && node.kind != NodeKind::kCall)) return {};
    const BoundOperand& one = Argument(node, 0);
    const BoundOperand& two = Argument(node, 1);
    if (one.kind != BoundOperand::Kind::kPath || two.kind != BoundOperand::Kind::kPath || one.path != two.path)
      return {};
    return Fail(errors::kOperandsNotDistinct, node.text, PathText(one.path));
  }

  const BoundOperand& Argument(const SyntaxNode& node, uint32_t i) const { return operands_[syntax_.Child(node, i)]; }

  // What is known of an operand's type before any item is seen: nothing of a path's.
  static bool KnownType(const BoundOperand& operand, Tag* tag) {
    if (operand.kind == BoundOperand::Kind::kValue) *tag = operand.value.tag();
    if (operand.kind == BoundOperand::Kind::kSize) *tag = Tag::kNumber;
    return operand.kind == BoundOperand::Kind::kValue || operand.kind == BoundOperand::Kind::kSize;
  }

  Status CheckTypes(const SyntaxNode& node) const {
    switch (node.kind) {
      case NodeKind::kCall:
        return CheckCallTypes(node);
      case NodeKind::kBetween:
        STATOR_OK(CheckOrdered(node, "BETWEEN"));
        return CheckBounds(node);
      case NodeKind::kCompare:
        return node.text == "=" || node.text == "<>" || node.text == "!=" ? Status() : CheckOrdered(node, node.text);
      default:
        return {};
    }
  }

  Status CheckOrdered(const SyntaxNode& node, Bytes name) const {
    for (uint32_t i = 0; i < node.count; ++i) {
      Tag tag{};
      if (KnownType(Argument(node, i), &tag) && !IsOrderedTag(tag)) {
        return Fail(errors::kOperatorOperandType, name, item::TypeName(tag));
      }
    }
    return {};
  }

  Status CheckBounds(const SyntaxNode& node) const {
    const BoundOperand& lower = Argument(node, 1);
    const BoundOperand& upper = Argument(node, 2);
    if (lower.kind != BoundOperand::Kind::kValue || upper.kind != BoundOperand::Kind::kValue) return {};
    const auto order = item::CompareSameType(lower.value, upper.value);
    if (order && std::is_lteq(*order)) return {};
    return Fail(order ? errors::kBetweenBoundsReversed : errors::kBetweenBoundTypes, ValueText(lower.value),
                ValueText(upper.value));
  }

  Status CheckCallTypes(const SyntaxNode& node) const {
    const BoundOperand& first = Argument(node, 0);
    if (node.text == "attribute_exists" || node.text == "attribute_not_exists") {
      if (first.kind != BoundOperand::Kind::kPath) return Fail(errors::kOperandNeedsPath, node.text);
      return {};
    }
    if (node.text == "attribute_type") return CheckTypeName(node.text, Argument(node, 1));
    if (node.text == "begins_with") {
      for (uint32_t i = 0; i < 2; ++i) {
        STATOR_OK(CheckFunctionType(node.text, Argument(node, i), {Tag::kString, Tag::kBinary}));
      }
      return {};
    }
    if (node.text == "size") {
      return CheckFunctionType(
          node.text, first,
          {Tag::kString, Tag::kBinary, Tag::kList, Tag::kMap, Tag::kStringSet, Tag::kNumberSet, Tag::kBinarySet});
    }
    return CheckFunctionType(
        node.text, first, {Tag::kString, Tag::kBinary, Tag::kList, Tag::kStringSet, Tag::kNumberSet, Tag::kBinarySet});
  }

  static Status CheckFunctionType(Bytes function, const BoundOperand& operand, std::initializer_list<Tag> allowed) {
    Tag tag{};
    if (!KnownType(operand, &tag) || std::find(allowed.begin(), allowed.end(), tag) != allowed.end()) return {};
    return Fail(errors::kFunctionOperandType, function, item::TypeName(tag));
  }

  static Status CheckTypeName(Bytes function, const BoundOperand& type) {
    Tag tag{};
    if (!KnownType(type, &tag)) {
      return Fail(errors::kFunctionOperandType, function, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
    }
    if (tag != Tag::kString) return Fail(errors::kFunctionOperandType, function, item::TypeName(tag));
    for (uint8_t known = 0; known <= static_cast<uint8_t>(Tag::kBinarySet); ++known) {
      if (item::TypeName(static_cast<Tag>(known)) == type.value.bytes()) return {};
    }
    return Fail(errors::kAttributeTypeUnknown, type.value.bytes());
  }

  const SyntaxTree& syntax_;
  const uint32_t root_;
  BinderState& state_;
  std::vector<BoundOperand>& operands_;
};

TestOp OpOf(const SyntaxNode& node) {
  struct Named {
    Bytes text;
    TestOp op;
  };
  static constexpr Named kNamed[] = {
      {"=", TestOp::kEqual},
      {"<>", TestOp::kNotEqual},
      {"!=", TestOp::kDiffers},
      {"<", TestOp::kLess},
      {"<=", TestOp::kLessOrEqual},
      {">", TestOp::kGreater},
      {">=", TestOp::kGreaterOrEqual},
      {"attribute_exists", TestOp::kExists},
      {"attribute_not_exists", TestOp::kNotExists},
      {"attribute_type", TestOp::kHasType},
      {"begins_with", TestOp::kBeginsWith},
      {"contains", TestOp::kContains},
  };
  if (node.kind == NodeKind::kBetween) return TestOp::kBetween;
  if (node.kind == NodeKind::kIn) return TestOp::kIn;
  for (const Named& named : kNamed) {
    if (named.text == node.text) return named.op;
  }
  STATOR_CHECK(false);
  return TestOp::kEqual;
}

// Takes the operand's path.
Operand AddOperand(BoundOperand& operand, ConditionBuilder& builder) {
  if (operand.kind == BoundOperand::Kind::kPath) return builder.AddPath(std::move(operand.path));
  if (operand.kind == BoundOperand::Kind::kValue) return builder.AddLiteral(operand.value);
  if (!operand.path.empty()) return builder.AddSize(std::move(operand.path));
  int64_t size = 0;
  STATOR_CHECK(SizeOf(operand.value, &size));
  std::string encoded;
  item::AppendNumber(&encoded, item::Number::FromInt(size));
  return builder.AddLiteral(ValueView(encoded));
}

// Makes the tests of checked conditions.
class Builder {
 public:
  Builder(const SyntaxTree& syntax, std::vector<BoundOperand>& operands)
      : syntax_(syntax), operands_(operands), built_(syntax.nodes.size()) {}

  ConditionBuilder::Node Build(NodeRange condition) {
    for (uint32_t i = condition.first; i <= condition.root; ++i) BuildNode(i);
    return built_[condition.root];
  }
  ConditionBuilder::Node And(ConditionBuilder::Node left, ConditionBuilder::Node right) {
    return builder_.And(left, right);
  }
  std::shared_ptr<const ConditionTree> Finish(ConditionBuilder::Node root) { return builder_.Finish(root); }

 private:
  void BuildNode(uint32_t i) {
    const SyntaxNode& node = syntax_.nodes[i];
    const auto child = [&](uint32_t which) { return built_[syntax_.Child(node, which)]; };
    switch (node.kind) {
      case NodeKind::kPath:
      case NodeKind::kValue:
      case NodeKind::kLiteral:
      case NodeKind::kSum:
        break;
      case NodeKind::kNot:
        built_[i] = builder_.Not(child(0));
        break;
      case NodeKind::kAnd:
        built_[i] = builder_.And(child(0), child(1));
        break;
      case NodeKind::kOr:
        built_[i] = builder_.Or(child(0), child(1));
        break;
      default:
        if (!IsSize(node)) BuildTest(i);
    }
  }

  void BuildTest(uint32_t i) {
    const SyntaxNode& node = syntax_.nodes[i];
    arguments_.clear();
    for (uint32_t k = 0; k < node.count; ++k) {
      arguments_.push_back(AddOperand(operands_[syntax_.Child(node, k)], builder_));
    }
    built_[i] = builder_.AddTest(OpOf(node), arguments_);
  }

  const SyntaxTree& syntax_;
  std::vector<BoundOperand>& operands_;
  ConditionBuilder builder_;
  std::vector<ConditionBuilder::Node> built_;  // by syntax node
  std::vector<Operand> arguments_;
};

}  // namespace

Status CheckCondition(const SyntaxTree& syntax, uint32_t root, BinderState& state,
                      std::vector<BoundOperand>* operands) {
  return Checker(syntax, root, state, *operands).Check();
}

std::shared_ptr<const ConditionTree> BuildCondition(const SyntaxTree& syntax, std::span<const NodeRange> conditions,
                                                    std::vector<BoundOperand> operands) {
  Builder builder(syntax, operands);
  ConditionBuilder::Node root = builder.Build(conditions[0]);
  for (const NodeRange& condition : conditions.subspan(1)) root = builder.And(root, builder.Build(condition));
  return builder.Finish(root);
}

Result<std::shared_ptr<const ConditionTree>> BindCondition(const SyntaxTree& syntax, uint32_t root,
                                                           BinderState& state) {
  std::vector<BoundOperand> operands;
  STATOR_OK(CheckCondition(syntax, root, state, &operands));
  const NodeRange whole[] = {{0, root}};
  return BuildCondition(syntax, whole, std::move(operands));
}

}  // namespace stator::expression::internal
