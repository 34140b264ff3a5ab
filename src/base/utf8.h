// UTF-8 (RFC 3629): shortest forms, no surrogates, nothing beyond U+10FFFF.
#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.h"

namespace stator {

// The bytes of the character at the front; 0 if there is none that is well-formed.
size_t CharacterAt(Bytes text);

// How many characters there are. REQUIRES: well-formed text; of other text the bytes that may begin a character.
size_t Characters(Bytes text);

// Each byte that is no part of a character becomes U+FFFD. Good text is given back as it is.
std::string MakeUtf8(std::string text);

}  // namespace stator
