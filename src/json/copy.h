// A parsed value written out again, for replies that return a part of their request.
#pragma once

#include "json/value.h"
#include "json/writer.h"

namespace stator::json {

// Depth is bounded by what Document::Parse accepts.
void Copy(Value value, Writer& out);

}  // namespace stator::json
