// Identifiers that follow from names, so that seeding twice writes the same rows twice.
#pragma once

#include <string>

#include "base/bytes.h"

namespace stator::messages {

// A UUID of version 8 (RFC 9562) over the SHA-256 of the name.
std::string NameUuid(Bytes name);

// The uuid that seeded people of that handle have.
std::string UserUuid(Bytes handle);

// "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx" in hexadecimal.
bool IsUuid(Bytes text);

}  // namespace stator::messages
