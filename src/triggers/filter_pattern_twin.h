// The slow twin of filter patterns: both sides are JSON trees, interpreted as they stand. For tests only.
#pragma once

#include "json/value.h"

namespace stator::triggers::twin {

// `pattern` is one that FilterPattern::Compile accepts; `record` the JSON of a record of a function's event.
bool Matches(json::Value pattern, json::Value record);

}  // namespace stator::triggers::twin
