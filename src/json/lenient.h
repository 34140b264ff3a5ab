// JSON values as the service takes them: a fraction is cut off where a whole number belongs, and a few strings stand
// for booleans. dispatch/shape.h has refused what not even these accept.
#pragma once

#include <cstdint>
#include <optional>

#include "json/value.h"

namespace stator::json {

// The member of that name; invalid if it is absent or null, which the service does not tell apart. REQUIRES: is_object.
Value Given(Value object, Bytes name);

// Values outside 64 bits become the nearest. REQUIRES: is_number.
int64_t WholeNumber(Value value);
// "true", "yes", "1", "false", "no", "0" in any case.
std::optional<bool> TruthOf(Bytes text);
// REQUIRES: is_bool, or is_string with a TruthOf.
bool Truth(Value value);

}  // namespace stator::json
