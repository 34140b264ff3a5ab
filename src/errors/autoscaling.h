// The rows of errors/table/autoscaling.def.
#pragma once

#include "errors/row.h"

namespace stator::errors {
#define STATOR_ERROR STATOR_ERROR_ROW
#include "errors/table/autoscaling.def"
#undef STATOR_ERROR
}  // namespace stator::errors
