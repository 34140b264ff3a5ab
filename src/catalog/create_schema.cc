// The order of the checks is the service's, as far as it is known: name, throughput, keys, indexes, definitions, the
// rest.
#include "catalog/create_schema.h"

#include <algorithm>

#include "base/random.h"
#include "catalog/name.h"
#include "catalog/resource_policy.h"
#include "catalog/validate_indexes.h"
#include "catalog/validate_keys.h"
#include "catalog/validate_throughput.h"
#include "errors/catalog.h"
#include "errors/dispatch.h"
#include "json/lenient.h"

namespace stator::catalog {
namespace {

using json::Given;

Status CheckRequired(json::Value request) {
  for (const Bytes name : {Bytes("AttributeDefinitions"), Bytes("KeySchema")}) {
    if (!Given(request, name).valid()) return Fail(errors::kShapeNull, name);
  }
  return {};
}

// What needs more than one region, or the vector endpoint.
Status RefuseUnavailable(json::Value request) {
  for (const Bytes name : {Bytes("GlobalTableSourceArn"), Bytes("GlobalTableSettingsReplicationMode")}) {
    if (Given(request, name).valid()) return Fail(errors::kMemberUnavailable, name);
  }
  const json::Value vectors = Given(request, "VectorIndexes");
  if (!vectors.valid()) return {};
  if (vectors.size() == 0) return Fail(errors::kIndexListEmpty, "VectorIndexes");
  return Fail(errors::kMemberUnavailable, "VectorIndexes");
}

Status ReadThroughput(json::Value request, const Origin& origin, TableSchema* table) {
  table->billing = ReadBillingMode(request, BillingMode::kProvisioned);
  STATOR_TRY(table->throughput, ReadTableThroughput(request, table->billing));
  if (table->billing == BillingMode::kPayPerRequest) table->on_demand_since = origin.now;
  STATOR_TRY(table->on_demand, ReadOnDemand(Given(request, "OnDemandThroughput"), table->billing, Creating::kYes));
  const WarmThroughput warm = WarmOf(std::nullopt, table->billing, table->throughput);
  STATOR_TRY(table->warm, ReadWarm(Given(request, "WarmThroughput"), warm, Creating::kYes));
  return {};
}

Status ReadKeysAndIndexes(json::Value request, TableSchema* table) {
  table->attributes = ReadDefinitions(Given(request, "AttributeDefinitions"));
  STATOR_TRY(table->key, ReadKeySchema(Given(request, "KeySchema"), KeyOf::kTable, "KeySchema", table->attributes,
                                       table->attributes));
  const IndexFrame frame{table->key, table->attributes, table->attributes, table->billing};
  STATOR_OK(ReadLocalIndexes(Given(request, "LocalSecondaryIndexes"), frame, &table->indexes));
  STATOR_OK(ReadGlobalIndexes(Given(request, "GlobalSecondaryIndexes"), frame, &table->indexes));
  STATOR_OK(CheckIndexLimits(table->indexes));
  STATOR_OK(CheckDefinitionsUsed(*table));
  // An item that fits no index is refused in the name of a global one first.
  std::stable_partition(table->indexes.begin(), table->indexes.end(), [](const IndexSchema& i) { return !i.local; });
  for (IndexSchema& index : table->indexes) index.arn = table->arn + "/index/" + index.name;
  return {};
}

Status ReadSettings(json::Value request, const Origin& origin, TableSchema* table) {
  STATOR_TRY(table->stream, ReadStream(Given(request, "StreamSpecification"), origin.now));
  STATOR_TRY(table->sse, ReadSse(Given(request, "SSESpecification"), origin));
  STATOR_TRY(table->tags, ReadTags(Given(request, "Tags")));
  if (const json::Value policy = Given(request, "ResourcePolicy"); policy.valid()) {
    STATOR_OK(CheckPolicy(policy.text()));
    STATOR_TRY(*table, WithPolicy(*table, {{}, table->arn, {}}, policy.text(), origin.now));
  }
  table->table_class = ReadTableClass(Given(request, "TableClass"));
  const json::Value protection = Given(request, "DeletionProtectionEnabled");
  table->deletion_protection = protection.valid() && json::Truth(protection);
  return {};
}

}  // namespace

Result<TableSchema> SchemaOfCreate(json::Value request, const Origin& origin) {
  const json::Value name = Given(request, "TableName");
  if (!name.valid()) return Fail(errors::kTableNameMissing);
  STATOR_TRY(const Bytes bare, TableNameOf(name.text(), NameFor::kNewTable));
  STATOR_OK(CheckRequired(request));
  STATOR_OK(RefuseUnavailable(request));
  TableSchema table;
  table.name = bare;
  table.arn = TableArn(origin.region, origin.account, bare);
  table.id = NewUuid();
  table.created = origin.now;
  STATOR_OK(ReadThroughput(request, origin, &table));
  STATOR_OK(ReadKeysAndIndexes(request, &table));
  STATOR_OK(ReadSettings(request, origin, &table));
  return table;
}

}  // namespace stator::catalog
