// Tests on stored bytes. Its slow twin: condition_twin.h; test: random_test.cc.
#include <algorithm>
#include <compare>

#include "expression/condition_tree.h"
#include "expression/expression.h"

namespace stator::expression {
namespace internal {
namespace {

using item::Tag;
using item::ValueView;

// An operand's value for one item; a size needs a place to be written to.
class Operands {
 public:
  Operands(const ConditionTree& tree, const Test& test, item::ItemView item) : tree_(tree), test_(test), item_(item) {}

  ValueView Get(uint32_t which, std::string* scratch) const {
    const Operand& operand = tree_.operands[test_.first + which];
    if (operand.kind == Operand::Kind::kLiteral) return ValueView(tree_.literals[operand.index]);
    const ValueView value = Resolve(tree_.paths[operand.index], item_);
    if (operand.kind == Operand::Kind::kPath || !value.valid()) return value;
    int64_t size = 0;
    if (!SizeOf(value, &size)) return {};
    scratch->clear();
    item::AppendNumber(scratch, item::Number::FromInt(size));
    return ValueView(*scratch);
  }
  uint32_t count() const { return test_.count; }

 private:
  const ConditionTree& tree_;
  const Test& test_;
  item::ItemView item_;
};

bool Equal(ValueView a, ValueView b) { return a.valid() && b.valid() && a == b; }

// Whether a and b are of one ordered type and in one of these orders.
bool Ordered(ValueView a, ValueView b, bool less, bool equal, bool greater) {
  if (!a.valid() || !b.valid()) return false;
  const auto order = item::CompareSameType(a, b);
  if (!order) return false;
  return std::is_lt(*order) ? less : std::is_gt(*order) ? greater : equal;
}

bool BeginsWith(ValueView value, ValueView prefix) {
  if (!value.valid() || !prefix.valid() || value.tag() != prefix.tag()) return false;
  if (value.tag() != Tag::kString && value.tag() != Tag::kBinary) return false;
  return value.bytes().starts_with(prefix.bytes());
}

bool ListContains(ValueView value, ValueView sought) {
  item::ListView list = value.list();
  for (ValueView element; list.Next(&element);) {
    if (element == sought) return true;
  }
  return false;
}

bool Contains(ValueView value, ValueView sought) {
  if (!value.valid() || !sought.valid()) return false;
  switch (value.tag()) {
    case Tag::kString:
    case Tag::kBinary:
      return sought.tag() == value.tag() && value.bytes().find(sought.bytes()) != Bytes::npos;
    case Tag::kStringSet:
      return sought.tag() == Tag::kString && value.set().Contains(sought.bytes());
    case Tag::kBinarySet:
      return sought.tag() == Tag::kBinary && value.set().Contains(sought.bytes());
    case Tag::kNumberSet:
      return sought.tag() == Tag::kNumber && value.set().Contains(sought.ordered_number());
    case Tag::kList:
      return ListContains(value, sought);
    default:
      return false;
  }
}

bool HasType(ValueView value, ValueView type) {
  return value.valid() && type.valid() && type.tag() == Tag::kString && item::TypeName(value.tag()) == type.bytes();
}

bool In(const Operands& operands, ValueView value) {
  std::string scratch;
  for (uint32_t i = 1; i < operands.count(); ++i) {
    if (Equal(value, operands.Get(i, &scratch))) return true;
  }
  return false;
}

bool Holds(TestOp op, const Operands& operands) {
  std::string scratch_a, scratch_b;
  const ValueView a = operands.Get(0, &scratch_a);
  const ValueView b = operands.count() > 1 ? operands.Get(1, &scratch_b) : ValueView();
  switch (op) {
    case TestOp::kEqual:
      return Equal(a, b);
    case TestOp::kNotEqual:
      return !Equal(a, b);
    case TestOp::kDiffers:
      return a.valid() && b.valid() && a != b;
    case TestOp::kLess:
      return Ordered(a, b, true, false, false);
    case TestOp::kLessOrEqual:
      return Ordered(a, b, true, true, false);
    case TestOp::kGreater:
      return Ordered(a, b, false, false, true);
    case TestOp::kGreaterOrEqual:
      return Ordered(a, b, false, true, true);
    case TestOp::kBetween: {
      std::string scratch_c;
      return Ordered(a, b, false, true, true) && Ordered(a, operands.Get(2, &scratch_c), true, true, false);
    }
    case TestOp::kIn:
      return In(operands, a);
    case TestOp::kExists:
      return a.valid();
    case TestOp::kNotExists:
      return !a.valid();
    case TestOp::kHasType:
      return HasType(a, b);
    case TestOp::kBeginsWith:
      return BeginsWith(a, b);
    case TestOp::kContains:
      return Contains(a, b);
    case TestOp::kNotContains:
      return a.valid() && !Contains(a, b);
  }
  return false;
}

}  // namespace
}  // namespace internal

bool Condition::Evaluate(item::ItemView item) const {
  using internal::ConditionTree;
  uint32_t at = tree_->start;
  while (at < ConditionTree::kReject) {
    const internal::Test& test = tree_->tests[at];
    at = internal::Holds(test.op, internal::Operands(*tree_, test, item)) ? test.if_true : test.if_false;
  }
  return at == ConditionTree::kAccept;
}

std::vector<std::string> Condition::TopLevelNames() const {
  std::vector<std::string> names;
  for (const internal::Path& path : tree_->paths) {
    if (std::find(names.begin(), names.end(), path[0].name) == names.end()) names.push_back(path[0].name);
  }
  return names;
}

}  // namespace stator::expression
