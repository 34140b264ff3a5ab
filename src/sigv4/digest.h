// SHA-256 and its HMAC, as AWS's Signature Version 4 uses them.
#pragma once

#include <string>

#include "base/bytes.h"

namespace stator::sigv4 {

std::string Sha256(Bytes);                      // 32 bytes
std::string HmacSha256(Bytes key, Bytes text);  // 32 bytes
std::string Hex(Bytes);                         // lower case
inline std::string Sha256Hex(Bytes bytes) { return Hex(Sha256(bytes)); }

}  // namespace stator::sigv4
