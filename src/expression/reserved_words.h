// The words that may not stand bare as attribute names in an expression.
#pragma once

#include <cstdint>

#include "base/bytes.h"

namespace stator::expression::internal {

// Whatever the case of its letters.
bool IsReserved(Bytes name);

}  // namespace stator::expression::internal
