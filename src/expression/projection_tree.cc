#include "expression/projection_tree.h"

#include <algorithm>
#include <deque>

namespace stator::expression::internal {
namespace {

// Children and what they keep of a container are both in order, so one walk over the container meets them all.
bool AppendKeptElements(const ProjectionNode& node, item::ValueView value, std::string* out) {
  std::deque<std::string> kept;
  std::vector<item::ValueView> elements;
  item::ListView list = value.list();
  auto child = node.children.begin();
  item::ValueView element;
  for (uint32_t index = 0; child != node.children.end() && list.Next(&element); ++index) {
    if (child->step.index != index) continue;
    if (AppendKept(*child++, element, &kept.emplace_back())) elements.emplace_back(kept.back());
  }
  if (elements.empty()) return false;
  item::AppendList(out, elements);
  return true;
}

bool AppendKeptMembers(const ProjectionNode& node, item::ValueView value, std::string* out) {
  std::deque<std::string> kept;
  std::vector<item::Attribute> members;
  KeptMembers walk(node.children, value.map());
  while (walk.Next()) {
    if (AppendKept(walk.node(), walk.value(), &kept.emplace_back())) {
      members.push_back({walk.node().step.name, item::ValueView(kept.back())});
    }
  }
  if (members.empty()) return false;
  item::AppendMap(out, std::move(members));
  return true;
}

}  // namespace

ProjectionTree::ProjectionTree(std::vector<Path> of) : paths(std::move(of)) {
  std::vector<const Path*> sorted;
  sorted.reserve(paths.size());
  for (const Path& path : paths) sorted.push_back(&path);
  std::sort(sorted.begin(), sorted.end(), [](const Path* a, const Path* b) { return PathLess(*a, *b); });
  // In path order a step is new, or it is the last one of its parent.
  for (const Path* path : sorted) {
    std::vector<ProjectionNode>* level = &roots;
    for (const Step& step : *path) {
      if (level->empty() || level->back().step != step) level->push_back({step, {}});
      level = &level->back().children;
    }
  }
}

bool KeptMembers::Next() {
  if (node_ == nodes_.end() || !map_.Next(&name_, &value_)) return false;
  while (true) {
    const int order = name_.compare(node_->step.name);
    if (order == 0) {
      found_ = node_++;
      return true;
    }
    if (order < 0 ? !map_.Next(&name_, &value_) : ++node_ == nodes_.end()) return false;
  }
}

bool AppendKept(const ProjectionNode& node, item::ValueView value, std::string* out) {
  if (node.whole()) {
    out->append(value.encoded());
    return true;
  }
  if (node.children[0].step.is_index) {
    return value.tag() == item::Tag::kList && AppendKeptElements(node, value, out);
  }
  return value.tag() == item::Tag::kMap && AppendKeptMembers(node, value, out);
}

std::string KeptItem(const ProjectionTree& tree, item::ItemView item) {
  std::vector<item::Attribute> attributes;
  std::deque<std::string> kept;
  if (item.valid()) {
    KeptMembers walk(tree.roots, item.attributes());
    while (walk.Next()) {
      if (walk.node().whole()) {
        attributes.push_back({walk.node().step.name, walk.value()});
      } else if (AppendKept(walk.node(), walk.value(), &kept.emplace_back())) {
        attributes.push_back({walk.node().step.name, item::ValueView(kept.back())});
      }
    }
  }
  return item::MakeItem(std::move(attributes));
}

}  // namespace stator::expression::internal
