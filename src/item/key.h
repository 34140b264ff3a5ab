// Keys: how attribute values become the bytes that order a table or index. docs/formats/keys.md describes every byte.
//
//   hash64 (XXH3-64 of the encoded hash attributes, big-endian) | encoded hash attributes | encoded range attributes
//
// Strings and binaries escape 00 as 00 FF and end with 00 01; numbers are Number::AppendOrdered. Bytewise order of the
// range part is DynamoDB's order. Index keys append the table's own key (hash and range attributes, without hash64).
#pragma once

#include <string>

#include "item/value.h"

namespace stator::item {

// Appends one key attribute. REQUIRES: kString, kBinary or kNumber.
void AppendKeyPart(std::string* out, ValueView value);
// Consumes one key attribute of that type from the front of `in` and sets `value` to its encoded value (ValueView);
// false if malformed.
bool GetKeyPart(Bytes* in, Tag tag, std::string* value);
// Skips one key attribute of that type; false if malformed.
bool SkipKeyPart(Bytes* in, Tag tag);
// As AppendKeyPart for a string or binary that is only a prefix (begins_with): escaped, not ended.
void AppendKeyPrefix(std::string* out, Bytes prefix);

// The hash of the encoded hash attributes, as it leads every key.
uint64_t HashOfKey(Bytes encoded_hash_attributes);

// The smallest byte string greater than every string that begins with `prefix`; empty if there is none.
std::string PrefixEnd(Bytes prefix);

}  // namespace stator::item
