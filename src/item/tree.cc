// Taking values apart and putting them together again. Tests: tree_test.cc.
#include "item/tree.h"

#include <algorithm>

#include "base/check.h"
#include "item/encode.h"

namespace stator::item {

Tree::Tree() = default;
Tree::Tree(ValueView value) : encoded_(value.encoded()) {}
Tree::Tree(std::string encoded) : encoded_(std::move(encoded)) {}
Tree::Tree(const Tree&) = default;
Tree::Tree(Tree&&) noexcept = default;
Tree& Tree::operator=(const Tree&) = default;
Tree& Tree::operator=(Tree&&) noexcept = default;
Tree::~Tree() = default;

Tree Tree::EmptyList() {
  Tree tree;
  tree.open_ = tree.is_list_ = true;
  return tree;
}

Tree Tree::EmptyMap() {
  Tree tree;
  tree.open_ = true;
  return tree;
}

Tag Tree::tag() const {
  if (open_) return is_list_ ? Tag::kList : Tag::kMap;
  return ValueView(encoded_).tag();
}

void Tree::Open() {
  if (open_) return;
  const std::string encoded = std::move(encoded_);
  encoded_.clear();
  const ValueView value(encoded);
  ValueView child;
  is_list_ = value.tag() == Tag::kList;
  if (is_list_) {
    ListView list = value.list();
    elements_.reserve(list.count());
    while (list.Next(&child)) elements_.emplace_back(child);
  } else {
    MapView map = value.map();
    members_.reserve(map.count());
    for (Bytes name; map.Next(&name, &child);) members_.push_back({std::string(name), Tree(child)});
  }
  open_ = true;
}

std::vector<Tree>& Tree::elements() {
  STATOR_CHECK(open_ && is_list_);
  return elements_;
}

std::vector<Tree::Member>& Tree::members() {
  STATOR_CHECK(open_ && !is_list_);
  return members_;
}

std::vector<Tree::Member>::iterator Tree::Place(Bytes name) {
  STATOR_CHECK(open_ && !is_list_);
  return std::lower_bound(members_.begin(), members_.end(), name,
                          [](const Member& member, Bytes wanted) { return member.name < wanted; });
}

Tree* Tree::FindMember(Bytes name) {
  const auto place = Place(name);
  return place != members_.end() && place->name == name ? &place->value : nullptr;
}

void Tree::SetMember(Bytes name, Tree value) {
  const auto place = Place(name);
  if (place != members_.end() && place->name == name) {
    place->value = std::move(value);
  } else {
    members_.insert(place, {std::string(name), std::move(value)});
  }
}

bool Tree::RemoveMember(Bytes name) {
  const auto place = Place(name);
  if (place == members_.end() || place->name != name) return false;
  members_.erase(place);
  return true;
}

// Recursion is as deep as what was opened: the length of a document path.
void Tree::AppendTo(std::string* out) const {
  if (!open_) {
    out->append(encoded_);
    return;
  }
  const size_t count = is_list_ ? elements_.size() : members_.size();
  const size_t at = internal::BeginContainer(out, tag(), count);
  for (const Tree& element : elements_) element.AppendTo(out);
  for (const Member& member : members_) {
    PutLengthPrefixed(out, member.name);
    member.value.AppendTo(out);
  }
  internal::EndContainer(out, at);
}

std::string Tree::Encode() const {
  std::string out;
  AppendTo(&out);
  return out;
}

int Tree::levels() const {
  if (!open_) return ValueView(encoded_).levels();
  int deepest = 0;
  for (const Tree& element : elements_) deepest = std::max(deepest, element.levels());
  for (const Member& member : members_) deepest = std::max(deepest, member.value.levels());
  return deepest + 1;
}

Tree OpenItem(ItemView item) {
  Tree tree = Tree::EmptyMap();
  if (!item.valid()) return tree;
  MapView map = item.attributes();
  tree.members().reserve(map.count());
  Bytes name;
  for (ValueView value; map.Next(&name, &value);) tree.members().push_back({std::string(name), Tree(value)});
  return tree;
}

std::string EncodeItem(const Tree& attributes) {
  STATOR_CHECK(attributes.open_ && !attributes.is_list_);
  std::string out;
  internal::BeginItem(&out, attributes.members_.size());
  size_t size = 0;
  for (const Tree::Member& member : attributes.members_) {
    PutLengthPrefixed(&out, member.name);
    const size_t at = out.size();
    member.value.AppendTo(&out);
    size += member.name.size() + ValueView(Bytes(out).substr(at)).size_bytes();
  }
  internal::EndItem(&out, 0, size);
  return out;
}

}  // namespace stator::item
