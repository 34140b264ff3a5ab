// How a condition's syntax becomes a Where.
#pragma once

#include "errors/result.h"
#include "partiql/syntax.h"
#include "partiql/tree.h"

namespace stator::partiql::internal {

class WhereMaker {
 public:
  static Result<Where> Make(ConditionSyntax syntax);
};

}  // namespace stator::partiql::internal
