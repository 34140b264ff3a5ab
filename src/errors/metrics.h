// The rows of errors/table/metrics.def.
#pragma once

#include "errors/row.h"

namespace stator::errors {
#define STATOR_ERROR STATOR_ERROR_ROW
#include "errors/table/metrics.def"
#undef STATOR_ERROR
}  // namespace stator::errors
