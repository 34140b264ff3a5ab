#include "logs/utf8.h"

#include <cstdint>

namespace stator::logs {
namespace {

// The bytes of the character at the front (RFC 3629), 0 if there is none.
size_t CharacterAt(Bytes text) {
  const auto byte = [text](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, and what lies beyond U+10FFFF.
  if ((lead == 0xe0 && byte(1) < 0xa0) || (lead == 0xed && byte(1) > 0x9f)) return 0;
  if ((lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) > 0x8f)) return 0;
  return size;
}

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

std::string MakeUtf8(std::string text) {
  size_t bad = FirstBad(text);
  if (bad == text.size()) return text;
  std::string out;
  Bytes rest = text;
  while (!rest.empty()) {
    out.append(rest.substr(0, bad));
    rest.remove_prefix(bad);
    if (rest.empty()) break;
    out.append("\xef\xbf\xbd");
    rest.remove_prefix(1);
    bad = FirstBad(rest);
  }
  return out;
}

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
