// Making the stored form from parts. docs/formats/item.md.
#include "item/encode.h"

#include <algorithm>

namespace stator::item {
namespace internal {

void EndContainer(std::string* out, size_t at) {
  size_t length = out->size() - at;
  if (length >= 0x80) {
    const auto extra = static_cast<size_t>(VarintLength(length) - 1);
    out->insert(at, extra, '\0');
  }
  char* to = out->data() + at - 1;
  for (; length >= 0x80; length >>= 7) *to++ = static_cast<char>(length | 0x80);
  *to = static_cast<char>(length);
}

void EndItem(std::string* out, size_t at, size_t size) {
  STATOR_CHECK(size <= UINT32_MAX);
  for (size_t i = 0; i < 4; ++i) (*out)[at + 1 + i] = static_cast<char>(size >> (8 * i));
}

}  // namespace internal

namespace {

void SortByName(std::vector<Attribute>* attributes) {
  std::sort(attributes->begin(), attributes->end(),
            [](const Attribute& a, const Attribute& b) { return a.name < b.name; });
}

void AppendAttribute(std::string* out, const Attribute& attribute) {
  PutLengthPrefixed(out, attribute.name);
  out->append(attribute.value.encoded());
}

void AppendTagged(std::string* out, Tag tag, Bytes payload) {
  internal::AppendTag(out, tag);
  PutLengthPrefixed(out, payload);
}

}  // namespace

void AppendNull(std::string* out) { internal::AppendTag(out, Tag::kNull); }
void AppendBool(std::string* out, bool v) { internal::AppendTag(out, v ? Tag::kTrue : Tag::kFalse); }
void AppendString(std::string* out, Bytes s) { AppendTagged(out, Tag::kString, s); }
void AppendBinary(std::string* out, Bytes b) { AppendTagged(out, Tag::kBinary, b); }

void AppendNumber(std::string* out, const Number& n) {
  internal::AppendTag(out, Tag::kNumber);
  out->push_back(0);
  const size_t at = out->size();
  n.AppendOrdered(out);
  (*out)[at - 1] = static_cast<char>(out->size() - at);  // at most Number::kMaxOrderedBytes
}

void AppendList(std::string* out, std::span<const ValueView> elements) {
  const size_t at = internal::BeginContainer(out, Tag::kList, elements.size());
  for (const ValueView element : elements) out->append(element.encoded());
  internal::EndContainer(out, at);
}

void AppendSet(std::string* out, Tag tag, std::vector<Bytes> members) {
  STATOR_CHECK(IsSet(tag) && !members.empty());
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  const size_t at = internal::BeginContainer(out, tag, members.size());
  for (const Bytes member : members) PutLengthPrefixed(out, member);
  internal::EndContainer(out, at);
}

void AppendMap(std::string* out, std::vector<Attribute> attributes) {
  SortByName(&attributes);
  const size_t at = internal::BeginContainer(out, Tag::kMap, attributes.size());
  for (const Attribute& attribute : attributes) AppendAttribute(out, attribute);
  internal::EndContainer(out, at);
}

std::string MakeItem(std::vector<Attribute> attributes) {
  SortByName(&attributes);
  std::string out;
  internal::BeginItem(&out, attributes.size());
  size_t size = 0;
  for (const Attribute& attribute : attributes) {
    AppendAttribute(&out, attribute);
    size += attribute.name.size() + attribute.value.size_bytes();
  }
  internal::EndItem(&out, 0, size);
  return out;
}

}  // namespace stator::item
