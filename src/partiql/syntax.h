// A statement as written, its parameters filled in: what the parser makes and bind.cc turns into the tree. Conditions,
// updates and columns are expression's syntax, so their binders do the rest. Texts borrow from the statement, or from
// `texts` where a quoted name had to be unescaped.
#pragma once

#include <forward_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "expression/update_parser.h"
#include "partiql/tree.h"

namespace stator::partiql::internal {

enum class StatementKind : uint8_t { kSelect, kInsert, kUpdate, kDelete, kExists };

struct ConditionSyntax {
  expression::internal::SyntaxTree tree;
  uint32_t root = 0;
};

struct StatementSyntax {
  StatementKind kind = StatementKind::kSelect;
  Bytes table;
  Bytes index;  // empty: none
  // SELECT: the paths of the list, each a node; none: *.
  std::optional<expression::internal::SyntaxTree> columns;
  std::optional<ConditionSyntax> where;
  std::vector<OrderBy> order_by;
  std::string item;                                          // INSERT: an encoded map
  std::optional<expression::internal::UpdateSyntax> update;  // UPDATE
  Returning returning = Returning::kNone;

  std::forward_list<std::string> texts;
};

Result<StatementSyntax> ParseSyntax(Bytes text, std::span<const std::string> parameters);
Result<Statement> Bind(StatementSyntax syntax);

}  // namespace stator::partiql::internal
