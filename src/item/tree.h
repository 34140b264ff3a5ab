// A value taken apart, for changing it: what UpdateItem edits and what builds items from pieces.
// Reads and comparisons use item/value.h and never build one.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "item/value.h"

namespace stator::item {

// Owns everything below it. Leaves and sets stay encoded; only lists and maps on the path of a change are opened.
class Tree {
 public:
  struct Member;
  Tree() = default;
  // Copies the encoded value.
  explicit Tree(ValueView value) : encoded_(value.encoded()) {}
  explicit Tree(std::string encoded) : encoded_(std::move(encoded)) {}

  Tag tag() const;
  // Opens a list or map (one level) so that its children can be changed; does nothing when open. REQUIRES: kList, kMap.
  void Open();
  std::vector<Tree>& elements() { return elements_; }  // REQUIRES: an open list
  // REQUIRES: an open map. In name order.
  std::vector<Member>& members() { return members_; }
  Tree* FindMember(Bytes name);              // null if there is none
  void SetMember(Bytes name, Tree value);    // adds or replaces, keeping the order
  bool RemoveMember(Bytes name);

  // Appends the canonical encoding.
  void AppendTo(std::string* out) const;
  std::string Encode() const;

 private:
  std::string encoded_;  // when not open
  bool open_ = false;
  bool is_list_ = false;
  std::vector<Tree> elements_;
  std::vector<Member> members_;
};

struct Tree::Member {
  std::string name;
  Tree value;
};

// The item as an open map of its attributes.
Tree OpenItem(ItemView item);       // an invalid view gives an empty map
// A stored item from an open map.
std::string EncodeItem(const Tree& attributes);

}  // namespace stator::item
