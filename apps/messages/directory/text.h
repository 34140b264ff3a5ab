// Text as people send it.
#pragma once

#include <cstddef>
#include <optional>

#include "base/bytes.h"

namespace stator::messages {

// How many code points it has; nothing if it is not UTF-8 (RFC 3629: shortest forms, no surrogates).
std::optional<size_t> CodePoints(Bytes text);

// Whether a database keeps it: UTF-8 without NUL.
bool IsText(Bytes text);

}  // namespace stator::messages
