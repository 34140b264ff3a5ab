// Right-hand sides, and what ADD and DELETE make of a value. Tests: update_test.cc; twin: update_twin.h.
#include <algorithm>

#include "errors/expression.h"
#include "expression/update_apply.h"

namespace stator::expression::internal {

using item::Tag;
using item::ValueView;

Status UpdateValues::Compute(const UpdateTree& tree, item::ItemView before) {
  slots_.resize(tree.values.size());
  for (size_t i = 0; i < tree.values.size(); ++i) ComputeSlot(tree, tree.values[i], before, slots_[i]);
  for (const UpdateAction& action : tree.actions) {
    if (action.kind != UpdateAction::Kind::kSet || slots_[action.value].view.valid()) continue;
    return Fail(slots_[action.value].error);
  }
  return {};
}

void UpdateValues::ComputeSlot(const UpdateTree& tree, const UpdateValue& value, item::ItemView before, Slot& slot) {
  switch (value.kind) {
    case UpdateValue::Kind::kLiteral:
      slot.view = ValueView(tree.literals[value.a]);
      return;
    case UpdateValue::Kind::kPath:
      slot.view = Resolve(tree.operands[value.a], before);
      slot.error = errors::kUpdateAttributeMissing;
      return;
    case UpdateValue::Kind::kIfNotExists:
      slot.view = Resolve(tree.operands[value.a], before);
      if (slot.view.valid()) return;
      slot.view = slots_[value.b].view;
      slot.error = slots_[value.b].error;
      return;
    case UpdateValue::Kind::kListAppend:
      if (OperandsOk(value, slot)) ListAppend(value, slot);
      return;
    case UpdateValue::Kind::kAdd:
    case UpdateValue::Kind::kSubtract:
      if (OperandsOk(value, slot)) Sum(value, slot);
      return;
  }
}

bool UpdateValues::OperandsOk(const UpdateValue& value, Slot& slot) const {
  for (const uint32_t operand : {value.a, value.b}) {
    if (slots_[operand].view.valid()) continue;
    slot.error = slots_[operand].error;
    return false;
  }
  return true;
}

void UpdateValues::Sum(const UpdateValue& value, Slot& slot) {
  const ValueView a = at(value.a);
  const ValueView b = at(value.b);
  slot.error = errors::kUpdateOperandType;
  if (a.tag() != Tag::kNumber || b.tag() != Tag::kNumber) return;
  const auto sum = value.kind == UpdateValue::Kind::kAdd ? item::Number::Add(a.number(), b.number())
                                                         : item::Number::Subtract(a.number(), b.number());
  if (!sum.ok()) {
    slot.error = sum.error().id;
    return;
  }
  item::AppendNumber(&slot.owned, *sum);
  slot.view = ValueView(slot.owned);
}

namespace {

void AppendElements(ValueView list, std::vector<ValueView>* elements) {
  ValueView element;
  for (item::ListView walk = list.list(); walk.Next(&element);) elements->push_back(element);
}

ValueView Concatenate(ValueView front, ValueView back, std::string* out) {
  std::vector<ValueView> elements;
  elements.reserve(front.list().count() + back.list().count());
  AppendElements(front, &elements);
  AppendElements(back, &elements);
  item::AppendList(out, elements);
  return ValueView(*out);
}

std::vector<Bytes> MembersOf(ValueView set) {
  std::vector<Bytes> members;
  item::SetView walk = set.set();
  members.reserve(walk.count());
  for (Bytes member; walk.Next(&member);) members.push_back(member);
  return members;
}

Result<ValueView> AddTo(ValueView old, ValueView operand, ErrorId mismatch, std::string* scratch) {
  if (!old.valid()) return operand;
  if (old.tag() != operand.tag()) return Fail(mismatch);
  if (old.tag() == Tag::kNumber) {
    STATOR_TRY(const item::Number sum, item::Number::Add(old.number(), operand.number()));
    item::AppendNumber(scratch, sum);
  } else if (old.tag() == Tag::kList) {
    return Concatenate(old, operand, scratch);
  } else {
    std::vector<Bytes> members = MembersOf(old);
    const std::vector<Bytes> added = MembersOf(operand);
    members.insert(members.end(), added.begin(), added.end());
    item::AppendSet(scratch, old.tag(), std::move(members));
  }
  return ValueView(*scratch);
}

Result<ValueView> DeleteFrom(ValueView old, ValueView operand, ErrorId mismatch, std::string* scratch) {
  if (!old.valid()) return old;
  if (old.tag() != operand.tag()) return Fail(mismatch);
  const std::vector<Bytes> members = MembersOf(old);
  const std::vector<Bytes> gone = MembersOf(operand);
  std::vector<Bytes> left;
  std::set_difference(members.begin(), members.end(), gone.begin(), gone.end(), std::back_inserter(left));
  if (left.empty()) return ValueView();
  item::AppendSet(scratch, old.tag(), std::move(left));
  return ValueView(*scratch);
}

}  // namespace

void UpdateValues::ListAppend(const UpdateValue& value, Slot& slot) {
  slot.error = errors::kUpdateOperandType;
  if (at(value.a).tag() != Tag::kList || at(value.b).tag() != Tag::kList) return;
  slot.view = Concatenate(at(value.a), at(value.b), &slot.owned);
}

Result<ValueView> NewValue(const UpdateTree& tree, const UpdateValues& values, const UpdateAction& action,
                           ValueView old, std::string* scratch) {
  // The error of an operand of a type that does not fit.
  const ErrorId mismatch = tree.legacy ? errors::kLegacyUpdateType : errors::kUpdateOperandType;
  switch (action.kind) {
    case UpdateAction::Kind::kSet:
      return values.at(action.value);
    case UpdateAction::Kind::kRemove:
      return ValueView();
    case UpdateAction::Kind::kAdd:
      return AddTo(old, ValueView(tree.literals[action.value]), mismatch, scratch);
    case UpdateAction::Kind::kDelete:
      return DeleteFrom(old, ValueView(tree.literals[action.value]), mismatch, scratch);
  }
  return ValueView();
}

}  // namespace stator::expression::internal
