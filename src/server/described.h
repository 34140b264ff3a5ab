// What docs/operations.md says beyond the registry: the introduction, and the members that do less than on AWS.
#pragma once

#include <string>

namespace stator::server {

extern const char kOperationsIntroduction[];

// "served", or what a member does instead.
std::string StateOfMember(const std::string& member);

}  // namespace stator::server
