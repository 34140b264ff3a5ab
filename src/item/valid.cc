// Checks untrusted bytes against docs/formats/item.md: well-formed, canonical, and the recorded size true.
#include <algorithm>

#include "base/coding.h"
#include "item/encode.h"
#include "item/value.h"

namespace stator::item {
namespace {

// A varint in its shortest form.
bool TakeVarint(Bytes* in, uint64_t* v) {
  const size_t before = in->size();
  if (!GetVarint(in, v)) return false;
  return before - in->size() == static_cast<size_t>(VarintLength(*v));
}

bool TakeBytes(Bytes* in, Bytes* out) {
  uint64_t size = 0;
  if (!TakeVarint(in, &size) || size > in->size()) return false;
  *out = in->substr(0, size);
  in->remove_prefix(size);
  return true;
}

bool TakeNumber(Bytes ordered) {
  Number n;
  return Number::GetOrdered(&ordered, &n) && ordered.empty();
}

bool CheckSet(Bytes payload, bool numbers) {
  uint64_t count = 0;
  if (!TakeVarint(&payload, &count) || count == 0) return false;
  Bytes last;
  for (uint64_t i = 0; i < count; ++i) {
    Bytes member;
    if (!TakeBytes(&payload, &member)) return false;
    if (i > 0 && member <= last) return false;
    if (numbers && !TakeNumber(member)) return false;
    last = member;
  }
  return payload.empty();
}

bool CheckValue(Bytes* in, int levels_left);

bool CheckList(Bytes payload, int levels_left) {
  uint64_t count = 0;
  if (!TakeVarint(&payload, &count)) return false;
  for (uint64_t i = 0; i < count; ++i) {
    if (!CheckValue(&payload, levels_left)) return false;
  }
  return payload.empty();
}

bool CheckAttributes(Bytes payload, int levels_left) {
  uint64_t count = 0;
  if (!TakeVarint(&payload, &count)) return false;
  Bytes last;
  for (uint64_t i = 0; i < count; ++i) {
    Bytes name;
    if (!TakeBytes(&payload, &name) || (i > 0 && name <= last)) return false;
    if (!CheckValue(&payload, levels_left)) return false;
    last = name;
  }
  return payload.empty();
}

bool CheckPayload(Tag tag, Bytes payload, int levels_left) {
  switch (tag) {
    case Tag::kNull:
    case Tag::kFalse:
    case Tag::kTrue:
      return false;  // have none
    case Tag::kNumber:
      return TakeNumber(payload);
    case Tag::kString:
    case Tag::kBinary:
      return true;
    case Tag::kList:
      return levels_left > 1 && CheckList(payload, levels_left - 1);
    case Tag::kMap:
      return levels_left > 1 && CheckAttributes(payload, levels_left - 1);
    case Tag::kNumberSet:
      return CheckSet(payload, true);
    case Tag::kStringSet:
    case Tag::kBinarySet:
      return CheckSet(payload, false);
  }
  return false;
}

// Consumes one value. Recursion goes at most kMaxLevels deep.
bool CheckValue(Bytes* in, int levels_left) {
  uint8_t byte = 0;
  if (levels_left == 0) return false;
  if (!GetByte(in, &byte) || byte > static_cast<uint8_t>(Tag::kBinarySet)) return false;
  const auto tag = static_cast<Tag>(byte);
  if (tag <= Tag::kTrue) return true;
  Bytes payload;
  return TakeBytes(in, &payload) && CheckPayload(tag, payload, levels_left);
}

}  // namespace

bool ValidValue(Bytes bytes) { return CheckValue(&bytes, kMaxLevels) && bytes.empty(); }

bool ValidItem(Bytes bytes) {
  const ItemView item(bytes);
  uint8_t format = 0;
  uint32_t size = 0;
  if (!GetByte(&bytes, &format) || format != internal::kItemFormat || !GetFixed32(&bytes, &size)) return false;
  if (!CheckAttributes(bytes, kMaxLevels)) return false;
  size_t sum = 0;
  Bytes name;
  ValueView value;
  for (MapView walk = item.attributes(); walk.Next(&name, &value);) sum += name.size() + value.size_bytes();
  return sum == size;
}

}  // namespace stator::item
