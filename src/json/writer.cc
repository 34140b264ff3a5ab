#include "json/writer.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace stator::json {
namespace {

constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> table{};
  for (int c = 0x20; c < 256; ++c) table[static_cast<size_t>(c)] = c != '"' && c != '\\' && c != 0x7f;
  return table;
}();

void AppendEscape(std::string* out, unsigned char c) {
  switch (c) {
    case '"': out->append("\\\""); return;
    case '\\': out->append("\\\\"); return;
    case '\b': out->append("\\b"); return;
    case '\f': out->append("\\f"); return;
    case '\n': out->append("\\n"); return;
    case '\r': out->append("\\r"); return;
    case '\t': out->append("\\t"); return;
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
  size_t from = 0;
  for (size_t i = 0; i < s.size(); ++i) {
    const auto c = static_cast<unsigned char>(s[i]);
    if (kPlain[c]) continue;
    out->append(s.substr(from, i - from));
    AppendEscape(out, c);
    from = i + 1;
  }
  out->append(s.substr(from));
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
