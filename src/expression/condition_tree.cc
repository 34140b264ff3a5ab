#include "expression/condition_tree.h"

#include "base/check.h"

namespace stator::expression::internal {

namespace {

// The manual's "length of the string" is counted as Java counts it: a character beyond the basic plane, which has four
// bytes here, is two. (The manual does not say so; peers that were measured against AWS agree on it.)
int Utf16UnitsBegunBy(uint8_t byte) {
  if ((byte & 0xc0) == 0x80) return 0;
  return byte >= 0xf0 ? 2 : 1;
}

}  // namespace

bool SizeOf(item::ValueView value, int64_t* size) {
  switch (value.tag()) {
    case item::Tag::kString: {
      *size = 0;
      for (const char c : value.bytes()) *size += Utf16UnitsBegunBy(static_cast<uint8_t>(c));
      return true;
    }
    case item::Tag::kBinary:
      *size = static_cast<int64_t>(value.bytes().size());
      return true;
    case item::Tag::kList:
      *size = static_cast<int64_t>(value.list().count());
      return true;
    case item::Tag::kMap:
      *size = static_cast<int64_t>(value.map().count());
      return true;
    case item::Tag::kNumberSet:
    case item::Tag::kStringSet:
    case item::Tag::kBinarySet:
      *size = static_cast<int64_t>(value.set().count());
      return true;
    default:
      return false;
  }
}

Operand ConditionBuilder::AddPath(Path path) {
  tree_->paths.push_back(std::move(path));
  return {Operand::Kind::kPath, static_cast<uint32_t>(tree_->paths.size() - 1)};
}

Operand ConditionBuilder::AddSize(Path path) {
  Operand operand = AddPath(std::move(path));
  operand.kind = Operand::Kind::kSize;
  return operand;
}

Operand ConditionBuilder::AddLiteral(item::ValueView value) {
  tree_->literals.emplace_back(value.encoded());
  return {Operand::Kind::kLiteral, static_cast<uint32_t>(tree_->literals.size() - 1)};
}

ConditionBuilder::Node ConditionBuilder::AddTest(TestOp op, const std::vector<Operand>& operands) {
  const auto test = static_cast<uint32_t>(tree_->tests.size());
  tree_->tests.push_back({op, static_cast<uint32_t>(tree_->operands.size()), static_cast<uint32_t>(operands.size())});
  tree_->operands.insert(tree_->operands.end(), operands.begin(), operands.end());
  return AddPart({Kind::kTest, test, 0, test});
}

ConditionBuilder::Node ConditionBuilder::Not(Node of) { return AddPart({Kind::kNot, of, 0, parts_[of].first_test}); }
ConditionBuilder::Node ConditionBuilder::And(Node left, Node right) {
  return AddPart({Kind::kAnd, left, right, parts_[left].first_test});
}
ConditionBuilder::Node ConditionBuilder::Or(Node left, Node right) {
  return AddPart({Kind::kOr, left, right, parts_[left].first_test});
}

ConditionBuilder::Node ConditionBuilder::AddPart(Part part) {
  parts_.push_back(part);
  return static_cast<Node>(parts_.size() - 1);
}

std::shared_ptr<const ConditionTree> ConditionBuilder::Always() { return std::make_shared<const ConditionTree>(); }

std::shared_ptr<const ConditionTree> ConditionBuilder::Finish(Node root) {
  STATOR_CHECK(root == parts_.size() - 1);
  parts_[root].if_true = ConditionTree::kAccept;
  parts_[root].if_false = ConditionTree::kReject;
  // Children lie before their parent, so going down the vector every part knows its exits when it hands them on.
  for (size_t i = parts_.size(); i > 0; --i) {
    const Part& part = parts_[i - 1];
    Part& left = parts_[part.left];
    Part& right = parts_[part.right];
    switch (part.kind) {
      case Kind::kTest:
        tree_->tests[part.left].if_true = part.if_true;
        tree_->tests[part.left].if_false = part.if_false;
        break;
      case Kind::kNot:
        left.if_true = part.if_false;
        left.if_false = part.if_true;
        break;
      case Kind::kAnd:
        right.if_true = part.if_true;
        left.if_true = right.first_test;
        left.if_false = right.if_false = part.if_false;
        break;
      case Kind::kOr:
        left.if_true = right.if_true = part.if_true;
        left.if_false = right.first_test;
        right.if_false = part.if_false;
        break;
    }
  }
  tree_->start = parts_[root].first_test;
  return std::move(tree_);
}

}  // namespace stator::expression::internal
