// The version of the programs, from the build.
#pragma once

namespace stator::server {

inline constexpr char kVersion[] = STATOR_VERSION;

}  // namespace stator::server
