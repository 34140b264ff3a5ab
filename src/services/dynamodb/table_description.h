// TableDescription, as the answers of the table operations write it.
#pragma once

#include <cstdint>
#include <functional>

#include "base/clock.h"
#include "catalog/schema.h"
#include "json/writer.h"

namespace stator::services::dynamodb {

// ItemCount and TableSizeBytes (IndexSizeBytes), live.
struct TableSize {
  int64_t items = 0;
  int64_t bytes = 0;
};
// Of a table or, if given, its index. Any thread.
using SizeOf = std::function<TableSize(const catalog::TableSchema&, const catalog::IndexSchema*)>;

// What a description needs beside the schema.
struct DescriptionFacts {
  const SizeOf& size_of;
  Time now;
};

Bytes StateName(catalog::State state);  // "ACTIVE"

// The object of "Table" or "TableDescription".
void WriteTable(const catalog::TableSchema& table, const DescriptionFacts& facts, json::Writer& out);
// DeleteTable's: without keys, creation date and indexes (notes/dynamodb.md, section 5).
void WriteDeletedTable(const catalog::TableSchema& table, const DescriptionFacts& facts, json::Writer& out);

}  // namespace stator::services::dynamodb
