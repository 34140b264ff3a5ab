#include "api/address.h"

#include "directory/text.h"

namespace stator::messages {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::optional<std::string> Decoded(Bytes text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = HexDigit(text[i + 1]);
    const int low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<char>(high << 4 | low));
    i += 2;
  }
  if (!CodePoints(out)) return std::nullopt;
  return out;
}

std::optional<std::string> Parameter(Bytes query, Bytes name, bool* bad) {
  while (!query.empty()) {
    const size_t end = query.find('&');
    const Bytes pair = query.substr(0, end);
    query = end == Bytes::npos ? Bytes() : query.substr(end + 1);
    const size_t equals = pair.find('=');
    if (pair.substr(0, equals) != name) continue;
    std::string value(equals == Bytes::npos ? Bytes() : pair.substr(equals + 1));
    for (char& c : value) c = c == '+' ? ' ' : c;
    auto decoded = Decoded(value);
    if (!decoded) *bad = true;
    return decoded;
  }
  return std::nullopt;
}

bool Matches(Bytes pattern, Bytes path, Bytes* argument) {
  const size_t hole = pattern.find("{}");
  if (hole == Bytes::npos) return pattern == path;
  const Bytes before = pattern.substr(0, hole);
  const Bytes after = pattern.substr(hole + 2);
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after)) return false;
  *argument = path.substr(before.size(), path.size() - before.size() - after.size());
  return argument->find('/') == Bytes::npos;
}

}  // namespace stator::messages
