// Reading. What is written is in conversations_write.cc.
#include "api/conversations.h"

#include <algorithm>

#include "api/question.h"
#include "errors/client.h"
#include "json/writer.h"

namespace stator::messages {
namespace {

constexpr Bytes kGroupPrefix = "GRP#";

Error NotAnAnswer() { return Fail(errors::kNotDynamoDb, "the table's server", 200); }

void WritePerson(json::Writer& out, const Person& person) {
  out.BeginObject().Key("uuid").String(person.uuid).Key("display_name").String(person.display_name);
  out.Key("handle").String(person.handle).EndObject();
}

void WriteAuthor(json::Writer& out, const json::Value& item) {
  out.Key("user_uuid").String(TextIn(item, "user_uuid"));
  out.Key("display_name").String(TextIn(item, "user_display_name"));
  out.Key("handle").String(TextIn(item, "user_handle"));
}

void WriteGroup(json::Writer& out, const json::Value& item) {
  out.BeginObject().Key("uuid").String(TextIn(item, "message_group_uuid"));
  WriteAuthor(out, item);
  out.Key("message").String(TextIn(item, "message"));
  out.Key("created_at").String(TextIn(item, "sk")).Key("last_message_at").String(TextIn(item, "sk")).EndObject();
}

void WriteMessage(json::Writer& out, const json::Value& item, Bytes group_uuid) {
  out.BeginObject().Key("uuid").String(TextIn(item, "message_uuid")).Key("message_group_uuid").String(group_uuid);
  WriteAuthor(out, item);
  out.Key("message").String(TextIn(item, "message")).Key("created_at").String(TextIn(item, "sk")).EndObject();
}

// One more row than a page has was asked for, to see whether there is one.
struct Items {
  std::vector<json::Value> rows;
  bool more = false;
};

Result<Items> ItemsIn(json::Document& document, Bytes answer, int limit) {
  STATOR_TRY(const json::Value root, document.Parse(answer));
  const json::Value items = root.is_object() ? root.Find("Items") : json::Value();
  if (!items.valid() || !items.is_array()) return NotAnAnswer();
  Items page;
  for (const json::Value item : items.elements()) {
    if (!item.is_object()) return NotAnAnswer();
    if (page.rows.size() == static_cast<size_t>(limit)) {
      page.more = true;
      break;
    }
    page.rows.push_back(item);
  }
  return page;
}

// What reads on, as the last member of the page.
void EndPage(json::Writer& out, const Items& page) {
  out.Key("before");
  page.more ? out.String(TextIn(page.rows.back(), "sk")) : out.Null();
  out.EndObject();
}

}  // namespace

Task<Result<std::string>> Conversations::Query(std::string key, PageRequest page) {
  Question question;
  question.table = table_;
  question.key = std::move(key);
  question.before = std::move(page.before);
  question.limit = page.limit + 1;
  co_return co_await caller_.Call("DynamoDB_20120810.Query", QueryRequest(question));
}

Task<Result<std::string>> Conversations::List(std::string user_uuid, PageRequest page) {
  const int limit = page.limit;
  auto answer = co_await Query(GroupKey(user_uuid), std::move(page));
  if (!answer.ok()) co_return answer;
  STATOR_CO_TRY(const Items found, ItemsIn(document_, *answer, limit));
  std::string body;
  body.reserve(answer->size());
  json::Writer out(&body);
  out.BeginObject().Key("message_groups").BeginArray();
  std::vector<Bytes> shown;
  for (const json::Value& item : found.rows) {
    // While a conversation moves to the top it is in the list twice for a moment.
    const Bytes uuid = TextIn(item, "message_group_uuid");
    if (std::find(shown.begin(), shown.end(), uuid) != shown.end()) continue;
    shown.push_back(uuid);
    WriteGroup(out, item);
  }
  out.EndArray();
  EndPage(out, found);
  co_return body;
}

Task<Result<std::string>> Conversations::Read(std::string group_uuid, Person other, PageRequest page) {
  const int limit = page.limit;
  auto answer = co_await Query(MessageKey(group_uuid), std::move(page));
  if (!answer.ok()) co_return answer;
  STATOR_CO_TRY(const Items found, ItemsIn(document_, *answer, limit));
  std::string body;
  body.reserve(answer->size());
  json::Writer out(&body);
  out.BeginObject().Key("message_group_uuid").String(group_uuid).Key("other");
  WritePerson(out, other);
  out.Key("messages").BeginArray();
  for (auto item = found.rows.rbegin(); item != found.rows.rend(); ++item) WriteMessage(out, *item, group_uuid);
  out.EndArray();
  EndPage(out, found);
  co_return body;
}

Task<Result<Members>> Conversations::MembersOf(std::string group_uuid) {
  const auto kept = kept_.find(group_uuid);
  if (kept != kept_.end() && MonotonicNow() < kept->second.until) co_return kept->second.members;
  Question question;
  question.table = table_;
  question.index = true;
  question.key = group_uuid;
  auto answer = co_await caller_.Call("DynamoDB_20120810.Query", QueryRequest(question));
  if (!answer.ok()) co_return std::move(answer).error();
  STATOR_CO_TRY(const Items found, ItemsIn(document_, *answer, 1000));
  Members members;
  for (const json::Value& item : found.rows) {
    const Bytes pk = TextIn(item, "pk");
    if (!pk.starts_with(kGroupPrefix)) continue;
    const Bytes uuid = pk.substr(kGroupPrefix.size());
    const bool known = std::any_of(members.begin(), members.end(), [uuid](const Member& m) { return m.uuid == uuid; });
    if (known) continue;  // its row is moving
    members.push_back(
        {std::string(uuid), Person{std::string(TextIn(item, "user_uuid")), std::string(TextIn(item, "user_handle")),
                                   std::string(TextIn(item, "user_display_name"))}});
  }
  if (members.size() >= 2) Keep(group_uuid, members);
  co_return members;
}

Task<Result<std::optional<Person>>> Conversations::OtherIn(std::string group_uuid, std::string user_uuid) {
  auto members = co_await MembersOf(std::move(group_uuid));
  if (!members.ok()) co_return std::move(members).error();
  std::optional<Person> other;
  for (const Member& member : *members) {
    if (member.uuid == user_uuid) other = member.other;
  }
  co_return other;
}

void Conversations::Keep(const std::string& group_uuid, Members members) {
  if (kept_.size() >= kMostKept) kept_.clear();
  kept_.insert_or_assign(group_uuid, Kept{std::move(members), MonotonicNow() + kKept});
}

}  // namespace stator::messages
