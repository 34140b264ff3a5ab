// Pieces of applying an update that stand for themselves.
#pragma once

#include <string>
#include <vector>

#include "errors/common.h"
#include "errors/result.h"
#include "expression/update_tree.h"
#include "item/tree.h"

namespace stator::expression::internal {

// What the right-hand sides of an update come to for one item. All of them see the item as it was. Views handed out
// borrow from this, the update and the item.
class UpdateValues {
 public:
  // Fails with the error of the first SET whose value cannot be computed. Errors of operands that if_not_exists does
  // not need are none.
  Status Compute(const UpdateTree& tree, item::ItemView before);
  item::ValueView at(uint32_t value) const { return slots_[value].view; }

 private:
  struct Slot {
    item::ValueView view;
    ErrorId error = errors::kInternal;  // when the view is invalid
    std::string owned;
  };
  void ComputeSlot(const UpdateTree& tree, const UpdateValue& value, item::ItemView before, Slot& slot);
  void Sum(const UpdateValue& value, Slot& slot);
  void ListAppend(const UpdateValue& value, Slot& slot);
  // Takes over the error of an operand that has one.
  bool OperandsOk(const UpdateValue& value, Slot& slot) const;

  std::vector<Slot> slots_;
};

// What an action makes of what is there (invalid: nothing). The result borrows from `scratch` or an argument; invalid
// when nothing is to be there.
Result<item::ValueView> NewValue(const UpdateTree& tree, const UpdateValues& values, const UpdateAction& action,
                                 item::ValueView old, std::string* scratch);

// Applies actions whose targets lie below one attribute to that attribute. List indexes mean the attribute as it was:
// elements are appended and removed after everything else.
Status EditBelow(const UpdateTree& tree, const std::vector<uint32_t>& actions, const UpdateValues& values,
                 item::Tree* attribute);

}  // namespace stator::expression::internal
