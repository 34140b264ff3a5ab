// DynamoDB JSON to stored bytes: one walk over the parsed text, appending as it goes; the first error latches.
// Tests: wire_test.cc, and at random against item/codec_twin.h.
#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "base/base64.h"
#include "errors/item.h"
#include "item/encode.h"
#include "item/wire.h"
#include "item/wire_types.h"

namespace stator::item {
namespace {

using internal::WireType;

constexpr size_t kMaxName = 65535;

// The members of an object in name order, the last of each name only. Small ones stay on the stack.
class SortedMembers {
 public:
  explicit SortedMembers(json::Value object) {
    json::Member* to = few_.data();
    if (object.size() > few_.size()) {
      many_.resize(object.size());
      to = many_.data();
    }
    size_t count = 0;
    bool sorted = true;
    for (const json::Member member : object.members()) {
      sorted = sorted && (count == 0 || to[count - 1].name < member.name);
      to[count++] = member;
    }
    members_ = {to, count};
    if (!sorted) Sort();
  }
  SortedMembers(const SortedMembers&) = delete;
  SortedMembers& operator=(const SortedMembers&) = delete;

  size_t size() const { return members_.size(); }
  auto begin() const { return members_.begin(); }
  auto end() const { return members_.end(); }

 private:
  // Stable, so that the last of several of one name stays behind the others.
  void Sort() {
    const auto by_name = [](const json::Member& a, const json::Member& b) { return a.name < b.name; };
    if (members_.size() <= few_.size()) {
      for (auto at = members_.begin() + 1; at < members_.end(); ++at) {
        std::rotate(std::upper_bound(members_.begin(), at, *at, by_name), at, at + 1);
      }
    } else {
      std::stable_sort(members_.begin(), members_.end(), by_name);
    }
    size_t kept = 0;
    for (size_t i = 0; i < members_.size(); ++i) {
      const bool replaced = i + 1 < members_.size() && members_[i + 1].name == members_[i].name;
      if (!replaced) members_[kept++] = members_[i];
    }
    members_ = members_.first(kept);
  }

  std::array<json::Member, 12> few_;
  std::vector<json::Member> many_;
  std::span<json::Member> members_;
};

class Reader {
 public:
  explicit Reader(std::string* out) : out_(*out) {}

  // Each answers false when error() is set; `size` grows by DynamoDB's size of what was read.
  bool ReadValue(json::Value wire, int levels_left);
  bool ReadAttributes(const SortedMembers& members, int levels_left, bool top_level);

  size_t size() const { return size_; }
  Error TakeError() { return std::move(*error_); }

 private:
  bool Stop(Error error) {
    error_ = std::move(error);
    return false;
  }
  bool Stop(ErrorId id) { return Stop(Fail(id)); }

  bool ReadUnusual(json::Value wire, int levels_left);
  bool ReadMember(WireType type, json::Value wire, int levels_left);
  bool ReadString(json::Value wire);
  bool ReadNumber(json::Value wire);
  bool ReadBinary(json::Value wire);
  bool ReadBool(json::Value wire);
  bool ReadNull(json::Value wire);
  bool ReadList(json::Value wire, int levels_left);
  bool ReadMap(json::Value wire, int levels_left);
  bool ReadStringSet(json::Value wire);
  bool ReadNumberSet(json::Value wire);
  bool ReadBinarySet(json::Value wire);
  // Sorts and appends; false if two are the same.
  bool AppendDistinct(Tag tag, std::vector<Bytes>* members);

