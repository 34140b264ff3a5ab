#pragma once

namespace stator::server {

inline constexpr char kVersion[] = STATOR_VERSION;

}  // namespace stator::server
