// The rows of errors/table/dispatch.def.
#pragma once

#include "errors/row.h"

namespace stator::errors {
#define STATOR_ERROR STATOR_ERROR_ROW
#include "errors/table/dispatch.def"
#undef STATOR_ERROR
}  // namespace stator::errors
