// The rows of errors/table/infrastructure.def.
#pragma once

#include "errors/row.h"

namespace stator::errors {
#define STATOR_ERROR STATOR_ERROR_ROW
#include "errors/table/infrastructure.def"
#undef STATOR_ERROR
}  // namespace stator::errors
