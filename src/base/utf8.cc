#include "base/utf8.h"

#include <algorithm>
#include <cstdint>

namespace stator {
namespace {

constexpr Bytes kReplacement = "\xef\xbf\xbd";

bool Continues(uint8_t byte) { return (byte & 0xc0) == 0x80; }

// Where the first byte stands that is no part of a character.
size_t FirstBad(Bytes text) {
  for (size_t at = 0; at < text.size();) {
    const size_t size = CharacterAt(text.substr(at));
    if (size == 0) return at;
    at += size;
  }
  return text.size();
}

}  // namespace

size_t CharacterAt(Bytes text) {
  if (text.empty()) return 0;
  const auto byte = [text](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if (!Continues(byte(i))) return 0;
  }
  const bool overlong = (lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xf0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xed && byte(1) >= 0xa0;
  const bool too_large = lead == 0xf4 && byte(1) >= 0x90;
  return overlong || surrogate || too_large ? 0 : size;
}

size_t Characters(Bytes text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !Continues(static_cast<uint8_t>(c)); }));
}

std::string MakeUtf8(std::string text) {
  size_t bad = FirstBad(text);
  if (bad == text.size()) return text;
  std::string out;
  for (Bytes rest = text; !rest.empty(); bad = FirstBad(rest)) {
    out.append(rest.substr(0, bad));
    rest.remove_prefix(bad);
    if (rest.empty()) break;
    out.append(kReplacement);
    rest.remove_prefix(1);
  }
  return out;
}

}  // namespace stator
