// The first of the two walks of dispatch/shape.h: can every JSON value become what the model says it is?
#pragma once

#include "dispatch/shape.h"

namespace stator::dispatch {

// SerializationException of the first value that cannot be converted. Members the shape does not name are not looked
// at; null counts as absent.
Status CheckTypes(const Shape& shape, json::Value request);

}  // namespace stator::dispatch
