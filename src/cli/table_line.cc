#include "cli/table_line.h"

#include "client/json_text.h"
#include "errors/json.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::cli {
namespace {

using client::JsonText;
using client::TextOf;

void Copy(json::Writer* writer, const json::Value& from, Bytes name) {
  const json::Value value = from.Find(name);
  if (value.valid() && !value.is_null()) writer->Key(name).Raw(JsonText(value));
}

void WriteThroughput(json::Writer* writer, const json::Value& from, bool on_demand) {
  const json::Value units = from.Find("ProvisionedThroughput");
  if (on_demand || !units.valid() || !units.is_object()) return;
  writer->Key("ProvisionedThroughput").BeginObject();
  Copy(writer, units, "ReadCapacityUnits");
  Copy(writer, units, "WriteCapacityUnits");
  writer->EndObject();
}

void WriteIndexes(json::Writer* writer, const json::Value& table, Bytes name, bool on_demand) {
  const json::Value indexes = table.Find(name);
  if (!indexes.valid() || !indexes.is_array() || indexes.size() == 0) return;
  writer->Key(name).BeginArray();
  for (const json::Value index : indexes.elements()) {
    writer->BeginObject();
    for (const Bytes member : {"IndexName", "KeySchema", "Projection"}) Copy(writer, index, member);
    if (name == "GlobalSecondaryIndexes") {
      Copy(writer, index, "OnDemandThroughput");
      WriteThroughput(writer, index, on_demand);
    }
    writer->EndObject();
  }
  writer->EndArray();
}

Bytes InnerText(const json::Value& table, Bytes outer, Bytes inner) {
  const json::Value value = table.Find(outer);
  return value.valid() && value.is_object() ? TextOf(value, inner) : Bytes();
}

void WriteTable(json::Writer* writer, const json::Value& table) {
  const bool on_demand = InnerText(table, "BillingModeSummary", "BillingMode") == "PAY_PER_REQUEST";
  for (const Bytes member : {"TableName", "AttributeDefinitions", "KeySchema"}) Copy(writer, table, member);
  WriteIndexes(writer, table, "LocalSecondaryIndexes", on_demand);
  WriteIndexes(writer, table, "GlobalSecondaryIndexes", on_demand);
  writer->Key("BillingMode").String(on_demand ? "PAY_PER_REQUEST" : "PROVISIONED");
  WriteThroughput(writer, table, on_demand);
  Copy(writer, table, "OnDemandThroughput");
  Copy(writer, table, "StreamSpecification");
  const Bytes table_class = InnerText(table, "TableClassSummary", "TableClass");
  if (!table_class.empty()) writer->Key("TableClass").String(table_class);
  const json::Value protection = table.Find("DeletionProtectionEnabled");
  if (protection.valid() && protection.is_bool() && protection.boolean()) {
    writer->Key("DeletionProtectionEnabled").Bool(true);
  }
}

Status WriteTags(json::Writer* writer, Bytes tags) {
  if (tags.empty()) return {};
  json::Document document;
  auto root = document.Parse(tags);
  if (!root.ok()) return std::move(root).error();
  const json::Value list = root->is_object() ? root->Find("Tags") : json::Value();
  if (list.valid() && list.is_array() && list.size() > 0) writer->Key("Tags").Raw(JsonText(list));
  return {};
}

Status WriteTimeToLive(json::Writer* writer, Bytes time_to_live) {
  if (time_to_live.empty()) return {};
  json::Document document;
  auto root = document.Parse(time_to_live);
  if (!root.ok()) return std::move(root).error();
  const json::Value found = root->is_object() ? root->Find("TimeToLiveDescription") : json::Value();
  if (!found.valid() || !found.is_object()) return {};
  const Bytes status = TextOf(found, "TimeToLiveStatus");
  if (status != "ENABLED" && status != "ENABLING") return {};
  writer->Key("TimeToLive").BeginObject();
  writer->Key("AttributeName").String(TextOf(found, "AttributeName")).Key("Enabled").Bool(true).EndObject();
  return {};
}

}  // namespace

Result<std::string> TableLine(Bytes description, Bytes tags, Bytes time_to_live) {
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(description));
  const json::Value table = root.is_object() ? root.Find("Table") : json::Value();
  if (!table.valid() || !table.is_object()) return Fail(errors::kJsonMalformed);
  std::string line;
  json::Writer writer(&line);
  writer.BeginObject().Key("Table").BeginObject();
  WriteTable(&writer, table);
  STATOR_OK(WriteTags(&writer, tags));
  writer.EndObject();
  STATOR_OK(WriteTimeToLive(&writer, time_to_live));
  writer.EndObject();
  return line;
}

}  // namespace stator::cli
