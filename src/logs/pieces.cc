#include "logs/pieces.h"

#include <cstdint>

namespace stator::logs {

std::vector<std::string> CutUtf8(std::string text, size_t size) {
  std::vector<std::string> pieces;
  Bytes rest = text;
  while (rest.size() > size) {
    size_t end = size;
    while ((static_cast<uint8_t>(rest[end]) & 0xc0) == 0x80) --end;
    pieces.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  if (pieces.empty()) {
    pieces.push_back(std::move(text));
  } else if (!rest.empty()) {
    pieces.emplace_back(rest);
  }
  return pieces;
}

}  // namespace stator::logs
