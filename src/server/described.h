// What docs/operations.md says beyond the registry: the members that do less than on AWS.
#pragma once

#include <string>

namespace stator::server {

// "served", or what a member does instead.
std::string StateOfMember(const std::string& member);

}  // namespace stator::server
