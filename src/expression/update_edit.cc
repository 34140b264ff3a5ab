// Changes inside one attribute: a[3].b and its like.
#include <algorithm>

#include "errors/expression.h"
#include "expression/update_apply.h"

namespace stator::expression::internal {
namespace {

using item::Tag;
using item::Tree;
using item::ValueView;

// The list or map that holds the last step of a path, opened; null if the path does not lead there.
Tree* ParentOf(const Path& path, Tree* attribute) {
  Tree* at = attribute;
  for (size_t i = 1;; ++i) {
    const Step& step = path[i];
    if (at->tag() != (step.is_index ? Tag::kList : Tag::kMap)) return nullptr;
    at->Open();
    if (i + 1 == path.size()) return at;
    if (step.is_index) {
      at = step.index < at->elements().size() ? &at->elements()[step.index] : nullptr;
    } else {
      at = at->FindMember(step.name);
    }
    if (at == nullptr) return nullptr;
  }
}

class Editor {
 public:
  Editor(const UpdateTree& tree, const UpdateValues& values, Tree* attribute)
      : tree_(tree), values_(values), attribute_(attribute) {}

  Status Apply(const UpdateAction& action) {
    const Path& path = tree_.TargetOf(action);
    Tree* parent = ParentOf(path, attribute_);
    if (parent == nullptr) return Fail(errors::kUpdatePathInvalid);
    const Step& last = path.back();
    Tree* place = nullptr;
    if (!last.is_index) {
      place = parent->FindMember(last.name);
    } else if (last.index < parent->elements().size()) {
      place = &parent->elements()[last.index];
    }
    std::string old, scratch;
    if (place != nullptr && action.kind != UpdateAction::Kind::kSet) place->AppendTo(&old);
    STATOR_TRY(const ValueView now, NewValue(tree_, values_, action, ValueView(old), &scratch));
    if (now.valid()) {
      Put(path, parent, place, now);
    } else if (place != nullptr) {
      Remove(path, parent);
    }
    return {};
  }

  // What changes the indexes of a list. Appended in index order; removed from the back, so that each index still means
  // the element it meant.
  void Finish() {
    std::sort(appended_.begin(), appended_.end(),
              [](const Appended& a, const Appended& b) { return PathLess(*a.path, *b.path); });
    for (const Appended& one : appended_) ParentOf(*one.path, attribute_)->elements().emplace_back(one.value);
    std::sort(removed_.begin(), removed_.end(), [](const Path* a, const Path* b) { return PathLess(*b, *a); });
    for (const Path* path : removed_) {
      auto& elements = ParentOf(*path, attribute_)->elements();
      elements.erase(elements.begin() + path->back().index);
    }
  }

 private:
  struct Appended {
    const Path* path;
    std::string value;
  };

  void Put(const Path& path, Tree* parent, Tree* place, ValueView value) {
    if (place != nullptr) {
      *place = Tree(value);
    } else if (path.back().is_index) {
      appended_.push_back({&path, std::string(value.encoded())});
    } else {
      parent->SetMember(path.back().name, Tree(value));
    }
  }

  void Remove(const Path& path, Tree* parent) {
    if (path.back().is_index) {
      removed_.push_back(&path);
    } else {
      parent->RemoveMember(path.back().name);
    }
  }

  const UpdateTree& tree_;
  const UpdateValues& values_;
  Tree* attribute_;
  std::vector<Appended> appended_;
  std::vector<const Path*> removed_;
};

}  // namespace

Status EditBelow(const UpdateTree& tree, const std::vector<uint32_t>& actions, const UpdateValues& values,
                 Tree* attribute) {
  Editor editor(tree, values, attribute);
  for (const uint32_t action : actions) STATOR_OK(editor.Apply(tree.actions[action]));
  editor.Finish();
  return {};
}

}  // namespace stator::expression::internal
