// A statement's syntax to its tree: the parts that are expressions go through expression's binders.
#include "errors/item.h"
#include "expression/binder_state.h"
#include "expression/update_binder.h"
#include "partiql/columns.h"
#include "partiql/syntax.h"
#include "partiql/where.h"

namespace stator::partiql::internal {
namespace {

using expression::internal::BinderState;

Source SourceOf(const StatementSyntax& syntax) { return {std::string(syntax.table), std::string(syntax.index)}; }

Result<Where> BindWhere(StatementSyntax& syntax) {
  if (!syntax.where) return Where();
  return WhereMaker::Make(std::move(*syntax.where));
}

Result<std::optional<Columns>> BindColumns(const StatementSyntax& syntax) {
  if (!syntax.columns) return std::optional<Columns>();
  BinderState state;
  std::vector<Columns::Column> columns;
  columns.reserve(syntax.columns->nodes.size());
  for (const auto& node : syntax.columns->nodes) {
    STATOR_TRY(auto path, state.BindPath(*syntax.columns, node));
    columns.push_back(MakeColumn(std::move(path)));
  }
  return std::optional(Columns(std::move(columns)));
}

Result<Select> BindSelect(StatementSyntax& syntax) {
  Select select;
  select.from = SourceOf(syntax);
  STATOR_TRY(select.columns, BindColumns(syntax));
  STATOR_TRY(select.where, BindWhere(syntax));
  select.order_by = std::move(syntax.order_by);
  return select;
}

Insert BindInsert(const StatementSyntax& syntax) {
  std::vector<item::Attribute> attributes;
  item::MapView map = item::ValueView(syntax.item).map();
  item::Attribute attribute;
  while (map.Next(&attribute.name, &attribute.value)) attributes.push_back(attribute);
  return {SourceOf(syntax), item::MakeItem(std::move(attributes))};
}

Result<Update> BindUpdateStatement(StatementSyntax& syntax) {
  BinderState state;
  STATOR_TRY(auto tree, expression::internal::BindUpdate(*syntax.update, state));
  STATOR_TRY(auto where, BindWhere(syntax));
  return Update{SourceOf(syntax), expression::Update(std::move(tree)), std::move(state.nested), std::move(where),
                syntax.returning};
}

}  // namespace

Result<Statement> Bind(StatementSyntax syntax) {
  switch (syntax.kind) {
    case StatementKind::kSelect: {
      STATOR_TRY(auto select, BindSelect(syntax));
      return Statement(std::move(select));
    }
    case StatementKind::kExists: {
      STATOR_TRY(auto select, BindSelect(syntax));
      return Statement(Exists{std::move(select)});
    }
    case StatementKind::kInsert:
      return Statement(BindInsert(syntax));
    case StatementKind::kUpdate: {
      STATOR_TRY(auto update, BindUpdateStatement(syntax));
      return Statement(std::move(update));
    }
    case StatementKind::kDelete: {
      STATOR_TRY(auto where, BindWhere(syntax));
      return Statement(Delete{SourceOf(syntax), std::move(where), syntax.returning});
    }
  }
  return Statement(Select());
}

}  // namespace stator::partiql::internal
