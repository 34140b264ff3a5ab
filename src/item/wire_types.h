// The JSON types of attribute values: what the reader and CheckValueTypes share.
#pragma once

#include "errors/error.h"
#include "item/value.h"
#include "json/value.h"

namespace stator::item::internal {

// The members an attribute value may have. kUnknown ones are ignored, as the service does.
enum class WireType : uint8_t { kS, kN, kB, kBool, kNull, kL, kM, kSs, kNs, kBs, kUnknown };
WireType WireTypeOf(Bytes name);

// What to say of a JSON value that is not of the kind it should be. REQUIRES: it is not.
Error NotAValue(json::Value wire);    // wants an object that is an attribute value, or null
Error NotAString(json::Value wire);   // wants a string
Error NotABlob(json::Value wire);     // wants a string of base64
Error NotABoolean(json::Value wire);  // wants something ReadBoolean takes
Error NotAList(json::Value wire);     // wants an array
Error NotAMap(json::Value wire);      // wants an object of attribute values
// Why that text is not base64. REQUIRES: it is not.
Error NotBase64(Bytes text);

// true, false, or one of the strings that the service's parser takes for them; false if it is none of these.
bool ReadBoolean(json::Value wire, bool* out);

}  // namespace stator::item::internal
