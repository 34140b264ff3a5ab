// An update, bound. Made by the binder and by AttributeUpdates; applied by update_apply.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression/projection_tree.h"

namespace stator::expression::internal {

// What a SET writes: computed from the item as it was. Operands stand before what uses them.
struct UpdateValue {
  enum class Kind : uint8_t { kPath, kLiteral, kIfNotExists, kListAppend, kAdd, kSubtract };
  Kind kind;
  uint32_t a = 0;  // kPath, kIfNotExists: a path; kLiteral: a literal; else a value
  uint32_t b = 0;  // a value
};

struct UpdateAction {
  enum class Kind : uint8_t { kSet, kRemove, kAdd, kDelete };
  Kind kind;
  uint32_t path;       // in targets
  uint32_t value = 0;  // kSet: in values; kAdd, kDelete: in literals
};

struct UpdateTree {
  // The paths written to, one per action, none overlapping, in the order written; and as a tree.
  ProjectionTree targets;
  std::vector<Path> operands;  // paths read
  std::vector<std::string> literals;
  std::vector<UpdateValue> values;
  std::vector<UpdateAction> actions;
  bool legacy = false;  // from AttributeUpdates: a type that does not fit has another text

  // Actions by the name of the attribute they change, those of one attribute together. Filled by Arrange.
  std::vector<uint32_t> by_name;
  void Arrange(std::vector<Path> target_paths);

  const Path& TargetOf(const UpdateAction& action) const { return targets.paths[action.path]; }
};

}  // namespace stator::expression::internal
