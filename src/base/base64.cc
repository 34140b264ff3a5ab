#include "base/base64.h"

#include <array>
#include <cstdint>

namespace stator {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<int8_t, 256> kReverse = [] {
  std::array<int8_t, 256> table{};
  for (auto& v : table) v = -1;
  for (int i = 0; i < 64; ++i) table[static_cast<uint8_t>(kAlphabet[i])] = static_cast<int8_t>(i);
  return table;
}();

}  // namespace

void AppendBase64(std::string* out, Bytes bytes) {
  out->reserve(out->size() + (bytes.size() + 2) / 3 * 4);
  size_t i = 0;
  const auto at = [&](size_t k) { return static_cast<uint32_t>(static_cast<uint8_t>(bytes[k])); };
  for (; i + 3 <= bytes.size(); i += 3) {
    const uint32_t v = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    for (int shift = 18; shift >= 0; shift -= 6) out->push_back(kAlphabet[v >> shift & 63]);
  }
  if (i == bytes.size()) return;
  const bool two = i + 2 == bytes.size();
  const uint32_t v = at(i) << 16 | (two ? at(i + 1) << 8 : 0);
  out->push_back(kAlphabet[v >> 18 & 63]);
  out->push_back(kAlphabet[v >> 12 & 63]);
  out->push_back(two ? kAlphabet[v >> 6 & 63] : '=');
  out->push_back('=');
}

std::string Base64(Bytes bytes) {
  std::string out;
  AppendBase64(&out, bytes);
  return out;
}

bool IsBase64(Bytes text) {
  if (text.size() % 4 != 0) return false;
  const size_t digits = text.size() - (text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0);
  for (const char c : text.substr(0, digits)) {
    if (kReverse[static_cast<uint8_t>(c)] < 0) return false;
  }
  // What is left over must carry no bits beyond the last whole byte.
  const size_t rest = digits % 4;
  if (rest == 0) return true;
  const int8_t last = kReverse[static_cast<uint8_t>(text[digits - 1])];
  return rest == 2 ? (last & 0xf) == 0 : (last & 0x3) == 0;
}

bool AppendFromBase64(std::string* out, Bytes text) {
  if (!IsBase64(text)) return false;
  const auto at = [&](size_t i) { return static_cast<uint32_t>(kReverse[static_cast<uint8_t>(text[i])]); };
  const size_t digits = text.size() - (text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0);
  const size_t before = out->size();
  out->resize(before + digits * 3 / 4);
  char* to = out->data() + before;
  size_t i = 0;
  for (; i + 4 <= digits; i += 4) {
    const uint32_t v = at(i) << 18 | at(i + 1) << 12 | at(i + 2) << 6 | at(i + 3);
    *to++ = static_cast<char>(v >> 16);
    *to++ = static_cast<char>(v >> 8);
    *to++ = static_cast<char>(v);
  }
  if (digits - i >= 2) *to++ = static_cast<char>(at(i) << 2 | at(i + 1) >> 4);
  if (digits - i == 3) *to++ = static_cast<char>(at(i + 1) << 4 | at(i + 2) >> 2);
  return true;
}

}  // namespace stator
