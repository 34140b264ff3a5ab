// LocalSecondaryIndexes and GlobalSecondaryIndexes of a request to schemas, and the limits over all indexes of a table.
#pragma once

#include <string>
#include <vector>

#include "catalog/schema.h"
#include "catalog/validate_keys.h"
#include "errors/result.h"
#include "json/value.h"

namespace stator::catalog {

// What an index is checked against.
struct IndexFrame {
  const KeySchema& table_key;
  const Definitions& defined;  // that keys may use
  const Definitions& listed;   // that errors print
  BillingMode billing;
};

// Appends the indexes to `indexes`; a name that is there already is an error. An invalid list is none.
Status ReadLocalIndexes(json::Value list, const IndexFrame& frame, std::vector<IndexSchema>* indexes);
Status ReadGlobalIndexes(json::Value list, const IndexFrame& frame, std::vector<IndexSchema>* indexes);

// One global index, of CreateTable or UpdateTable; `path` is where it stands in the request.
Result<IndexSchema> ReadGlobalIndex(json::Value index, const std::string& path, const IndexFrame& frame);

// Counts, and names projected over all indexes.
Status CheckIndexLimits(const std::vector<IndexSchema>& indexes);

}  // namespace stator::catalog
