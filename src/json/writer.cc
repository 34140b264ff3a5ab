#include "json/writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace stator::json {
namespace {

constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> table{};
  for (int c = 0x20; c < 256; ++c) table[static_cast<size_t>(c)] = c != '"' && c != '\\' && c != 0x7f;
  return table;
}();

constexpr uint64_t Repeated(uint8_t byte) { return ~uint64_t{0} / 255 * byte; }

// The highest bit of each byte that is zero, and perhaps of bytes above such a one.
constexpr uint64_t ZeroBytes(uint64_t word) { return (word - Repeated(1)) & ~word & Repeated(0x80); }

// The length of the longest prefix of `s` that needs no escape, looked at eight bytes at a time.
size_t PlainPrefix(Bytes s) {
  size_t i = 0;
  for (; i + 8 <= s.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, s.data() + i, 8);
    const uint64_t control = (word - Repeated(0x20)) & ~word & Repeated(0x80);
    const uint64_t special =
        ZeroBytes(word ^ Repeated('"')) | ZeroBytes(word ^ Repeated('\\')) | ZeroBytes(word ^ Repeated(0x7f));
    if ((control | special) != 0) break;
  }
  while (i < s.size() && kPlain[static_cast<unsigned char>(s[i])]) ++i;
  return i;
}

void AppendEscape(std::string* out, unsigned char c) {
  switch (c) {
    case '"':
      out->append("\\\"");
      return;
    case '\\':
      out->append("\\\\");
      return;
    case '\b':
      out->append("\\b");
      return;
    case '\f':
      out->append("\\f");
      return;
    case '\n':
      out->append("\\n");
      return;
    case '\r':
      out->append("\\r");
      return;
    case '\t':
      out->append("\\t");
      return;
    default: {
      char text[8];
      std::snprintf(text, sizeof text, "\\u%04x", c);
      out->append(text);
    }
  }
}

}  // namespace

void AppendQuoted(std::string* out, Bytes s) {
  out->push_back('"');
  while (true) {
    const size_t plain = PlainPrefix(s);
    out->append(s.data(), plain);
    if (plain == s.size()) break;
    AppendEscape(out, static_cast<unsigned char>(s[plain]));
    s.remove_prefix(plain + 1);
  }
  out->push_back('"');
}

Writer& Writer::Int(int64_t v) {
  Comma();
  char text[24];
  out_.append(text, std::to_chars(text, text + sizeof text, v).ptr);
  return *this;
}

Writer& Writer::Double(double v) {
  Comma();
  char text[40];
  char* end = std::to_chars(text, text + sizeof text, v).ptr;
  out_.append(text, end);
  if (v == std::floor(v) && std::fabs(v) < 1e15) out_.append(".0");
  return *this;
}

Writer& Writer::Millis(int64_t millis) {
  Comma();
  char text[32];
  const int n = std::snprintf(text, sizeof text, "%lld.%03d", static_cast<long long>(millis / 1000),
                              static_cast<int>(millis % 1000));
  out_.append(text, static_cast<size_t>(n));
  return *this;
}

}  // namespace stator::json
