// An update's syntax bound to names and values, with every check the service makes, in its order.
#pragma once

#include <memory>

#include "expression/binder_state.h"
#include "expression/update_parser.h"
#include "expression/update_tree.h"

namespace stator::expression::internal {

// Errors do not name the parameter yet.
Result<std::shared_ptr<const UpdateTree>> BindUpdate(const UpdateSyntax& syntax, BinderState& state);

}  // namespace stator::expression::internal
