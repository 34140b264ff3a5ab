// Text that others printed, made fit for JSON.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace stator::logs {

// Each byte that is no part of a character becomes U+FFFD. Good text is returned as it is.
std::string MakeUtf8(std::string text);

// Cuts good text into pieces of at most `size` bytes, between characters. REQUIRES: size >= 4.
std::vector<std::string> CutUtf8(std::string text, size_t size);

}  // namespace stator::logs
