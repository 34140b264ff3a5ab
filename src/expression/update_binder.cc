// The service decides reserved words, function names and repeated sections over the whole text, then names, values and
// overlapping paths, then the types of ADD and DELETE, then the operands of functions. Tests: update_errors_test.cc.
#include "expression/update_binder.h"

#include <algorithm>
#include <numeric>

#include "errors/expression.h"

namespace stator::expression::internal {
namespace {

using item::Tag;

constexpr Bytes kConditionFunctions[] = {
    "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size"};

class UpdateBinder {
 public:
  UpdateBinder(const UpdateSyntax& syntax, BinderState& state)
      : syntax_(syntax), nodes_(syntax.tree.nodes), state_(state), tree_(std::make_shared<UpdateTree>()) {}

  Result<std::shared_ptr<const UpdateTree>> Bind() {
    STATOR_OK(CheckOperators(syntax_.tree));
    STATOR_OK(CheckReserved(syntax_.tree));
    STATOR_OK(CheckFunctionNames());
    STATOR_OK(CheckSections());
    STATOR_OK(BindPaths());
    STATOR_OK(BindValues());
    std::vector<Path> targets;
    targets.reserve(syntax_.actions.size());
    for (const SyntaxAction& action : syntax_.actions) targets.push_back(std::move(paths_[action.path]));
    STATOR_OK(CheckClashes(targets));
    STATOR_OK(CheckAddAndDelete());
    STATOR_OK(BuildValues());
    BuildActions();
    tree_->Arrange(std::move(targets));
    return std::shared_ptr<const UpdateTree>(std::move(tree_));
  }

 private:
  Status CheckFunctionNames() const {
    for (const SyntaxNode& node : nodes_) {
      if (node.kind != NodeKind::kCall || node.text == "if_not_exists" || node.text == "list_append") continue;
      const auto* end = std::end(kConditionFunctions);
      const bool known = std::find(std::begin(kConditionFunctions), end, node.text) != end;
      return Fail(known ? errors::kFunctionNotInUpdate : errors::kFunctionUnknown, node.text);
    }
    return {};
  }

  Status CheckSections() const {
    for (size_t i = 0; i < syntax_.sections.size(); ++i) {
      const auto here = syntax_.sections.begin() + static_cast<std::ptrdiff_t>(i);
      if (std::find(syntax_.sections.begin(), here, *here) == here) continue;
      return Fail(errors::kUpdateSectionRepeated, SectionName(*here));
    }
    return {};
  }

