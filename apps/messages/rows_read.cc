#include "rows_read.h"

#include "client/json_text.h"
#include "errors/client.h"
#include "json/writer.h"

namespace stator::messages {
namespace {

std::string PlainText(const json::Value& value) {
  if (!value.is_object()) return client::JsonText(value);
  const Bytes text = client::TextOf(value, "S");
  if (!text.empty() || value.Find("S").valid()) return std::string(text);
  if (value.Find("N").valid()) return std::string(client::TextOf(value, "N"));
  return client::JsonText(value);
}

std::string QueryBody(const RowQuery& query, uint64_t limit, const std::string& start) {
  std::string body;
  json::Writer writer(&body);
  writer.BeginObject().Key("TableName").String(query.table);
  if (!query.index.empty()) writer.Key("IndexName").String(query.index);
  const bool bounded = !query.before.empty();
  writer.Key("KeyConditionExpression").String(bounded ? "#key = :key AND sk < :before" : "#key = :key");
  writer.Key("ExpressionAttributeNames").BeginObject().Key("#key").String(query.key_name).EndObject();
  writer.Key("ExpressionAttributeValues").BeginObject();
  writer.Key(":key").BeginObject().Key("S").String(query.key).EndObject();
  if (bounded) writer.Key(":before").BeginObject().Key("S").String(query.before).EndObject();
  writer.EndObject();
  writer.Key("ScanIndexForward").Bool(false);
  if (limit > 0) writer.Key("Limit").Int(static_cast<int64_t>(limit));
  if (!start.empty()) writer.Key("ExclusiveStartKey").Raw(start);
  writer.EndObject();
  return body;
}

// The answer's LastEvaluatedKey as JSON, or nothing.
std::string NextStart(const json::Value& answer) {
  const json::Value key = answer.Find("LastEvaluatedKey");
  return key.valid() && key.is_object() ? client::JsonText(key) : "";
}

}  // namespace

Bytes Attribute(const Row& row, Bytes name) {
  const auto found = row.find(name);
  return found == row.end() ? Bytes() : Bytes(found->second);
}

Row ReadRow(const json::Value& item) {
  Row row;
  if (!item.is_object()) return row;
  for (const json::Member member : item.members()) row[std::string(member.name)] = PlainText(member.value);
  return row;
}

Result<RowPage> QueryRows(client::Client& client, const RowQuery& query) {
  RowPage page;
  std::string start;
  do {
    const uint64_t left = query.limit == 0 ? 0 : query.limit - page.rows.size();
    STATOR_TRY(const std::string answer, client.Call("Query", QueryBody(query, left, start)));
    json::Document document;
    STATOR_TRY(const json::Value root, document.Parse(answer));
    const json::Value items = root.Find("Items");
    if (!items.valid() || !items.is_array()) return Fail(errors::kNotDynamoDb, client.target().endpoint.url, 200);
    for (const json::Value item : items.elements()) page.rows.push_back(ReadRow(item));
    start = NextStart(root);
  } while (!start.empty() && (query.limit == 0 || page.rows.size() < query.limit));
  page.more = !start.empty();
  return page;
}

Status ScanItems(client::Client& client, const std::string& table, const std::function<bool(const json::Value&)>& see) {
  std::string start;
  do {
    std::string body;
    json::Writer writer(&body);
    writer.BeginObject().Key("TableName").String(table);
    if (!start.empty()) writer.Key("ExclusiveStartKey").Raw(start);
    writer.EndObject();
    auto answer = client.Call("Scan", body);
    if (!answer.ok()) return std::move(answer).error();
    json::Document document;
    auto root = document.Parse(*answer);
    if (!root.ok()) return std::move(root).error();
    const json::Value items = root->Find("Items");
    if (!items.valid() || !items.is_array()) return Fail(errors::kNotDynamoDb, client.target().endpoint.url, 200);
    for (const json::Value item : items.elements()) {
      if (!see(item)) return {};
    }
    start = NextStart(*root);
  } while (!start.empty());
  return {};
}

}  // namespace stator::messages
