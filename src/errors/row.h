// Reads a file of rows (errors/table/*.def) into constants of namespace stator::errors, one header per folder, so that
// a new row rebuilds only those who raise rows of that folder.
#pragma once

#include "errors/error.h"

#define STATOR_ERROR_ROW(id, type, text) inline constexpr ErrorRow id{#id, ErrorType::type, text};
