// A condition's syntax bound to names and values, with every check the service makes, in its order.
#pragma once

#include <memory>
#include <span>
#include <vector>

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

// The nodes of one condition in a tree that holds more: they follow one another, and the last is its root.
struct NodeRange {
  uint32_t first;
  uint32_t root;
};
// The conjunction of conditions that CheckCondition has accepted. REQUIRES: at least one.
std::shared_ptr<const ConditionTree> BuildCondition(const SyntaxTree& syntax, std::span<const NodeRange> conditions,
                                                    std::vector<BoundOperand> operands);

}  // namespace stator::expression::internal
