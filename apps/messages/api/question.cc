#include "api/question.h"

#include "base/random.h"
#include "client/json_text.h"
#include "json/writer.h"
#include "rows.h"

namespace stator::messages {
namespace {

void WriteText(json::Writer& out, Bytes name, Bytes text) {
  out.Key(name).BeginObject().Key("S").String(text).EndObject();
}

void WritePut(json::Writer& out, Bytes table, Bytes item) {
  out.BeginObject().Key("TableName").String(table).Key("Item").Raw(item);
  out.Key("ConditionExpression").String("attribute_not_exists(pk)").EndObject();
}

}  // namespace

std::string QueryRequest(const Question& question) {
  std::string request;
  request.reserve(512);
  json::Writer out(&request);
  out.BeginObject().Key("TableName").String(question.table);
  if (question.index) out.Key("IndexName").String(kGroupIndex);
  std::string condition = question.index ? "message_group_uuid = :key" : "pk = :key";
  if (!question.before.empty()) condition += " AND sk < :bound";
  if (!question.after.empty()) condition += " AND sk > :bound";
  out.Key("KeyConditionExpression").String(condition);
  out.Key("ExpressionAttributeValues").BeginObject();
  WriteText(out, ":key", question.key);
  if (!question.before.empty()) WriteText(out, ":bound", question.before);
  if (!question.after.empty()) WriteText(out, ":bound", question.after);
  out.EndObject().Key("ScanIndexForward").Bool(false);
  if (question.limit > 0) out.Key("Limit").Int(question.limit);
  if (question.consistent) out.Key("ConsistentRead").Bool(true);
  if (!question.start.empty()) out.Key("ExclusiveStartKey").Raw(question.start);
  out.EndObject();
  return request;
}

std::string PutNewRequest(Bytes table, Bytes item) {
  std::string request;
  json::Writer out(&request);
  WritePut(out, table, item);
  return request;
}

std::string GetRequest(Bytes table, Bytes pk, Bytes sk) {
  std::string request;
  json::Writer out(&request);
  out.BeginObject().Key("TableName").String(table).Key("ConsistentRead").Bool(true).Key("Key").BeginObject();
  WriteText(out, "pk", pk);
  WriteText(out, "sk", sk);
  out.EndObject().EndObject();
  return request;
}

std::string PutAllNewRequest(Bytes table, const std::vector<std::string>& items) {
  std::string request;
  json::Writer out(&request);
  // The token makes an attempt that is repeated because its answer was lost the same transaction.
  out.BeginObject().Key("ClientRequestToken").String(NewUuid()).Key("TransactItems").BeginArray();
  for (const std::string& item : items) {
    out.BeginObject().Key("Put");
    WritePut(out, table, item);
    out.EndObject();
  }
  out.EndArray().EndObject();
  return request;
}

Bytes TextIn(const json::Value& item, Bytes attribute) {
  const json::Value value = item.Find(attribute);
  return value.valid() && value.is_object() ? client::TextOf(value, "S") : Bytes();
}

}  // namespace stator::messages
