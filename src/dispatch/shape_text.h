// What both wordings of constraints ask of a string.
#pragma once

#include "dispatch/shape.h"

namespace stator::dispatch {

// Whether the text is what the shape's pattern allows; true without one.
bool MatchesPattern(const Shape& shape, Bytes text);

}  // namespace stator::dispatch
