#include "directory/text.h"

#include <algorithm>
#include <cstdint>

namespace stator::messages {
namespace {

// The bytes of the code point in front; 0 if there is none.
size_t SizeOfFirst(Bytes text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  const uint8_t second = byte(1);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool surrogate = lead == 0xed && second >= 0xa0;
  const bool too_large = lead == 0xf4 && second >= 0x90;
  return overlong || surrogate || too_large ? 0 : size;
}

}  // namespace

std::optional<size_t> CodePoints(Bytes text) {
  size_t count = 0;
  for (; !text.empty(); ++count) {
    const size_t size = SizeOfFirst(text);
    if (size == 0) return std::nullopt;
    text.remove_prefix(size);
  }
  return count;
}

bool IsText(Bytes text) { return text.find('\0') == Bytes::npos && CodePoints(text).has_value(); }

}  // namespace stator::messages
