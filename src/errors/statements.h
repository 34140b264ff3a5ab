// The rows of errors/table/statements.def.
#pragma once

#include "errors/row.h"

namespace stator::errors {
#define STATOR_ERROR STATOR_ERROR_ROW
#include "errors/table/statements.def"
#undef STATOR_ERROR
}  // namespace stator::errors
