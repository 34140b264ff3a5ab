// An update from text to effect. Attributes that no action names are copied as bytes, never decoded.
#include <algorithm>
#include <deque>

#include "errors/expression.h"
#include "errors/item.h"
#include "expression/binder_state.h"
#include "expression/expression.h"
#include "expression/update_apply.h"
#include "expression/update_binder.h"

namespace stator::expression {
namespace internal {
namespace {

using item::ValueView;

constexpr Bytes kParameter = "UpdateExpression";

Result<std::shared_ptr<const UpdateTree>> ParseAndBind(Bytes text, BinderState& state) {
  Lexer lexer(text, Grammar::kUpdate);
  UpdateSyntax syntax;
  STATOR_OK(ParseUpdateSyntax(lexer, syntax));
  return BindUpdate(syntax, state);
}

// One update of one item: walks the old attributes and the changes side by side, both in name order.
class Application {
 public:
  Application(const UpdateTree& tree, item::ItemView base) : tree_(tree), base_(base) {}

  Status Run(item::ItemView before) {
    STATOR_OK(values_.Compute(tree_, before));
    STATOR_OK(CheckLevels());
    item::MapView old = base_.attributes();
    attributes_.reserve(old.count() + tree_.actions.size());
    Bytes name;
    ValueView value;
    bool more = old.Next(&name, &value);
    size_t at = 0;
    while (more || at < tree_.by_name.size()) {
      const int order = !more ? 1 : at == tree_.by_name.size() ? -1 : name.compare(NameAt(at));
      if (order < 0) {
        attributes_.push_back({name, value});
      } else {
        STATOR_OK(Change(&at, order == 0 ? value : ValueView()));
      }
      if (order <= 0) more = old.Next(&name, &value);
    }
    return {};
  }

  std::string Finish() { return item::MakeItem(std::move(attributes_)); }

 private:
  Bytes NameAt(size_t at) const { return tree_.TargetOf(tree_.actions[tree_.by_name[at]])[0].name; }

  // All actions on the attribute that `at` is at, which held `old`.
  Status Change(size_t* at, ValueView old) {
    const Bytes name = NameAt(*at);
    const UpdateAction& first = tree_.actions[tree_.by_name[*at]];
    ValueView now;
    if (tree_.TargetOf(first).size() == 1) {
      STATOR_TRY(now, NewValue(tree_, values_, first, old, &owned_.emplace_back()));
      ++*at;
    } else {
      STATOR_TRY(now, Edit(at, name, old));
    }
    if (now.valid()) attributes_.push_back({name, now});
    return {};
  }

  Result<ValueView> Edit(size_t* at, Bytes name, ValueView old) {
    std::vector<uint32_t> actions;
    while (*at < tree_.by_name.size() && NameAt(*at) == name) actions.push_back(tree_.by_name[(*at)++]);
    if (!old.valid()) return Fail(errors::kUpdatePathInvalid);
    item::Tree attribute(old);
    STATOR_OK(EditBelow(tree_, actions, values_, &attribute));
    return ValueView(owned_.emplace_back(attribute.Encode()));
  }

  // A value must not lie deeper than an item may be.
  Status CheckLevels() const {
    for (const UpdateAction& action : tree_.actions) {
      if (action.kind != UpdateAction::Kind::kSet) continue;
      const ValueView value = values_.at(action.value);
      const size_t above = tree_.TargetOf(action).size() - 1;
      if (above + static_cast<size_t>(value.levels()) > item::kMaxLevels) return Fail(errors::kNestingTooDeep);
    }
    return {};
  }

  const UpdateTree& tree_;
  const item::ItemView base_;
  UpdateValues values_;
  std::deque<std::string> owned_;
  std::vector<item::Attribute> attributes_;
};

}  // namespace
}  // namespace internal

Result<Update> Update::Parse(Bytes text, Binder& binder) {
  STATOR_OK(internal::CheckText(internal::kParameter, text));
  auto tree = internal::ParseAndBind(text, binder.state());
  if (!tree.ok()) return internal::InParameter(internal::kParameter, std::move(tree).error());
  return Update(std::move(tree).value());
}

Result<Update::Applied> Update::Apply(item::ItemView before, item::ItemView key, bool want_updated) const {
  internal::Application application(*tree_, before.valid() ? before : key);
  STATOR_OK(application.Run(before));
  Applied applied;
  applied.item = application.Finish();
  if (want_updated) {
    applied.updated_old = internal::KeptItem(tree_->targets, before);
    applied.updated_new = internal::KeptItem(tree_->targets, item::ItemView(applied.item));
  }
  return applied;
}

bool Update::CreatesMissing() const {
  using Kind = internal::UpdateAction::Kind;
  return tree_->actions.empty() || std::any_of(tree_->actions.begin(), tree_->actions.end(), [](const auto& action) {
           return action.kind == Kind::kSet || action.kind == Kind::kAdd;
         });
}

std::vector<std::string> Update::TopLevelNames() const {
  std::vector<std::string> names;
  for (const internal::Path& path : tree_->targets.paths) {
    if (std::find(names.begin(), names.end(), path[0].name) == names.end()) names.push_back(path[0].name);
  }
  return names;
}

size_t Update::size_bytes() const {
  size_t size = 3;
  for (const internal::UpdateAction& action : tree_->actions) {
    using Kind = internal::UpdateAction::Kind;
    size += action.kind == Kind::kRemove || action.kind == Kind::kDelete ? 2 : 19;
  }
  return size;
}

}  // namespace stator::expression
