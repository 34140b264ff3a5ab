// What can go wrong with the directory; read by people at a terminal, each says what to do next. The back end tells its
// clients something else: these texts name files, hosts and statements.
#pragma once

#include "errors/row.h"

namespace stator::messages::directory_errors {
#define STATOR_ERROR STATOR_ERROR_ROW
#include "directory/errors.def"
#undef STATOR_ERROR
}  // namespace stator::messages::directory_errors
