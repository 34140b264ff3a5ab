#include "services/dynamodb/table_description.h"

#include <algorithm>

#include "catalog/update_schema.h"
#include "catalog/validate_throughput.h"

namespace stator::services::dynamodb {
namespace {

using catalog::IndexSchema;
using catalog::State;
using catalog::TableSchema;

Bytes NameOf(catalog::ProjectionType projection) {
  switch (projection) {
    case catalog::ProjectionType::kAll:
      return "ALL";
    case catalog::ProjectionType::kKeysOnly:
      return "KEYS_ONLY";
    case catalog::ProjectionType::kInclude:
      return "INCLUDE";
  }
  return "";
}

void WriteAttributes(const std::vector<catalog::KeyAttribute>& attributes, json::Writer& out) {
  out.Key("AttributeDefinitions").BeginArray();
  for (const catalog::KeyAttribute& attribute : attributes) {
    out.BeginObject();
    out.Key("AttributeName").String(attribute.name);
    out.Key("AttributeType").String(item::TypeName(attribute.type));
    out.EndObject();
  }
  out.EndArray();
}

void WriteKeyElements(const std::vector<catalog::KeyAttribute>& attributes, Bytes type, json::Writer& out) {
  for (const catalog::KeyAttribute& attribute : attributes) {
    out.BeginObject();
    out.Key("AttributeName").String(attribute.name);
    out.Key("KeyType").String(type);
    out.EndObject();
  }
}

void WriteKey(const catalog::KeySchema& key, json::Writer& out) {
  out.Key("KeySchema").BeginArray();
  WriteKeyElements(key.hash, "HASH", out);
  WriteKeyElements(key.range, "RANGE", out);
  out.EndArray();
}

void WriteThroughput(const catalog::Throughput& throughput, Time now, json::Writer& out) {
  out.Key("ProvisionedThroughput").BeginObject();
  if (throughput.last_increase) out.Key("LastIncreaseDateTime").Millis(throughput.last_increase->millis());
  if (throughput.last_decrease) out.Key("LastDecreaseDateTime").Millis(throughput.last_decrease->millis());
  out.Key("NumberOfDecreasesToday").Int(catalog::DecreasesToday(throughput, now));
  out.Key("ReadCapacityUnits").Int(throughput.read);
  out.Key("WriteCapacityUnits").Int(throughput.write);
  out.EndObject();
}

void WriteOnDemand(const std::optional<catalog::OnDemandThroughput>& caps, json::Writer& out) {
  if (!caps) return;
  out.Key("OnDemandThroughput").BeginObject();
  if (caps->max_read) out.Key("MaxReadRequestUnits").Int(*caps->max_read);
  if (caps->max_write) out.Key("MaxWriteRequestUnits").Int(*caps->max_write);
  out.EndObject();
}

void WriteWarm(const catalog::WarmThroughput& warm, State state, json::Writer& out) {
  out.Key("WarmThroughput").BeginObject();
  out.Key("ReadUnitsPerSecond").Int(warm.read);
  out.Key("WriteUnitsPerSecond").Int(warm.write);
  out.Key("Status").String(StateName(state));
  out.EndObject();
}

void WriteProjection(const IndexSchema& index, json::Writer& out) {
  out.Key("Projection").BeginObject();
  out.Key("ProjectionType").String(NameOf(index.projection));
  if (index.projection == catalog::ProjectionType::kInclude) {
    out.Key("NonKeyAttributes").BeginArray();
    for (const std::string& name : index.non_key_attributes) out.String(name);
    out.EndArray();
  }
  out.EndObject();
}

void WriteIndex(const TableSchema& table, const IndexSchema& index, const DescriptionFacts& facts, json::Writer& out) {
  out.BeginObject();
  out.Key("IndexName").String(index.name);
  WriteKey(index.key, out);
  WriteProjection(index, out);
  if (!index.local) {
    const State state = table.state == State::kCreating ? State::kCreating : index.state;
    out.Key("IndexStatus").String(StateName(state));
    if (index.backfilling) out.Key("Backfilling").Bool(true);
    WriteThroughput(index.throughput, facts.now, out);
    WriteOnDemand(index.on_demand, out);
    WriteWarm(catalog::WarmOf(index.warm, table.billing, index.throughput), state, out);
  }
  const TableSize size = facts.size_of(table, &index);
  out.Key("IndexSizeBytes").Int(size.bytes);
  out.Key("ItemCount").Int(size.items);
  out.Key("IndexArn").String(index.arn);
  out.EndObject();
}

void WriteIndexes(const TableSchema& table, bool local, const DescriptionFacts& facts, json::Writer& out) {
  const auto wanted = [local](const IndexSchema& index) { return index.local == local; };
  if (std::none_of(table.indexes.begin(), table.indexes.end(), wanted)) return;
  out.Key(local ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes").BeginArray();
  for (const IndexSchema& index : table.indexes) {
    if (wanted(index)) WriteIndex(table, index, facts, out);
  }
  out.EndArray();
}

// Present once the table has been on demand.
void WriteBilling(const TableSchema& table, json::Writer& out) {
  if (!table.on_demand_since) return;
  const bool on_demand = table.billing == catalog::BillingMode::kPayPerRequest;
  out.Key("BillingModeSummary").BeginObject();
  out.Key("BillingMode").String(on_demand ? "PAY_PER_REQUEST" : "PROVISIONED");
  if (table.state != State::kCreating) {
    out.Key("LastUpdateToPayPerRequestDateTime").Millis(table.on_demand_since->millis());
  }
  out.EndObject();
}

void WriteStream(const TableSchema& table, json::Writer& out) {
  if (table.stream.enabled) {
    out.Key("StreamSpecification").BeginObject();
    out.Key("StreamEnabled").Bool(true);
    out.Key("StreamViewType").String(table.stream.view_type);
    out.EndObject();
  }
  if (table.stream.label.empty()) return;
  out.Key("LatestStreamLabel").String(table.stream.label);
  out.Key("LatestStreamArn").String(table.arn + "/stream/" + table.stream.label);
}

void WriteSettings(const TableSchema& table, json::Writer& out) {
  if (table.sse) {
    out.Key("SSEDescription").BeginObject();
    out.Key("Status").String("ENABLED").Key("SSEType").String("KMS");
    out.Key("KMSMasterKeyArn").String(table.sse->kms_key_arn);
    out.EndObject();
  }
  if (table.table_class) {
    const bool standard = *table.table_class == catalog::TableClass::kStandard;
    out.Key("TableClassSummary").BeginObject();
    out.Key("TableClass").String(standard ? "STANDARD" : "STANDARD_INFREQUENT_ACCESS");
    out.EndObject();
  }
}

// What every description has.
void WriteCommon(const TableSchema& table, const DescriptionFacts& facts, json::Writer& out) {
  out.Key("TableName").String(table.name);
  out.Key("TableStatus").String(StateName(table.state));
  WriteThroughput(table.throughput, facts.now, out);
  const TableSize size = facts.size_of(table, nullptr);
  out.Key("TableSizeBytes").Int(size.bytes);
  out.Key("ItemCount").Int(size.items);
  out.Key("TableArn").String(table.arn);
  out.Key("TableId").String(table.id);
  WriteBilling(table, out);
  out.Key("DeletionProtectionEnabled").Bool(table.deletion_protection);
}

}  // namespace

Bytes StateName(State state) {
  switch (state) {
    case State::kCreating:
      return "CREATING";
    case State::kActive:
      return "ACTIVE";
    case State::kUpdating:
      return "UPDATING";
    case State::kDeleting:
      return "DELETING";
  }
  return "";
}

void WriteTable(const TableSchema& table, const DescriptionFacts& facts, json::Writer& out) {
  out.BeginObject();
  WriteAttributes(table.attributes, out);
  WriteKey(table.key, out);
  out.Key("CreationDateTime").Millis(table.created.millis());
  WriteCommon(table, facts, out);
  WriteIndexes(table, true, facts, out);
  WriteIndexes(table, false, facts, out);
  WriteStream(table, out);
  WriteSettings(table, out);
  WriteOnDemand(table.on_demand, out);
  WriteWarm(catalog::WarmOf(table.warm, table.billing, table.throughput), table.state, out);
  out.EndObject();
}

void WriteDeletedTable(const TableSchema& table, const DescriptionFacts& facts, json::Writer& out) {
  out.BeginObject();
  WriteCommon(table, facts, out);
  out.EndObject();
}

}  // namespace stator::services::dynamodb
