// Ids, made by chance.
#pragma once

#include <string>

namespace stator::pools {

std::string NewPoolId(const std::string& region);  // "us-east-1_AbCdEfGhI"
std::string NewClientId();                         // 26 characters of 0-9a-z
std::string NewClientSecret();                     // 51 of them

// `length` characters of `alphabet`, each as likely as any other; from the secure source. At most 256 in the alphabet.
std::string RandomText(const std::string& alphabet, size_t length);

}  // namespace stator::pools
