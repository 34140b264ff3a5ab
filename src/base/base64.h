// Base64 (RFC 4648, section 4), padded, without line breaks.
#pragma once

#include <string>

#include "base/bytes.h"

namespace stator {

void AppendBase64(std::string* out, Bytes bytes);
std::string Base64(Bytes bytes);
// Appends the decoded bytes. False, with `out` as it was, when the text is not canonical base64.
bool AppendFromBase64(std::string* out, Bytes text);
// Whether AppendFromBase64 would take it.
bool IsBase64(Bytes text);

}  // namespace stator
