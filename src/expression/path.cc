#include "expression/path.h"

#include <algorithm>

#include "errors/expression.h"

namespace stator::expression::internal {

item::ValueView Resolve(const Path& path, item::ItemView item) {
  if (!item.valid()) return {};
  item::ValueView at = item.Find(path[0].name);
  for (size_t i = 1; i < path.size() && at.valid(); ++i) {
    const Step& step = path[i];
    if (step.is_index) {
      at = at.tag() == item::Tag::kList ? at.list().At(step.index) : item::ValueView();
    } else {
      at = at.tag() == item::Tag::kMap ? at.map().Find(step.name) : item::ValueView();
    }
  }
  return at;
}

std::string PathText(const Path& path) {
  std::string text = "[";
  for (const Step& step : path) {
    if (text.size() > 1) text += ", ";
    if (step.is_index) {
      text.append("[").append(std::to_string(step.index)).append("]");
    } else {
      text += step.name;
    }
  }
  return text += "]";
}

PathRelation Relate(const Path& one, const Path& two) {
  const size_t common = std::min(one.size(), two.size());
  for (size_t i = 0; i < common; ++i) {
    if (one[i].is_index != two[i].is_index) return PathRelation::kConflict;
    if (one[i] != two[i]) return PathRelation::kApart;
  }
  return PathRelation::kOverlap;
}

namespace {

bool StepLess(const Step& a, const Step& b) {
  if (a.is_index != b.is_index) return b.is_index;
  return a.is_index ? a.index < b.index : a.name < b.name;
}

// The first such pair in the order the paths were written. Only called when there is one.
Status FirstClash(const std::vector<Path>& paths, PathRelation kind, ErrorId id) {
  for (size_t later = 1; later < paths.size(); ++later) {
    for (size_t earlier = 0; earlier < later; ++earlier) {
      if (Relate(paths[earlier], paths[later]) == kind) {
        return Fail(id, PathText(paths[earlier]), PathText(paths[later]));
      }
    }
  }
  return {};
}

}  // namespace

bool PathLess(const Path& a, const Path& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), StepLess);
}

Status CheckClashes(const std::vector<Path>& paths) {
  // In path order a clash, if there is one, is also one between neighbours: what lies below a path follows it, and
  // under one parent all names stand before all indexes. Pairs are compared only to say which came first.
  std::vector<const Path*> sorted;
  sorted.reserve(paths.size());
  for (const Path& path : paths) sorted.push_back(&path);
  std::sort(sorted.begin(), sorted.end(), [](const Path* a, const Path* b) { return PathLess(*a, *b); });
  bool clash = false;
  for (size_t i = 1; i < sorted.size() && !clash; ++i) {
    clash = Relate(*sorted[i - 1], *sorted[i]) != PathRelation::kApart;
  }
  if (!clash) return {};
  STATOR_OK(FirstClash(paths, PathRelation::kOverlap, errors::kPathsOverlap));
  return FirstClash(paths, PathRelation::kConflict, errors::kPathsConflict);
}

}  // namespace stator::expression::internal
