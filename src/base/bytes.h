// Bytes: a borrowed run of bytes. Never owns; the caller says how long it lives.
#pragma once

#include <string_view>

namespace stator {

using Bytes = std::string_view;

}  // namespace stator
