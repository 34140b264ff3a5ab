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

bool AppendFromBase64(std::string* out, Bytes text) {
  if (text.size() % 4 != 0) return false;
  const size_t before = out->size();
  size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  const size_t digits = text.size() - padding;
  out->reserve(before + text.size() / 4 * 3);
  uint32_t v = 0;
  for (size_t i = 0; i < digits; ++i) {
    const int8_t digit = kReverse[static_cast<uint8_t>(text[i])];
    if (digit < 0) {
      out->resize(before);
      return false;
    }
    v = v << 6 | static_cast<uint32_t>(digit);
    if (i % 4 == 3) {
      out->push_back(static_cast<char>(v >> 16));
      out->push_back(static_cast<char>(v >> 8));
      out->push_back(static_cast<char>(v));
      v = 0;
    }
  }
  // What is left over must carry no bits beyond the last whole byte.
  const size_t rest = digits % 4;
  if (rest == 2) {
    if (v & 0xf) return out->resize(before), false;
    out->push_back(static_cast<char>(v >> 4));
  } else if (rest == 3) {
    if (v & 0x3) return out->resize(before), false;
    out->push_back(static_cast<char>(v >> 10));
    out->push_back(static_cast<char>(v >> 2));
  }
  return true;
}

}  // namespace stator
