// Small pieces of HTTP grammar (RFC 9110, section 5.6).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/bytes.h"

namespace stator::http {

inline char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// `lower` is in lower case.
inline bool EqualsLower(Bytes text, Bytes lower) {
  if (text.size() != lower.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (ToLower(text[i]) != lower[i]) return false;
  }
  return true;
}

inline Bytes Trim(Bytes text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The next member of a comma separated list, trimmed; empty members are skipped. Nothing at the end.
inline std::optional<Bytes> NextMember(Bytes* list) {
  while (!list->empty()) {
    const size_t comma = list->find(',');
    const Bytes member = Trim(list->substr(0, comma));
    list->remove_prefix(comma == Bytes::npos ? list->size() : comma + 1);
    if (!member.empty()) return member;
  }
  return std::nullopt;
}

// Which bytes may stand in a token: methods and header names.
inline constexpr std::array<bool, 256> kTokenBytes = [] {
  std::array<bool, 256> table{};
  for (int c = '0'; c <= '9'; ++c) table[static_cast<size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<size_t>(c)] = true;
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<size_t>(c)] = true;
  for (char c : Bytes("!#$%&'*+-.^_`|~")) table[static_cast<uint8_t>(c)] = true;
  return table;
}();
inline bool IsTokenByte(char c) { return kTokenBytes[static_cast<uint8_t>(c)]; }

}  // namespace stator::http
