// Paths and queries of requests.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"

namespace stator::messages {

// %XX decoded; nothing if it is malformed or what comes out is not UTF-8.
std::optional<std::string> Decoded(Bytes text);

// The first parameter of that name in a query, decoded, '+' being a space; `*bad` if it cannot be. Nothing if there is
// none.
std::optional<std::string> Parameter(Bytes query, Bytes name, bool* bad);

// Whether the path is the pattern, in which "{}" stands for one segment or the rest of one: "/api/users/@{}/short".
// `*argument` is what it stands for, not decoded, not empty.
bool Matches(Bytes pattern, Bytes path, Bytes* argument);

}  // namespace stator::messages
