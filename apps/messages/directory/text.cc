#include "directory/text.h"

#include "base/utf8.h"

namespace stator::messages {

std::optional<size_t> CodePoints(Bytes text) {
  size_t count = 0;
  for (; !text.empty(); ++count) {
    const size_t size = CharacterAt(text);
    if (size == 0) return std::nullopt;
    text.remove_prefix(size);
  }
  return count;
}

bool IsText(Bytes text) { return text.find('\0') == Bytes::npos && CodePoints(text).has_value(); }

}  // namespace stator::messages
