// Attribute values in their stored form, and views that walk it. docs/formats/item.md describes every byte.
//
// A value is a tag, and unless the tag says all a length and a payload, so skipping is one step. The form is canonical:
// map and item attributes are sorted by name, set members sorted and distinct, numbers ordered bytes (item/number.h).
// Equal values therefore have equal bytes, and "does this write change anything" is one memcmp.
//
// Views borrow. They are made from bytes this program wrote, or from bytes that ValidItem has accepted; a malformed
// value ends the process (STATOR_CHECK), it does not read out of bounds.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "item/number.h"

namespace stator::item {

enum class Tag : uint8_t {
  kNull = 0,
  kFalse = 1,
  kTrue = 2,
  kNumber = 3,
  kString = 4,
  kBinary = 5,
  kList = 6,
  kMap = 7,
  kNumberSet = 8,
  kStringSet = 9,
  kBinarySet = 10,
};

// A scalar, a set and an empty list or map are one level; any other list or map is one more than what it holds.
// Source: notes/dynamodb.md, "Sizes" (31 maps around a scalar pass, 32 fail).
inline constexpr int kMaxLevels = 32;

// "NULL", "BOOL", "N", "S", "B", "L", "M", "NS", "SS", "BS": the wire's name of a type.
Bytes TypeName(Tag);
inline bool IsSet(Tag t) { return t == Tag::kNumberSet || t == Tag::kStringSet || t == Tag::kBinarySet; }

class ListView;
class MapView;
class SetView;

// One encoded value: tag and payload. Two words.
class ValueView {
 public:
  ValueView() = default;
  // `encoded` is exactly one value.
  explicit ValueView(Bytes encoded) : encoded_(encoded) {}
  bool valid() const { return !encoded_.empty(); }

  Bytes encoded() const { return encoded_; }
  // REQUIRES: valid().
  Tag tag() const {
    STATOR_CHECK(valid());
    return static_cast<Tag>(encoded_[0]);
  }
  bool is_bool() const { return tag() == Tag::kTrue || tag() == Tag::kFalse; }

  // Each REQUIRES the tag it is for.
  Bytes bytes() const;           // kString, kBinary
  Number number() const;         // kNumber
  Bytes ordered_number() const;  // kNumber: compares bytewise as numbers do
  ListView list() const;
  MapView map() const;
  SetView set() const;

  // DynamoDB's size of the value: notes/dynamodb.md, "Sizes", and the developer guide's list for lists and maps.
  size_t size_bytes() const;
  // Levels of nesting (kMaxLevels).
  int levels() const;
  bool operator==(const ValueView& other) const { return encoded_ == other.encoded_; }

 private:
  Bytes encoded_;
};

// The order of two strings, two binaries or two numbers, as <, > and BETWEEN see it; nothing when the types differ or
// have no order. REQUIRES: both valid.
std::optional<std::strong_ordering> CompareSameType(ValueView a, ValueView b);

// Cursors over a container's payload. Each is a forward walk; `Next` answers false at the end.
class ListView {
 public:
  ListView(Bytes payload, size_t count) : rest_(payload), count_(count) {}
  // Elements of the whole list, however far the walk has come.
  size_t count() const { return count_; }
  bool Next(ValueView* out);
  // The element at that index of what is still ahead; invalid if there is none. A skip, not a parse, of those before
  // it.
  ValueView At(size_t index) const;

 private:
  Bytes rest_;
  size_t count_;
};

class MapView {
 public:
  MapView(Bytes payload, size_t count) : rest_(payload), count_(count) {}
  size_t count() const { return count_; }
  // In name order.
  bool Next(Bytes* name, ValueView* value);
  // The value of that name; invalid if there is none.
  ValueView Find(Bytes name) const;

 private:
  Bytes rest_;
  size_t count_;
};

// Members are raw: the string, the binary, or the ordered number.
class SetView {
 public:
  SetView(Bytes payload, size_t count) : rest_(payload), count_(count) {}
  size_t count() const { return count_; }
  // In byte order.
  bool Next(Bytes* member);
  bool Contains(Bytes member) const;

 private:
  Bytes rest_;
  size_t count_;
};

// A whole stored item: format byte, DynamoDB size, attributes as in a map.
class ItemView {
 public:
  ItemView() = default;
  explicit ItemView(Bytes stored) : stored_(stored) {}
  bool valid() const { return !stored_.empty(); }
  Bytes stored() const { return stored_; }
  // DynamoDB's size: names and values.
  size_t size_bytes() const;
  MapView attributes() const;
  ValueView Find(Bytes name) const { return attributes().Find(name); }
  bool operator==(const ItemView& other) const { return stored_ == other.stored_; }

 private:
  Bytes stored_;
};

// Appends encoded values. `out` must not be what the arguments borrow from.
void AppendNull(std::string* out);
void AppendBool(std::string* out, bool v);
void AppendString(std::string* out, Bytes s);
void AppendBinary(std::string* out, Bytes b);
void AppendNumber(std::string* out, const Number& n);
void AppendList(std::string* out, std::span<const ValueView> elements);
// A set of raw members (SetView), in any order; sorts them and drops repetitions. REQUIRES: a set's tag, not empty.
void AppendSet(std::string* out, Tag tag, std::vector<Bytes> members);

struct Attribute {
  Bytes name;
  ValueView value;
};
// In any order; sorts them. REQUIRES: distinct names.
void AppendMap(std::string* out, std::vector<Attribute> attributes);
// A stored item of those attributes: keys, projections, index rows. REQUIRES: distinct names.
std::string MakeItem(std::vector<Attribute> attributes);

// Checks that `bytes` is one well-formed, canonical stored item (for `stator check` and fuzzing). Bounded by its
// length.
bool ValidItem(Bytes bytes);
// The same of one value.
bool ValidValue(Bytes bytes);

}  // namespace stator::item
