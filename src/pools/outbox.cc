#include "pools/outbox.h"

namespace stator::pools {
namespace {

constexpr size_t kShownDigits = 4;

}  // namespace

std::string Masked(const std::string& attribute, const std::string& destination) {
  if (attribute == "email") {
    const size_t at = destination.find('@');
    std::string masked = destination.substr(0, 1) + "***";
    if (at != std::string::npos && at + 1 < destination.size()) masked += "@" + destination.substr(at + 1, 1) + "***";
    return masked;
  }
  const size_t size = destination.size();
  if (size <= kShownDigits + 1) return std::string(size, '*');
  return "+" + std::string(size - kShownDigits - 1, '*') + destination.substr(size - kShownDigits);
}

}  // namespace stator::pools
