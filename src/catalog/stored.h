// The catalog's records: tables, dropped spaces, the next free space. docs/formats/catalog.md describes every byte.
#pragma once

#include <vector>

#include "catalog/schema.h"
#include "engine/engine.h"
#include "errors/result.h"

namespace stator::catalog {

struct Stored {
  std::vector<TableRef> tables;
  std::vector<engine::Space> dropped;
  uint32_t next_space = 1;
};
Result<Stored> LoadStored(const engine::View& view);
// What the store says of one table: null if there is none.
Result<TableRef> LoadTable(const engine::View& view, NamespaceId name_space, Bytes name);

void PutTable(engine::Batch* batch, const TableSchema& schema);
void EraseTable(engine::Batch* batch, const TableSchema& schema);
void PutDropped(engine::Batch* batch, engine::Space space);
void EraseDropped(engine::Batch* batch, engine::Space space);
void PutNextSpace(engine::Batch* batch, uint32_t next_space);

}  // namespace stator::catalog
