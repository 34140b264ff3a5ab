// Tests: name_text_test.cc.
#include "services/cognito/name_text.h"

#include <cstdint>

#include "base/utf8.h"

namespace stator::services::cognito {
namespace {

struct Range {
  uint32_t first, last;
};
// The separators, controls, format characters and private areas of Unicode (categories Z and C), but for characters
// that are not assigned.
constexpr Range kNotInNames[] = {
    {0x0, 0x20},      {0x7f, 0xa0},     {0xad, 0xad},     {0x600, 0x605},   {0x61c, 0x61c},     {0x6dd, 0x6dd},
    {0x70f, 0x70f},   {0x1680, 0x1680}, {0x180e, 0x180e}, {0x2000, 0x200f}, {0x2028, 0x202f},   {0x205f, 0x206f},
    {0x3000, 0x3000}, {0xd800, 0xf8ff}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0x1d173, 0x1d17a}, {0xe0000, 0x10ffff},
};

// Takes one character; 0 for what is none.
uint32_t Next(Bytes* text) {
  const size_t size = CharacterAt(*text);
  if (size == 0) return 0;
  const auto byte = [text](size_t i) { return static_cast<uint8_t>((*text)[i]); };
  uint32_t code = size == 1 ? byte(0) : byte(0) & (0xffU >> (size + 1));
  for (size_t i = 1; i < size; ++i) code = code << 6 | (byte(i) & 0x3fU);
  text->remove_prefix(size);
  return code;
}

}  // namespace

bool IsNameText(std::string_view text) {
  if (text.empty()) return false;
  while (!text.empty()) {
    const uint32_t code = Next(&text);
    for (const Range& range : kNotInNames) {
      if (code >= range.first && code <= range.last) return false;
    }
  }
  return true;
}

}  // namespace stator::services::cognito