  std::string& out_;
  size_t size_ = 0;
  std::optional<Error> error_;
};

bool Reader::ReadValue(json::Value wire, int levels_left) {
  if (levels_left == 0) return Stop(errors::kNestingTooDeep);
  if (wire.is_object() && wire.size() == 1) {
    const json::Member only = *wire.members().begin();
    const WireType type = internal::WireTypeOf(only.name);
    if (type != WireType::kUnknown && !only.value.is_null()) return ReadMember(type, only.value, levels_left);
  }
  return ReadUnusual(wire, levels_left);
}

// Anything but one known member: mostly mistakes, and members that do not count (unknown, null or repeated).
bool Reader::ReadUnusual(json::Value wire, int levels_left) {
  if (wire.is_null()) return Stop(errors::kValueEmpty);
  if (!wire.is_object()) return Stop(internal::NotAValue(wire));
  const size_t at = out_.size();
  const size_t size = size_;
  WireType found = WireType::kUnknown;
  bool many = false;
  for (const json::Member member : wire.members()) {
    const WireType type = internal::WireTypeOf(member.name);
    if (type == WireType::kUnknown || member.value.is_null()) continue;
    many = many || (found != WireType::kUnknown && type != found);
    found = type;
    out_.resize(at);
    size_ = size;
    // What is wrong in any of them is said before that there are several.
    if (!ReadMember(type, member.value, levels_left)) return false;
  }
  if (found == WireType::kUnknown) return Stop(errors::kValueEmpty);
  return !many || Stop(errors::kValueManyTypes);
}

bool Reader::ReadMember(WireType type, json::Value wire, int levels_left) {
  switch (type) {
    case WireType::kS:
      return ReadString(wire);
    case WireType::kN:
      return ReadNumber(wire);
    case WireType::kB:
      return ReadBinary(wire);
    case WireType::kBool:
      return ReadBool(wire);
    case WireType::kNull:
      return ReadNull(wire);
    case WireType::kL:
      return ReadList(wire, levels_left);
    case WireType::kM:
      return ReadMap(wire, levels_left);
    case WireType::kSs:
      return ReadStringSet(wire);
    case WireType::kNs:
      return ReadNumberSet(wire);
    case WireType::kBs:
      return ReadBinarySet(wire);
    case WireType::kUnknown:
      break;
  }
  return Stop(errors::kValueEmpty);
}

bool Reader::ReadString(json::Value wire) {
  if (!wire.is_string()) return Stop(internal::NotAString(wire));
  AppendString(&out_, wire.text());
  size_ += wire.text().size();
  return true;
}

bool Reader::ReadNumber(json::Value wire) {
  if (!wire.is_string()) return Stop(internal::NotAString(wire));
  const auto number = Number::Parse(wire.text());
  if (!number.ok()) return Stop(number.error());
  AppendNumber(&out_, *number);
  size_ += static_cast<size_t>(number->size_bytes());
  return true;
}

bool Reader::ReadBinary(json::Value wire) {
  if (!wire.is_string()) return Stop(internal::NotABlob(wire));
  const Bytes text = wire.text();
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  const size_t length = text.size() / 4 * 3 - (text.size() >= 4 ? padding : 0);
  internal::AppendTag(&out_, Tag::kBinary);
  PutVarint(&out_, length);
  if (!AppendFromBase64(&out_, text)) return Stop(internal::NotBase64(text));
  size_ += length;
  return true;
}

bool Reader::ReadBool(json::Value wire) {
  bool value = false;
  if (!internal::ReadBoolean(wire, &value)) return Stop(internal::NotABoolean(wire));
  AppendBool(&out_, value);
  ++size_;
  return true;
}

bool Reader::ReadNull(json::Value wire) {
  bool value = false;
  if (!internal::ReadBoolean(wire, &value)) return Stop(internal::NotABoolean(wire));
  if (!value) return Stop(errors::kNullNotTrue);
  AppendNull(&out_);
  ++size_;
  return true;
}

bool Reader::ReadList(json::Value wire, int levels_left) {
  if (!wire.is_array()) return Stop(internal::NotAList(wire));
  const size_t at = internal::BeginContainer(&out_, Tag::kList, wire.size());
  size_ += 3 + wire.size();
  for (const json::Value element : wire.elements()) {
    if (!ReadValue(element, levels_left - 1)) return false;
  }
  internal::EndContainer(&out_, at);
  return true;
}

bool Reader::ReadMap(json::Value wire, int levels_left) {
  if (!wire.is_object()) return Stop(internal::NotAMap(wire));
  const SortedMembers members(wire);
  const size_t at = internal::BeginContainer(&out_, Tag::kMap, members.size());
  size_ += 3 + members.size();
  if (!ReadAttributes(members, levels_left - 1, false)) return false;
  internal::EndContainer(&out_, at);
  return true;
}

bool Reader::ReadAttributes(const SortedMembers& members, int levels_left, bool top_level) {
  for (const json::Member& member : members) {
    if (top_level && member.name.empty()) return Stop(errors::kAttributeNameEmpty);
    if (member.name.size() > kMaxName) return Stop(errors::kAttributeNameTooLong);
    PutLengthPrefixed(&out_, member.name);
    size_ += member.name.size();
    if (!ReadValue(member.value, levels_left)) return false;
  }
  return true;
}

bool Reader::AppendDistinct(Tag tag, std::vector<Bytes>* members) {
  std::sort(members->begin(), members->end());
  if (std::adjacent_find(members->begin(), members->end()) != members->end()) return false;
  const size_t at = internal::BeginContainer(&out_, tag, members->size());
  for (const Bytes member : *members) PutLengthPrefixed(&out_, member);
  internal::EndContainer(&out_, at);
  return true;
}

// The members as the client wrote them, for the text about duplicates.
std::string Listing(json::Value array) {
  std::string out;
  std::string_view separator;
  for (const json::Value element : array.elements()) {
    out.append(separator).append(element.text());
    separator = ", ";
  }
  return out;
}

bool Reader::ReadStringSet(json::Value wire) {
  if (!wire.is_array()) return Stop(internal::NotAList(wire));
  if (wire.size() == 0) return Stop(errors::kStringSetEmpty);
  std::vector<Bytes> members;
  members.reserve(wire.size());
  for (const json::Value element : wire.elements()) {
    if (!element.is_string()) return Stop(internal::NotAString(element));
    members.push_back(element.text());
    size_ += element.text().size();
  }
  return AppendDistinct(Tag::kStringSet, &members) || Stop(Fail(errors::kStringSetDuplicates, Listing(wire)));
}

// Cuts `all` into the members that end at `ends`.
std::vector<Bytes> Cut(Bytes all, const std::vector<size_t>& ends) {
  std::vector<Bytes> members;
  members.reserve(ends.size());
  size_t from = 0;
  for (const size_t end : ends) {
    members.push_back(all.substr(from, end - from));
    from = end;
  }
  return members;
}

bool Reader::ReadNumberSet(json::Value wire) {
  if (!wire.is_array()) return Stop(internal::NotAList(wire));
  if (wire.size() == 0) return Stop(errors::kNumberSetEmpty);
  std::string ordered;
  std::vector<size_t> ends;
  ends.reserve(wire.size());
  for (const json::Value element : wire.elements()) {
    if (!element.is_string()) return Stop(internal::NotAString(element));
    const auto number = Number::Parse(element.text());
    if (!number.ok()) return Stop(number.error());
    number->AppendOrdered(&ordered);
    ends.push_back(ordered.size());
    size_ += static_cast<size_t>(number->size_bytes());
  }
  std::vector<Bytes> members = Cut(ordered, ends);
  return AppendDistinct(Tag::kNumberSet, &members) || Stop(errors::kNumberSetDuplicates);
}

bool Reader::ReadBinarySet(json::Value wire) {
  if (!wire.is_array()) return Stop(internal::NotAList(wire));
  if (wire.size() == 0) return Stop(errors::kBinarySetEmpty);
  std::string decoded;
  std::vector<size_t> ends;
  ends.reserve(wire.size());
  for (const json::Value element : wire.elements()) {
    if (!element.is_string()) return Stop(internal::NotABlob(element));
    if (!AppendFromBase64(&decoded, element.text())) return Stop(internal::NotBase64(element.text()));
    ends.push_back(decoded.size());
  }
  size_ += decoded.size();
  std::vector<Bytes> members = Cut(decoded, ends);
  return AppendDistinct(Tag::kBinarySet, &members) || Stop(Fail(errors::kBinarySetDuplicates, Listing(wire)));
}

// About what a flat item will need, so that most grow but once.
size_t Estimate(const SortedMembers& members) {
  size_t size = 16;
  for (const json::Member& member : members) {
    size += member.name.size() + 8;
    if (!member.value.is_object() || member.value.size() == 0) continue;
    const json::Value content = (*member.value.members().begin()).value;
    if (content.is_string()) size += content.text().size();
  }
  return size;
}

}  // namespace

Status AppendValue(std::string* out, json::Value wire) {
  const size_t before = out->size();
  Reader reader(out);
  if (reader.ReadValue(wire, kMaxLevels)) return {};
  out->resize(before);
  return reader.TakeError();
}

Result<std::string> ReadValue(json::Value wire) {
  std::string out;
  STATOR_OK(AppendValue(&out, wire));
  return out;
}

Result<std::string> ReadItem(json::Value wire) {
  if (!wire.is_object()) return internal::NotAMap(wire);
  const SortedMembers members(wire);
  std::string out;
  out.reserve(Estimate(members));
  internal::BeginItem(&out, members.size());
  Reader reader(&out);
  if (!reader.ReadAttributes(members, kMaxLevels, true)) return reader.TakeError();
  internal::EndItem(&out, 0, reader.size());
  return out;
}

}  // namespace stator::item
