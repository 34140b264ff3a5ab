#include <algorithm>

#include "expression/binder_state.h"
#include "expression/expression.h"
#include "expression/projection_tree.h"
#include "item/wire.h"

namespace stator::expression {
namespace {

using internal::ProjectionTree;

constexpr Bytes kParameter = "ProjectionExpression";

Result<std::vector<internal::Path>> ParsePaths(Bytes text, internal::BinderState& state) {
  internal::Lexer lexer(text, internal::Grammar::kProjection);
  internal::SyntaxTree syntax;
  do {
    uint32_t node = 0;
    STATOR_OK(internal::ParsePath(lexer, syntax, &node));
  } while (lexer.Take(internal::TokenKind::kComma));
  if (!lexer.at(internal::TokenKind::kEnd)) return lexer.SyntaxError();
  STATOR_OK(internal::CheckReserved(syntax));
  std::vector<internal::Path> paths;
  paths.reserve(syntax.nodes.size());
  for (const internal::SyntaxNode& node : syntax.nodes) {
    STATOR_TRY(paths.emplace_back(), state.BindPath(syntax, node));
  }
  STATOR_OK(internal::CheckClashes(paths));
  return paths;
}

}  // namespace

Result<Projection> Projection::Parse(Bytes text, Binder& binder) {
  STATOR_OK(internal::CheckText(kParameter, text));
  auto paths = ParsePaths(text, binder.state());
  if (!paths.ok()) return internal::InParameter(kParameter, std::move(paths).error());
  return Projection(std::make_shared<const ProjectionTree>(std::move(paths).value()));
}

void Projection::Write(item::ItemView item, json::Writer& out) const {
  out.BeginObject();
  if (item.valid()) {
    std::string kept;
    internal::KeptMembers walk(tree_->roots, item.attributes());
    while (walk.Next()) {
      item::ValueView value = walk.value();
      if (!walk.node().whole()) {
        kept.clear();
        if (!internal::AppendKept(walk.node(), value, &kept)) continue;
        value = item::ValueView(kept);
      }
      out.Key(walk.node().step.name);
      item::WriteValue(value, out);
    }
  }
  out.EndObject();
}

std::string Projection::Apply(item::ItemView item) const { return internal::KeptItem(*tree_, item); }

std::vector<std::string> Projection::TopLevelNames() const {
  std::vector<std::string> names;
  for (const internal::Path& path : tree_->paths) {
    if (std::find(names.begin(), names.end(), path[0].name) == names.end()) names.push_back(path[0].name);
  }
  return names;
}

}  // namespace stator::expression
