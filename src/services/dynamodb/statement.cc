#include "services/dynamodb/statement.h"

#include "dataplane/read.h"
#include "errors/dataplane.h"
#include "errors/statements.h"
#include "item/wire.h"
#include "partiql/parse.h"

namespace stator::services::dynamodb {
namespace {

struct FindSource {
  const partiql::Source& operator()(const partiql::Select& select) const { return select.from; }
  const partiql::Source& operator()(const partiql::Insert& insert) const { return insert.into; }
  const partiql::Source& operator()(const partiql::Update& update) const { return update.table; }
  const partiql::Source& operator()(const partiql::Delete& erase) const { return erase.from; }
  const partiql::Source& operator()(const partiql::Exists& exists) const { return exists.select.from; }
};

}  // namespace

Result<std::vector<std::string>> ReadParameters(json::Value wire) {
  std::vector<std::string> parameters;
  if (const json::Value list = Field(wire, "Parameters"); list.valid()) {
    parameters.reserve(list.size());
    for (const json::Value value : list.elements()) {
      STATOR_TRY(parameters.emplace_back(), item::ReadValue(value));
    }
  }
  return parameters;
}

ReadStatement ParseStatement(json::Value wire, std::vector<std::string> parameters) {
  Result<partiql::Statement> statement = partiql::Parse(TextField(wire, "Statement"), parameters);
  return {std::move(parameters), std::move(statement)};
}

Result<ReadStatement> ReadStatementOf(json::Value wire) {
  STATOR_TRY(std::vector<std::string> parameters, ReadParameters(wire));
  return ParseStatement(wire, std::move(parameters));
}

const partiql::Source& SourceOf(const partiql::Statement& statement) { return std::visit(FindSource(), statement); }

Result<statements::SelectPlan> PlanSelectOf(const catalog::Catalog& catalog, const partiql::Select& select,
                                            bool consistent) {
  STATOR_TRY(catalog::TableRef table, TableOf(catalog, select.from.table));
  const auto index = dataplane::FindIndex(*table, select.from.index);
  if (!index.ok()) return Fail(errors::kStatementIndexNotFound);
  if (consistent && *index && !(*index)->local) return Fail(errors::kStatementConsistentGlobalIndex);
  return statements::PlanSelect(select, std::move(table), *index);
}

Result<dataplane::TransactAction> PlanWriteOf(const catalog::Catalog& catalog, const partiql::Statement& statement,
                                              bool return_item) {
  STATOR_TRY(const catalog::TableRef table, TableOf(catalog, SourceOf(statement).table));
  STATOR_TRY(dataplane::TransactAction action, statements::PlanWrite(statement, table));
  const bool insert = std::holds_alternative<partiql::Insert>(statement);
  std::visit([&](auto& write) { write.return_item_on_failure = return_item && !insert; }, action);
  return action;
}

bool WantsItemOnFailure(json::Value wire) {
  return TextField(wire, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
}

void WriteRow(const statements::SelectPlan& plan, item::ItemView item, json::Writer& out) {
  if (plan.columns) {
    plan.columns->Write(item, out);
  } else {
    item::WriteItem(item, out);
  }
}

}  // namespace stator::services::dynamodb
