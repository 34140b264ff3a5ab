// Text in pieces.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/bytes.h"

namespace stator::logs {

// Cuts good text into pieces of at most `size` bytes, between characters. REQUIRES: size >= 4.
std::vector<std::string> CutUtf8(std::string text, size_t size);

}  // namespace stator::logs
