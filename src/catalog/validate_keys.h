// AttributeDefinitions and KeySchema of a request to schemas. Here as in all validate_*.h: the request's shape is
// checked, the first error only, in the service's words.
#pragma once

#include <string>
#include <vector>

#include "catalog/schema.h"
#include "errors/result.h"
#include "json/value.h"

namespace stator::catalog {

using Definitions = std::vector<KeyAttribute>;

// `list` may be invalid: none.
Definitions ReadDefinitions(json::Value list);
// The one of that name, or null.
const KeyAttribute* FindDefinition(const Definitions& definitions, Bytes name);
// "a, b"
std::string JoinNames(const Definitions& definitions);

enum class KeyOf : uint8_t { kTable, kLocalIndex, kGlobalIndex };
// `path` names the KeySchema in the texts ("GlobalSecondaryIndexes.1.member.KeySchema"). `defined` are the definitions
// the keys may use, `listed` those an error prints.
Result<KeySchema> ReadKeySchema(json::Value list, KeyOf of, const std::string& path, const Definitions& defined,
                                const Definitions& listed);

// Every definition is used by a key of the table or of an index, and none is given twice.
Status CheckDefinitionsUsed(const TableSchema& schema);

// Whether a key of the table or an index uses that attribute.
bool IsKeyAttribute(const TableSchema& schema, Bytes name);

}  // namespace stator::catalog
