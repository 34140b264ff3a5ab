// The comparisons of texts that filter patterns know. Case is that of ASCII.
#pragma once

#include "base/bytes.h"

namespace stator::triggers {

bool EqualsIgnoreCase(Bytes a, Bytes b);
// `pattern`: '*' stands for any run of characters, "\*" and "\\" for themselves. No two stars in a row, no other
// escape.
bool ValidWildcard(Bytes pattern);
// REQUIRES: ValidWildcard(pattern). Time: at most the product of the lengths.
bool MatchesWildcard(Bytes pattern, Bytes text);

}  // namespace stator::triggers
