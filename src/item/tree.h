// A value taken apart, for changing it: what UpdateItem edits and what builds items from pieces.
// Reads and comparisons use item/value.h and never build one.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "item/value.h"

namespace stator::item {

// Owns everything below it. Leaves and sets stay encoded; only lists and maps on the path of a change are opened.
class Tree {
 public:
  struct Member;
  Tree();  // no value; to be assigned before it is used
  // Copies the encoded value.
  explicit Tree(ValueView value);
  explicit Tree(std::string encoded);
  Tree(const Tree&);
  Tree(Tree&&) noexcept;
  Tree& operator=(const Tree&);
  Tree& operator=(Tree&&) noexcept;
  ~Tree();
  // An open list or map with nothing in it.
  static Tree EmptyList();
  static Tree EmptyMap();

  Tag tag() const;
  // Opens a list or map (one level) so that its children can be changed; does nothing when open. REQUIRES: kList, kMap.
  void Open();
  bool is_open() const { return open_; }
  std::vector<Tree>& elements();           // REQUIRES: an open list
  std::vector<Member>& members();          // REQUIRES: an open map. In name order.
  Tree* FindMember(Bytes name);            // null if there is none. REQUIRES: an open map
  void SetMember(Bytes name, Tree value);  // adds or replaces, keeping the order. REQUIRES: an open map
  bool RemoveMember(Bytes name);           // whether there was one. REQUIRES: an open map

  // Appends the canonical encoding.
  void AppendTo(std::string* out) const;
  std::string Encode() const;
  // As ValueView::levels: more than kMaxLevels must not be stored.
  int levels() const;

 private:
  friend std::string EncodeItem(const Tree& attributes);

  // The place of that name, or where it belongs.
  std::vector<Member>::iterator Place(Bytes name);

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

// The item as an open map of its attributes; an invalid view gives an empty one.
Tree OpenItem(ItemView item);
// A stored item from an open map.
std::string EncodeItem(const Tree& attributes);

}  // namespace stator::item
