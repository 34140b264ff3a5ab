#include "group_rows.h"

#include "client/json_text.h"
#include "client/retry.h"
#include "errors/client.h"
#include "json/value.h"
#include "json/writer.h"
#include "rows.h"

namespace stator::messaging_stream {
namespace {

Bytes TextIn(const json::Value& item, Bytes name) {
  const json::Value typed = item.Find(name);
  return typed.valid() && typed.is_object() ? client::TextOf(typed, "S") : Bytes();
}

GroupRow ReadRow(const json::Value& item) {
  GroupRow row;
  row.pk = TextIn(item, "pk");
  row.sk = TextIn(item, "sk");
  row.group_uuid = TextIn(item, "message_group_uuid");
  row.message = TextIn(item, "message");
  for (const json::Member member : item.members()) {
    row.attributes[std::string(member.name)] = client::JsonText(member.value);
  }
  return row;
}

void WriteText(json::Writer* out, Bytes name, Bytes text) {
  out->Key(name).BeginObject().Key("S").String(text).EndObject();
}

void WriteKey(json::Writer* out, Bytes pk, Bytes sk) {
  out->Key("Key").BeginObject();
  WriteText(out, "pk", pk);
  WriteText(out, "sk", sk);
  out->EndObject();
}

// The members of a Delete of the row as it was read.
void WriteDelete(json::Writer* out, Bytes table, const GroupRow& row) {
  out->BeginObject().Key("TableName").String(table);
  WriteKey(out, row.pk, row.sk);
  out->Key("ConditionExpression").String("message_group_uuid = :group AND message = :message");
  out->Key("ExpressionAttributeValues").BeginObject();
  WriteText(out, ":group", row.group_uuid);
  WriteText(out, ":message", row.message);
  out->EndObject().EndObject();
}

void WriteNewPut(json::Writer* out, Bytes table, const GroupRow& row) {
  out->BeginObject().Key("TableName").String(table).Key("Item").BeginObject();
  for (const auto& [name, value] : row.attributes) {
    if (name != "sk" && name != "message") out->Key(name).Raw(value);
  }
  WriteText(out, "sk", row.sk);
  WriteText(out, "message", row.message);
  out->EndObject().Key("ConditionExpression").String("attribute_not_exists(pk)").EndObject();
}

// The codes of a cancelled transaction, in the order of its actions; empty for any other error.
std::vector<std::string> ReasonsOf(const Error& error) {
  std::vector<std::string> codes;
  if (!client::IsRemote(error, "TransactionCanceledException")) return codes;
  json::Document document;
  const auto body = document.Parse(client::AsRemote(error)->body);
  const json::Value reasons = body.ok() && body->is_object() ? body->Find("CancellationReasons") : json::Value();
  if (!reasons.valid() || !reasons.is_array()) return codes;
  for (const json::Value reason : reasons.elements()) {
    codes.emplace_back(reason.is_object() ? client::TextOf(reason, "Code") : Bytes());
  }
  return codes;
}

}  // namespace

// `question`: the members of a Query, without the page to start from.
Result<std::vector<GroupRow>> GroupRows::QueryAll(const std::string& question) {
  std::vector<GroupRow> rows;
  std::string start;
  do {
    const std::string page = start.empty() ? "" : ",\"ExclusiveStartKey\":" + start;
    STATOR_TRY(const std::string answer, client_.Call("Query", "{" + question + page + "}"));
    json::Document document;
    STATOR_TRY(const json::Value root, document.Parse(answer));
    const json::Value items = root.Find("Items");
    if (!items.valid() || !items.is_array()) return Fail(errors::kNotDynamoDb, client_.target().endpoint.url, 200);
    for (const json::Value item : items.elements()) {
      if (item.is_object()) rows.push_back(ReadRow(item));
    }
    const json::Value last = root.Find("LastEvaluatedKey");
    start = last.valid() && last.is_object() ? client::JsonText(last) : "";
  } while (!start.empty());
  return rows;
}

Result<std::vector<GroupRow>> GroupRows::Listed(const std::string& group) {
  std::string question;
  json::Writer out(&question);
  out.Key("TableName").String(table_).Key("IndexName").String(messages::kGroupIndex);
  out.Key("KeyConditionExpression").String("message_group_uuid = :group");
  out.Key("ExpressionAttributeValues").BeginObject();
  WriteText(&out, ":group", group);
  out.EndObject();
  return QueryAll(question);
}

Result<std::vector<GroupRow>> GroupRows::Present(const std::string& pk, const std::string& group,
                                                 const std::string& since) {
  std::string question;
  json::Writer out(&question);
  out.Key("TableName").String(table_).Key("ConsistentRead").Bool(true).Key("ScanIndexForward").Bool(true);
  out.Key("KeyConditionExpression").String("pk = :pk AND sk >= :since");
  out.Key("FilterExpression").String("message_group_uuid = :group");
  out.Key("ExpressionAttributeValues").BeginObject();
  WriteText(&out, ":pk", pk);
  WriteText(&out, ":since", since);
  WriteText(&out, ":group", group);
  out.EndObject();
  return QueryAll(question);
}

Result<std::vector<GroupRow>> GroupRows::At(const std::string& pk, const std::string& sk) {
  std::string body;
  json::Writer out(&body);
  out.BeginObject().Key("TableName").String(table_).Key("ConsistentRead").Bool(true);
  WriteKey(&out, pk, sk);
  out.EndObject();
  STATOR_TRY(const std::string answer, client_.Call("GetItem", body));
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answer));
  std::vector<GroupRow> rows;
  const json::Value item = root.Find("Item");
  if (item.valid() && item.is_object()) rows.push_back(ReadRow(item));
  return rows;
}

Result<Moved> GroupRows::Move(const GroupRow& row, const GroupRow& to) {
  std::string body;
  json::Writer out(&body);
  out.BeginObject().Key("TransactItems").BeginArray();
  WriteNewPut(&out.BeginObject().Key("Put"), table_, to);
  out.EndObject();
  WriteDelete(&out.BeginObject().Key("Delete"), table_, row);
  out.EndObject().EndArray().EndObject();
  const auto answer = client_.Call("TransactWriteItems", body);
  if (answer.ok()) return Moved::kDone;
  const std::vector<std::string> codes = ReasonsOf(answer.error());
  if (codes.size() != 2) return answer.error();
  if (codes[0] == "ConditionalCheckFailed") return Moved::kTaken;
  for (const std::string& code : codes) {
    if (code == "TransactionConflict") return Moved::kChanged;
  }
  if (codes[1] == "ConditionalCheckFailed") return Moved::kChanged;
  return answer.error();
}

Status GroupRows::Delete(const GroupRow& row) {
  std::string body;
  json::Writer out(&body);
  WriteDelete(&out, table_, row);
  const auto answer = client_.Call("DeleteItem", body);
  if (answer.ok() || client::IsRemote(answer.error(), "ConditionalCheckFailedException")) return {};
  return answer.error();
}

}  // namespace stator::messaging_stream
