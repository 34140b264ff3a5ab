// Paths to keep, as a tree of steps. Made by projections and, for UPDATED_OLD and UPDATED_NEW, by updates.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression/path.h"

namespace stator::expression::internal {

// One step and what is kept below it. No children: everything.
struct ProjectionNode {
  Step step;
  std::vector<ProjectionNode> children;  // all names or all indexes, in order

  bool whole() const { return children.empty(); }
};

struct ProjectionTree {
  // REQUIRES: no two paths clash.
  explicit ProjectionTree(std::vector<Path> of);
  ProjectionTree() = default;

  std::vector<Path> paths;  // as written
  std::vector<ProjectionNode> roots;
};

// The members of a map or item that nodes name, with their nodes. One walk over both, as both are in name order.
class KeptMembers {
 public:
  // REQUIRES: all nodes are names. Borrows them.
  KeptMembers(const std::vector<ProjectionNode>& nodes, item::MapView map)
      : nodes_(nodes), node_(nodes.begin()), map_(map) {}
  bool Next();
  const ProjectionNode& node() const { return *found_; }
  item::ValueView value() const { return value_; }

 private:
  const std::vector<ProjectionNode>& nodes_;
  std::vector<ProjectionNode>::const_iterator node_, found_;
  item::MapView map_;
  Bytes name_;
  item::ValueView value_;
};

// Appends the kept part of the value; false, with nothing appended, if there is none. Recursion is bounded by the
// length of a path.
bool AppendKept(const ProjectionNode& node, item::ValueView value, std::string* out);

// The kept part of an item, as a stored item.
std::string KeptItem(const ProjectionTree& tree, item::ItemView item);

}  // namespace stator::expression::internal
