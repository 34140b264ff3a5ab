// A hash of what a value says, for telling whether two requests ask for the same.
#pragma once

#include <array>
#include <cstdint>

#include "json/value.h"

namespace stator::json {

// 128 bits; nothing to keep secrets with. The order of members makes no difference, nor does a member that is null.
// Depth is bounded by what Document::Parse accepts.
std::array<uint64_t, 2> Fingerprint(Value value);

}  // namespace stator::json
