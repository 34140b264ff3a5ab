// A condition's syntax bound to names and values, with every check the service makes, in its order.
#pragma once

#include "expression/binder_state.h"
#include "expression/condition_tree.h"

namespace stator::expression::internal {

// `root`: the node of the whole condition. Errors do not name the parameter yet.
Result<std::shared_ptr<const ConditionTree>> BindCondition(const SyntaxTree& syntax, uint32_t root, BinderState& state);

// An operand of a comparison or function, as the binder sees it: what the key condition's binder shares.
struct BoundOperand {
  enum class Kind : uint8_t { kPath, kValue, kSize, kOther };
  Kind kind = Kind::kOther;
  Path path;              // kPath; of kSize when it has one
  item::ValueView value;  // kValue; of kSize when it has one; lives as long as the BinderState
};

// Every check of a condition, up to the operands of each comparison; nothing is built. `operands` is filled for every
// node of the tree that is a path, value or call.
Status CheckCondition(const SyntaxTree& syntax, uint32_t root, BinderState& state, std::vector<BoundOperand>* operands);

}  // namespace stator::expression::internal
