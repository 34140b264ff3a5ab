#include "cli/table_line.h"

#include <cctype>

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

// Of a table on demand that was never warmed (WarmThroughput in the developer guide).
constexpr int64_t kOnDemandReads = 12'000;
constexpr int64_t kOnDemandWrites = 4'000;

int64_t UnitsOf(const json::Value& from, Bytes name) {
  const json::Value units = from.valid() && from.is_object() ? from.Find(name) : json::Value();
  return units.valid() && units.kind() == json::Kind::kInteger ? units.integer() : 0;
}

void WriteThroughput(json::Writer* writer, const json::Value& from, bool on_demand) {
  const json::Value units = from.Find("ProvisionedThroughput");
  if (on_demand || !units.valid() || !units.is_object()) return;
  writer->Key("ProvisionedThroughput").BeginObject();
  Copy(writer, units, "ReadCapacityUnits");
  Copy(writer, units, "WriteCapacityUnits");
  writer->EndObject();
}

// Units are said only if they are not those that the table has without: tables that were never warmed are made again
// where nobody knows the member.
void WriteWarm(json::Writer* writer, const json::Value& from, bool on_demand) {
  const json::Value warm = from.Find("WarmThroughput");
  if (!warm.valid() || !warm.is_object()) return;
  const json::Value units = from.Find("ProvisionedThroughput");
  const int64_t read = UnitsOf(warm, "ReadUnitsPerSecond");
  const int64_t write = UnitsOf(warm, "WriteUnitsPerSecond");
  const bool as_always =
      on_demand ? read <= kOnDemandReads && write <= kOnDemandWrites
                : read <= UnitsOf(units, "ReadCapacityUnits") && write <= UnitsOf(units, "WriteCapacityUnits");
  if (as_always) return;
  writer->Key("WarmThroughput").BeginObject();
  writer->Key("ReadUnitsPerSecond").Int(read).Key("WriteUnitsPerSecond").Int(write).EndObject();
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
      WriteWarm(writer, index, on_demand);
    }
    writer->EndObject();
  }
  writer->EndArray();
}

Bytes InnerText(const json::Value& table, Bytes outer, Bytes inner) {
  const json::Value value = table.Find(outer);
  return value.valid() && value.is_object() ? TextOf(value, inner) : Bytes();
}

void WriteEncryption(json::Writer* writer, const json::Value& table) {
  if (InnerText(table, "SSEDescription", "SSEType") != "KMS") return;
  writer->Key("SSESpecification").BeginObject().Key("Enabled").Bool(true).Key("SSEType").String("KMS");
  const Bytes key = InnerText(table, "SSEDescription", "KMSMasterKeyArn");
  if (!key.empty()) writer->Key("KMSMasterKeyId").String(key);
  writer->EndObject();
}

void WriteTable(json::Writer* writer, const json::Value& table) {
  const bool on_demand = InnerText(table, "BillingModeSummary", "BillingMode") == "PAY_PER_REQUEST";
  for (const Bytes member : {"TableName", "AttributeDefinitions", "KeySchema"}) Copy(writer, table, member);
  WriteIndexes(writer, table, "LocalSecondaryIndexes", on_demand);
  WriteIndexes(writer, table, "GlobalSecondaryIndexes", on_demand);
  writer->Key("BillingMode").String(on_demand ? "PAY_PER_REQUEST" : "PROVISIONED");
  WriteThroughput(writer, table, on_demand);
  Copy(writer, table, "OnDemandThroughput");
  WriteWarm(writer, table, on_demand);
  Copy(writer, table, "StreamSpecification");
  WriteEncryption(writer, table);
  const Bytes table_class = InnerText(table, "TableClassSummary", "TableClass");
  if (!table_class.empty()) writer->Key("TableClass").String(table_class);
  const json::Value protection = table.Find("DeletionProtectionEnabled");
  if (protection.valid() && protection.is_bool() && protection.boolean()) {
    writer->Key("DeletionProtectionEnabled").Bool(true);
  }
}

// One list of all pages.
Status WriteTags(json::Writer* writer, const std::vector<std::string>& pages) {
  bool begun = false;
  for (const std::string& page : pages) {
    json::Document document;
    auto root = document.Parse(page);
    if (!root.ok()) return std::move(root).error();
    const json::Value list = root->is_object() ? root->Find("Tags") : json::Value();
    if (!list.valid() || !list.is_array() || list.size() == 0) continue;
    if (!begun) writer->Key("Tags").BeginArray();
    begun = true;
    for (const json::Value tag : list.elements()) writer->Raw(JsonText(tag));
  }
  if (begun) writer->EndArray();
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

Status WritePolicies(json::Writer* writer, const std::vector<TableAnswers::Policy>& policies) {
  bool begun = false;
  for (const TableAnswers::Policy& policy : policies) {
    if (policy.answer.empty()) continue;
    json::Document document;
    auto root = document.Parse(policy.answer);
    if (!root.ok()) return std::move(root).error();
    const Bytes text = root->is_object() ? TextOf(*root, "Policy") : Bytes();
    if (text.empty()) continue;
    if (!begun) writer->Key("ResourcePolicies").BeginArray();
    begun = true;
    writer->BeginObject().Key("ResourceArn").String(policy.arn).Key("Policy").String(text).EndObject();
  }
  if (begun) writer->EndArray();
  return {};
}

bool GoesOn(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.'; }

}  // namespace

Result<std::string> TableLine(const TableAnswers& answers) {
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answers.description));
  const json::Value table = root.is_object() ? root.Find("Table") : json::Value();
  if (!table.valid() || !table.is_object()) return Fail(errors::kJsonMalformed);
  std::string line;
  json::Writer writer(&line);
  writer.BeginObject().Key("Table").BeginObject();
  WriteTable(&writer, table);
  STATOR_OK(WriteTags(&writer, answers.tags));
  writer.EndObject();
  STATOR_OK(WriteTimeToLive(&writer, answers.time_to_live));
  STATOR_OK(WritePolicies(&writer, answers.policies));
  writer.EndObject();
  return line;
}

std::string WithArn(Bytes text, Bytes from, Bytes to) {
  std::string out;
  for (size_t at = 0;;) {
    const size_t found = from.empty() ? Bytes::npos : text.find(from, at);
    out.append(text.substr(at, found == Bytes::npos ? Bytes::npos : found - at));
    if (found == Bytes::npos) return out;
    const size_t end = found + from.size();
    out.append(end < text.size() && GoesOn(text[end]) ? from : to);
    at = end;
  }
}

}  // namespace stator::cli
