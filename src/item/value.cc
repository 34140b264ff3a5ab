// Walking and measuring the stored form. docs/formats/item.md describes it, valid.cc checks it, encode.cc makes it.
#include "item/value.h"

#include <algorithm>

#include "base/coding.h"
#include "item/encode.h"

namespace stator::item {
namespace {

bool HasPayload(Tag tag) { return tag > Tag::kTrue; }

size_t TakeLongVarint(Bytes* in) {
  uint64_t v = 0;
  STATOR_CHECK(GetVarint(in, &v));
  return v;
}

// Lengths and counts are nearly always below 128.
inline size_t TakeVarint(Bytes* in) {
  if (in->empty() || static_cast<uint8_t>(in->front()) >= 0x80) return TakeLongVarint(in);
  const auto first = static_cast<uint8_t>(in->front());
  in->remove_prefix(1);
  return first;
}

inline Bytes TakeBytes(Bytes* in) {
  const size_t size = TakeVarint(in);
  STATOR_CHECK(size <= in->size());
  const Bytes bytes(in->data(), size);
  in->remove_prefix(size);
  return bytes;
}

// The first value of `in`, whole.
inline ValueView TakeValue(Bytes* in) {
  STATOR_CHECK(!in->empty());
  const Bytes begin = *in;
  const auto tag = static_cast<Tag>(begin[0]);
  STATOR_CHECK(tag <= Tag::kBinarySet);
  in->remove_prefix(1);
  if (HasPayload(tag)) TakeBytes(in);
  return ValueView(Bytes(begin.data(), begin.size() - in->size()));
}

inline Bytes Payload(Bytes encoded) {
  encoded.remove_prefix(1);
  const size_t size = TakeVarint(&encoded);
  STATOR_CHECK(size == encoded.size());
  return encoded;
}

// A container's payload: the count comes off, the rest is walked.
template <class View>
View Open(Bytes payload) {
  const size_t count = TakeVarint(&payload);
  return View(payload, count);
}

Number TakeNumber(Bytes ordered) {
  Number n;
  STATOR_CHECK(Number::GetOrdered(&ordered, &n) && ordered.empty());
  return n;
}

// Calls fn(name or empty, child) for each child of a list or map.
template <class Fn>
void ForEachChild(ValueView value, Fn fn) {
  ValueView child;
  if (value.tag() == Tag::kList) {
    for (ListView list = value.list(); list.Next(&child);) fn(Bytes(), child);
  } else {
    Bytes name;
    for (MapView map = value.map(); map.Next(&name, &child);) fn(name, child);
  }
}

size_t SetSize(SetView set, bool numbers) {
  size_t size = 0;
  for (Bytes member; set.Next(&member);) {
    size += numbers ? static_cast<size_t>(TakeNumber(member).size_bytes()) : member.size();
  }
  return size;
}

// How deep a walk may recurse. Values from outside have at most kMaxLevels; an update may put one at the end of a path
// of as many steps before the result is found too deep.
constexpr int kMaxWalk = 2 * kMaxLevels;

size_t SizeOf(ValueView value, int levels_left) {
  STATOR_CHECK(levels_left > 0);
  switch (value.tag()) {
    case Tag::kNull:
    case Tag::kFalse:
    case Tag::kTrue:
      return 1;
    case Tag::kNumber:
      return static_cast<size_t>(value.number().size_bytes());
    case Tag::kString:
    case Tag::kBinary:
      return value.bytes().size();
    case Tag::kNumberSet:
      return SetSize(value.set(), true);
    case Tag::kStringSet:
    case Tag::kBinarySet:
      return SetSize(value.set(), false);
    case Tag::kList:
    case Tag::kMap: {
      size_t size = 3;
      ForEachChild(value,
                   [&](Bytes name, ValueView child) { size += 1 + name.size() + SizeOf(child, levels_left - 1); });
      return size;
    }
  }
  STATOR_CHECK(false);
}

int LevelsOf(ValueView value, int levels_left) {
  STATOR_CHECK(levels_left > 0);
  if (value.tag() != Tag::kList && value.tag() != Tag::kMap) return 1;
  int deepest = 0;
  ForEachChild(value, [&](Bytes, ValueView child) { deepest = std::max(deepest, LevelsOf(child, levels_left - 1)); });
  return 1 + deepest;
}

}  // namespace

Bytes TypeName(Tag tag) {
  static constexpr Bytes kNames[] = {"NULL", "BOOL", "BOOL", "N", "S", "B", "L", "M", "NS", "SS", "BS"};
  return kNames[static_cast<size_t>(tag)];
}

Bytes ValueView::bytes() const {
  STATOR_CHECK(tag() == Tag::kString || tag() == Tag::kBinary);
  return Payload(encoded_);
}

Bytes ValueView::ordered_number() const {
  STATOR_CHECK(tag() == Tag::kNumber);
  return Payload(encoded_);
}

Number ValueView::number() const { return TakeNumber(ordered_number()); }

ListView ValueView::list() const {
  STATOR_CHECK(tag() == Tag::kList);
  return Open<ListView>(Payload(encoded_));
}

MapView ValueView::map() const {
  STATOR_CHECK(tag() == Tag::kMap);
  return Open<MapView>(Payload(encoded_));
}

SetView ValueView::set() const {
  STATOR_CHECK(IsSet(tag()));
  return Open<SetView>(Payload(encoded_));
}

size_t ValueView::size_bytes() const { return SizeOf(*this, kMaxWalk); }
int ValueView::levels() const { return LevelsOf(*this, kMaxWalk); }

std::optional<std::strong_ordering> CompareSameType(ValueView a, ValueView b) {
  if (a.tag() != b.tag()) return std::nullopt;
  switch (a.tag()) {
    case Tag::kNumber:
      return a.ordered_number().compare(b.ordered_number()) <=> 0;
    case Tag::kString:
    case Tag::kBinary:
      return a.bytes().compare(b.bytes()) <=> 0;
    default:
      return std::nullopt;
  }
}

bool ListView::Next(ValueView* out) {
  if (rest_.empty()) return false;
  *out = TakeValue(&rest_);
  return true;
}

ValueView ListView::At(size_t index) const {
  if (index >= count_) return {};
  ListView walk = *this;
  ValueView value;
  do {
    if (!walk.Next(&value)) return {};
  } while (index-- > 0);
  return value;
}

bool MapView::Next(Bytes* name, ValueView* value) {
  if (rest_.empty()) return false;
  *name = TakeBytes(&rest_);
  *value = TakeValue(&rest_);
  return true;
}

ValueView MapView::Find(Bytes name) const {
  MapView walk = *this;
  Bytes found;
  ValueView value;
  while (walk.Next(&found, &value)) {
    if (found == name) return value;
  }
  return {};
}

bool SetView::Next(Bytes* member) {
  if (rest_.empty()) return false;
  *member = TakeBytes(&rest_);
  return true;
}

bool SetView::Contains(Bytes member) const {
  SetView walk = *this;
  for (Bytes found; walk.Next(&found);) {
    if (found >= member) return found == member;
  }
  return false;
}

size_t ItemView::size_bytes() const {
  Bytes in = stored_;
  uint8_t format = 0;
  uint32_t size = 0;
  STATOR_CHECK(GetByte(&in, &format) && format == internal::kItemFormat && GetFixed32(&in, &size));
  return size;
}

MapView ItemView::attributes() const {
  STATOR_CHECK(stored_.size() > internal::kItemHeader && stored_[0] == static_cast<char>(internal::kItemFormat));
  return Open<MapView>(stored_.substr(internal::kItemHeader));
}

}  // namespace stator::item
