// What a statement comes to: which of the data plane's calls, with which keys and conditions.
//
// Planning is a pure function of statement and schema. Key attributes that a WHERE compares with known values select by
// key; what is left of the WHERE is a filter of a read or the condition of a write. So a SELECT that fixes the whole
// key is a GetItem, one that fixes the hash key a Query, or one for each value of its IN, and only what fixes neither
// scans. Source: the developer guide's "PartiQL reference for DynamoDB"; notes/dynamodb.md, section 4, "PartiQL".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalog/schema.h"
#include "dataplane/transact.h"
#include "errors/result.h"
#include "expression/expression.h"
#include "partiql/tree.h"

namespace stator::statements {

struct SelectPlan {
  enum class Kind : uint8_t { kGet, kQuery, kScan };
  // How the rows of several hash keys come.
  enum class Order : uint8_t {
    kApart,   // one hash key after the other
    kMerged,  // by the range attribute `merge_by` over all of them, those of one value apart
  };

  Kind kind = Kind::kScan;
  catalog::TableRef table;
  const catalog::IndexSchema* index = nullptr;  // in `table`

  std::string key;  // kGet: the Key, stored form

  // kQuery: for each hash key the comparisons of its attributes, in the order they are read.
  std::vector<std::vector<expression::KeyComparison>> partitions;
  // The range attributes: what one Query takes as key condition, and what goes on narrowing it (QueryRequest::range).
  std::vector<expression::KeyComparison> range;
  std::vector<expression::KeyComparison> more_range;
  bool forward = true;
  Order order = Order::kApart;
  std::string merge_by;
  item::Tag merge_type = item::Tag::kString;

  std::optional<expression::Condition> filter;
  std::optional<partiql::Columns> columns;  // none: *
  std::vector<std::string> wanted;          // of the columns: the top-level attributes
  std::vector<std::string> nested;          // for dataplane::CheckPaths
};

// Fails with kOrderBy*, kTooManyHashKeys, kFilterNotProjected. What is wrong with the keys' values is left to the
// calls.
Result<SelectPlan> PlanSelect(const partiql::Select& select, catalog::TableRef table,
                              const catalog::IndexSchema* index);

// What a statement that writes comes to, EXISTS included. `table` is set in it. Fails with kKeyNotFixed unless the
// WHERE of an UPDATE, DELETE or EXISTS gives every key attribute one value.
Result<dataplane::TransactAction> PlanWrite(const partiql::Statement& statement, const catalog::TableRef& table);

}  // namespace stator::statements
