// TableSchema to bytes and back. docs/formats/catalog.md describes every byte.
#pragma once

#include <optional>
#include <string>

#include "catalog/schema.h"

namespace stator::catalog {

inline constexpr uint8_t kSchemaVersion = 3;

std::string EncodeSchema(const TableSchema& schema);
// Of any version so far; nothing if the bytes are not a schema of that one.
std::optional<TableSchema> DecodeSchema(uint8_t version, Bytes bytes);

// What an entry of `index` holds, sorted and distinct: index key, table key, non-key attributes.
std::vector<std::string> ProjectedNames(const KeySchema& table_key, const IndexSchema& index);

}  // namespace stator::catalog