  Status BindPaths() {
    paths_.resize(nodes_.size());
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].kind != NodeKind::kPath) continue;
      STATOR_TRY(paths_[i], state_.BindPath(syntax_.tree, nodes_[i]));
    }
    return {};
  }

  Status BindValues() {
    literals_.resize(nodes_.size());
    for (size_t i = 0; i < nodes_.size(); ++i) {
      if (!IsValue(nodes_[i])) continue;
      STATOR_TRY(literals_[i], state_.BindValue(syntax_.tree, nodes_[i]));
    }
    return {};
  }

  Status CheckAddAndDelete() const {
    static constexpr Bytes kLongNames[] = {"NULL", "BOOLEAN", "BOOLEAN", "NUMBER", "STRING", "BINARY", "LIST", "MAP"};
    for (const SyntaxAction& action : syntax_.actions) {
      if (action.section != Section::kAdd && action.section != Section::kDelete) continue;
      const Tag tag = literals_[action.value].tag();
      if (item::IsSet(tag) || (tag == Tag::kNumber && action.section == Section::kAdd)) continue;
      return Fail(errors::kOperatorOperandType, SectionName(action.section), kLongNames[static_cast<size_t>(tag)]);
    }
    return {};
  }

  // The nodes that are values of SET, in order, each checked as it is reached.
  Status BuildValues() {
    value_of_.resize(nodes_.size());
    std::vector<bool> plain(nodes_.size());  // a target, or the value of ADD or DELETE
    for (const SyntaxAction& action : syntax_.actions) {
      plain[action.path] = true;
      if (action.section == Section::kAdd || action.section == Section::kDelete) plain[action.value] = true;
    }
    for (uint32_t i = 0; i < nodes_.size(); ++i) {
      if (!plain[i]) STATOR_OK(BuildValue(i));
    }
    return {};
  }

  Status BuildValue(uint32_t at) {
    const SyntaxNode& node = nodes_[at];
    switch (node.kind) {
      case NodeKind::kPath:
        AddValue(at, {UpdateValue::Kind::kPath, AddOperand(at)});
        return {};
      case NodeKind::kValue:
      case NodeKind::kLiteral:
        AddValue(at, {UpdateValue::Kind::kLiteral, AddLiteral(at)});
        return {};
      case NodeKind::kSum:
        STATOR_OK(CheckOperands(node, Tag::kNumber));
        AddValue(at, {node.text == "+" ? UpdateValue::Kind::kAdd : UpdateValue::Kind::kSubtract, ValueOf(node, 0),
                      ValueOf(node, 1)});
        return {};
      default:
        return BuildCall(at);
    }
  }

  Status BuildCall(uint32_t at) {
    const SyntaxNode& node = nodes_[at];
    if (node.count != 2) return Fail(errors::kOperandCount, node.text, uint64_t{node.count});
    if (node.text == "list_append") {
      STATOR_OK(CheckOperands(node, Tag::kList));
      AddValue(at, {UpdateValue::Kind::kListAppend, ValueOf(node, 0), ValueOf(node, 1)});
      return {};
    }
    if (syntax_.tree.ChildNode(node, 0).kind != NodeKind::kPath) return Fail(errors::kOperandNeedsPath, node.text);
    // Its first operand was reached as a value that reads the path.
    const UpdateValue& read = tree_->values[ValueOf(node, 0)];
    AddValue(at, {UpdateValue::Kind::kIfNotExists, read.a, ValueOf(node, 1)});
    return {};
  }

  // Literal operands must be of that type; what a path or function gives is known only when it is applied.
  Status CheckOperands(const SyntaxNode& node, Tag wanted) const {
    for (uint32_t i = 0; i < node.count; ++i) {
      const uint32_t child = syntax_.tree.Child(node, i);
      if (!IsValue(nodes_[child]) || literals_[child].tag() == wanted) continue;
      return Fail(errors::kFunctionOperandType, node.text, item::TypeName(literals_[child].tag()));
    }
    return {};
  }

  void BuildActions() {
    static constexpr UpdateAction::Kind kKinds[kSections] = {UpdateAction::Kind::kSet, UpdateAction::Kind::kRemove,
                                                             UpdateAction::Kind::kAdd, UpdateAction::Kind::kDelete};
    for (const SyntaxAction& action : syntax_.actions) {
      uint32_t value = 0;
      if (action.section == Section::kSet) value = value_of_[action.value];
      if (action.section == Section::kAdd || action.section == Section::kDelete) value = AddLiteral(action.value);
      const auto path = static_cast<uint32_t>(tree_->actions.size());
      tree_->actions.push_back({kKinds[static_cast<size_t>(action.section)], path, value});
    }
  }

  uint32_t ValueOf(const SyntaxNode& node, uint32_t i) const { return value_of_[syntax_.tree.Child(node, i)]; }
  void AddValue(uint32_t at, UpdateValue value) {
    value_of_[at] = static_cast<uint32_t>(tree_->values.size());
    tree_->values.push_back(value);
  }
  uint32_t AddOperand(uint32_t at) {
    tree_->operands.push_back(std::move(paths_[at]));
    return static_cast<uint32_t>(tree_->operands.size() - 1);
  }
  uint32_t AddLiteral(uint32_t at) {
    tree_->literals.emplace_back(literals_[at].encoded());
    return static_cast<uint32_t>(tree_->literals.size() - 1);
  }

  const UpdateSyntax& syntax_;
  const std::vector<SyntaxNode>& nodes_;
  BinderState& state_;
  std::shared_ptr<UpdateTree> tree_;
  // Per syntax node.
  std::vector<Path> paths_;
  std::vector<item::ValueView> literals_;
  std::vector<uint32_t> value_of_;
};

}  // namespace

void UpdateTree::Arrange(std::vector<Path> target_paths) {
  targets = ProjectionTree(std::move(target_paths));
  by_name.resize(actions.size());
  std::iota(by_name.begin(), by_name.end(), 0);
  std::stable_sort(by_name.begin(), by_name.end(),
                   [&](uint32_t a, uint32_t b) { return TargetOf(actions[a])[0].name < TargetOf(actions[b])[0].name; });
}

Result<std::shared_ptr<const UpdateTree>> BindUpdate(const UpdateSyntax& syntax, BinderState& state) {
  return UpdateBinder(syntax, state).Bind();
}

}  // namespace stator::expression::internal
