#include "catalog/stored.h"

#include "base/coding.h"
#include "catalog/schema_codec.h"
#include "errors/catalog.h"
#include "records/records.h"

namespace stator::catalog {
namespace {

using engine::Batch;
using engine::Space;

constexpr uint8_t kPlainVersion = 1;  // of the records that are a number or nothing
constexpr Bytes kNextSpace = "next-space";

records::Key TableKey(NamespaceId name_space, Bytes name) {
  records::Key key(records::Kind::kTable);
  return key.Add(static_cast<uint64_t>(name_space)).Add(name);
}
records::Key DroppedKey(Space space) {
  records::Key key(records::Kind::kDroppedSpace);
  return key.Add(static_cast<uint64_t>(space));
}
records::Key NextSpaceKey() { return records::Key(records::Kind::kStore, {kNextSpace}); }

Result<TableRef> Decode(const records::Record& record) {
  std::optional<TableSchema> schema = DecodeSchema(record.version, record.payload);
  if (!schema) return Fail(errors::kCatalogDamaged);
  return TableRef(std::make_shared<const TableSchema>(*std::move(schema)));
}

}  // namespace

Result<Stored> LoadStored(const engine::View& view) {
  Stored stored;
  const records::Key all_tables(records::Kind::kTable);
  STATOR_OK(records::ForEach(view, all_tables, [&stored](Bytes, const records::Record& record) -> Status {
    STATOR_TRY(TableRef table, Decode(record));
    stored.tables.push_back(std::move(table));
    return {};
  }));
  const records::Key all_dropped(records::Kind::kDroppedSpace);
  STATOR_OK(records::ForEach(view, all_dropped, [&stored](Bytes rest, const records::Record&) -> Status {
    uint64_t space = 0;
    if (!records::NextPart(&rest, &space)) return Fail(errors::kCatalogDamaged);
    stored.dropped.push_back(Space{static_cast<uint32_t>(space)});
    return {};
  }));
  engine::Value row;
  records::Record record;
  STATOR_TRY(const bool found, records::Get(view, NextSpaceKey(), &row, &record));
  if (found && !GetFixed32(&record.payload, &stored.next_space)) return Fail(errors::kCatalogDamaged);
  return stored;
}

Result<TableRef> LoadTable(const engine::View& view, NamespaceId name_space, Bytes name) {
  engine::Value row;
  records::Record record;
  STATOR_TRY(const bool found, records::Get(view, TableKey(name_space, name), &row, &record));
  if (!found) return TableRef();
  return Decode(record);
}

void PutTable(Batch* batch, const TableSchema& schema) {
  records::Put(batch, TableKey(schema.name_space, schema.name), kSchemaVersion, EncodeSchema(schema));
}
void EraseTable(Batch* batch, const TableSchema& schema) {
  records::Erase(batch, TableKey(schema.name_space, schema.name));
}
void PutDropped(Batch* batch, Space space) { records::Put(batch, DroppedKey(space), kPlainVersion, {}); }
void EraseDropped(Batch* batch, Space space) { records::Erase(batch, DroppedKey(space)); }
void PutNextSpace(Batch* batch, uint32_t next_space) {
  std::string number;
  PutFixed32(&number, next_space);
  records::Put(batch, NextSpaceKey(), kPlainVersion, number);
}

}  // namespace stator::catalog
