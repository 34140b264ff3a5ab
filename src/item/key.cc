// Key attributes to bytes whose order is theirs. docs/formats/keys.md. Tests: key_test.cc.
#include "item/key.h"

#include <xxhash.h>

#include "base/check.h"

namespace stator::item {
namespace {

constexpr char kEscaped = '\xff';     // after 00: a 00 of the value
constexpr char kTerminator = '\x01';  // after 00: the end

void AppendEscaped(std::string* out, Bytes bytes) {
  size_t from = 0;
  for (size_t at = bytes.find('\0'); at != Bytes::npos; at = bytes.find('\0', from)) {
    out->append(bytes.substr(from, at + 1 - from));
    out->push_back(kEscaped);
    from = at + 1;
  }
  out->append(bytes.substr(from));
}

// Consumes an escaped string; appends it to `out` unless null.
bool GetEscaped(Bytes* in, std::string* out) {
  while (true) {
    const size_t at = in->find('\0');
    if (at == Bytes::npos || at + 1 >= in->size()) return false;
    const char next = (*in)[at + 1];
    if (next != kEscaped && next != kTerminator) return false;
    if (out) out->append(in->substr(0, next == kEscaped ? at + 1 : at));
    in->remove_prefix(at + 2);
    if (next == kTerminator) return true;
  }
}

}  // namespace

void AppendKeyPart(std::string* out, ValueView value) {
  if (value.tag() == Tag::kNumber) {
    out->append(value.ordered_number());
    return;
  }
  AppendEscaped(out, value.bytes());
  out->push_back('\0');
  out->push_back(kTerminator);
}

bool GetKeyPart(Bytes* in, Tag tag, std::string* value) {
  value->clear();
  if (tag == Tag::kNumber) {
    Number n;
    if (!Number::GetOrdered(in, &n)) return false;
    AppendNumber(value, n);
    return true;
  }
  std::string raw;
  if (!GetEscaped(in, &raw)) return false;
  tag == Tag::kString ? AppendString(value, raw) : AppendBinary(value, raw);
  return true;
}

bool SkipKeyPart(Bytes* in, Tag tag) {
  Number n;
  return tag == Tag::kNumber ? Number::GetOrdered(in, &n) : GetEscaped(in, nullptr);
}

void AppendKeyPrefix(std::string* out, Bytes prefix) { AppendEscaped(out, prefix); }

uint64_t HashOfKey(Bytes encoded_hash_attributes) {
  return XXH3_64bits(encoded_hash_attributes.data(), encoded_hash_attributes.size());
}

std::string PrefixEnd(Bytes prefix) {
  while (!prefix.empty() && prefix.back() == '\xff') prefix.remove_suffix(1);
  std::string end(prefix);
  if (!end.empty()) end.back() = static_cast<char>(static_cast<uint8_t>(end.back()) + 1);
  return end;
}

}  // namespace stator::item
