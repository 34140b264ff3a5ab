// What the operations that take statements share: reading one, finding its table.
#pragma once

#include <string>
#include <vector>

#include "partiql/tree.h"
#include "services/dynamodb/parameters.h"
#include "statements/plan.h"

namespace stator::services::dynamodb {

// Statement and Parameters of a request or of a part of it.
struct ReadStatement {
  std::vector<std::string> parameters;  // encoded
  Result<partiql::Statement> statement;
};

// Fails on parameters that are no values.
Result<std::vector<std::string>> ReadParameters(json::Value wire);
// What is wrong with the statement itself is in the result.
ReadStatement ParseStatement(json::Value wire, std::vector<std::string> parameters);
// Both. Fails as ReadParameters does.
Result<ReadStatement> ReadStatementOf(json::Value wire);

// The table and index it is about.
const partiql::Source& SourceOf(const partiql::Statement& statement);
inline bool IsRead(const partiql::Statement& statement) { return std::holds_alternative<partiql::Select>(statement); }

// The plan of a SELECT, its table and index found.
Result<statements::SelectPlan> PlanSelectOf(const catalog::Catalog& catalog, const partiql::Select& select,
                                            bool consistent);
// Of a statement that writes. `return_item`: ReturnValuesOnConditionCheckFailure is ALL_OLD.
Result<dataplane::TransactAction> PlanWriteOf(const catalog::Catalog& catalog, const partiql::Statement& statement,
                                              bool return_item);

// Whether the request or part asks for ReturnValuesOnConditionCheckFailure.
bool WantsItemOnFailure(json::Value wire);

// The object of a row: the columns of the SELECT, or all of it.
void WriteRow(const statements::SelectPlan& plan, item::ItemView item, json::Writer& out);

}  // namespace stator::services::dynamodb
