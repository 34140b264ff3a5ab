// Constraints in the words of the older validation framework, which Lambda and CloudWatch Logs still use: every one
// that does not hold is named, with its value.
#pragma once

#include "dispatch/shape.h"

namespace stator::dispatch {

// "2 validation errors detected: Value 'r1' at 'role' failed to satisfy constraint: Member must ...; Value ...". The
// types have been checked. At most a hundred are named.
Status CheckAllConstraints(const Shape& shape, json::Value request);

}  // namespace stator::dispatch
