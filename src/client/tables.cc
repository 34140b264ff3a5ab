#include "client/tables.h"

#include <algorithm>

#include "client/json_text.h"
#include "errors/client.h"
#include "json/writer.h"

namespace stator::client {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(20);
constexpr Duration kLongestPause = std::chrono::seconds(2);
constexpr Duration kPatience = std::chrono::minutes(10);

std::string Named(const std::string& table) {
  std::string body;
  json::Writer(&body).BeginObject().Key("TableName").String(table).EndObject();
  return body;
}

Result<std::string> StateIn(const std::string& description, const std::string& url) {
  json::Document document;
  const auto root = document.Parse(description);
  if (!root.ok() || !root->is_object()) return Fail(errors::kNotDynamoDb, url, 200);
  const json::Value table = root->Find("Table");
  if (!table.valid() || !table.is_object()) return Fail(errors::kNotDynamoDb, url, 200);
  return std::string(TextOf(table, "TableStatus"));
}

// Describes the table until it is ACTIVE, or until there is none; the last description.
Result<std::string> Await(Client& client, const std::string& name) {
  Duration waited{};
  for (Duration pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    STATOR_TRY(std::string description, DescribeTable(client, name));
    STATOR_TRY(const std::string state, StateIn(description, client.target().endpoint.url));
    if (state == "ACTIVE") return description;
    if (waited >= kPatience) {
      return Fail(errors::kStillChanging, name, state, static_cast<int64_t>(waited.count() / 1'000'000));
    }
    client.Pause(pause);
    waited += pause;
  }
}

}  // namespace

Result<std::string> DescribeTable(Client& client, const std::string& name) {
  return client.Call("DescribeTable", Named(name));
}

Result<std::string> CreateTable(Client& client, const std::string& name, Bytes request) {
  STATOR_TRY(const std::string created, client.Call("CreateTable", request));
  return Await(client, name);
}

Status DropTable(Client& client, const std::string& name) {
  auto deleted = client.Call("DeleteTable", Named(name));
  if (!deleted.ok()) return std::move(deleted).error();
  const auto last = Await(client, name);
  if (last.ok() || IsRemote(last.error(), "ResourceNotFoundException")) return {};
  return last.error();
}

Result<std::vector<std::string>> ListTables(Client& client) {
  std::vector<std::string> names;
  std::string after;
  do {
    std::string body;
    json::Writer writer(&body);
    writer.BeginObject();
    if (!after.empty()) writer.Key("ExclusiveStartTableName").String(after);
    writer.EndObject();
    STATOR_TRY(const std::string answer, client.Call("ListTables", body));
    json::Document document;
    STATOR_TRY(const json::Value root, document.Parse(answer));
    const json::Value page = root.is_object() ? root.Find("TableNames") : json::Value();
    if (!page.valid() || !page.is_array()) return Fail(errors::kNotDynamoDb, client.target().endpoint.url, 200);
    for (const json::Value name : page.elements()) {
      if (name.is_string()) names.emplace_back(name.text());
    }
    after = TextOf(root, "LastEvaluatedTableName");
  } while (!after.empty());
  return names;
}

}  // namespace stator::client
