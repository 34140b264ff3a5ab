#include "json/writer.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <array>
#include <bit>
#include <charconv>
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

#if defined(__SSE2__)
// Sixteen bytes: bit i is set if byte i needs an escape.
unsigned SpecialBytes(const char* at) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  // A byte is at most 0x1f if the lesser of the two is the byte itself.
  const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
  const __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
  const __m128i del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
  const __m128i any = _mm_or_si128(_mm_or_si128(control, quote), _mm_or_si128(backslash, del));
  return static_cast<unsigned>(_mm_movemask_epi8(any));
}
#endif

// Whether the eight bytes there need no escape; may say no of some that do not.
bool PlainWord(const char* at) {
  uint64_t word;
  std::memcpy(&word, at, 8);
  const uint64_t control = (word - Repeated(0x20)) & ~word & Repeated(0x80);
  const uint64_t special =
      ZeroBytes(word ^ Repeated('"')) | ZeroBytes(word ^ Repeated('\\')) | ZeroBytes(word ^ Repeated(0x7f));
  return (control | special) == 0;
}

// The length of the longest prefix of `s` that needs no escape, looked at many bytes at a time.
size_t PlainPrefix(Bytes s) {
  size_t i = 0;
#if defined(__SSE2__)
  for (; i + 16 <= s.size(); i += 16) {
    const unsigned special = SpecialBytes(s.data() + i);
    if (special != 0) return i + static_cast<size_t>(std::countr_zero(special));
  }
#endif
  while (i + 8 <= s.size() && PlainWord(s.data() + i)) i += 8;
  // What is left of less than a word is seen together with what went before it.
  if (s.size() >= 8 && i + 8 > s.size() && PlainWord(s.data() + s.size() - 8)) return s.size();
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

void AppendEscaped(std::string* out, Bytes s) {
  while (true) {
    const size_t plain = PlainPrefix(s);
    out->append(s.data(), plain);
    if (plain == s.size()) return;
    AppendEscape(out, static_cast<unsigned char>(s[plain]));
    s.remove_prefix(plain + 1);
  }
}

void AppendQuoted(std::string* out, Bytes s) {
  out->push_back('"');
  AppendEscaped(out, s);
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
  const Bytes digits(text, static_cast<size_t>(std::to_chars(text, text + sizeof text, v).ptr - text));
  out_.append(digits);
  // Without this a reader would take it for an integer, and perhaps for one it has no room for.
  if (digits.find_first_of(".e") == Bytes::npos) out_.append(".0");
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
