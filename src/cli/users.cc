// Tests: pools_test.cc.
#include "cli/users.h"

#include <algorithm>

#include "cli/columns.h"
#include "cli/pools.h"
#include "cli/span.h"
#include "client/json_text.h"
#include "errors/client.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::cli {
namespace {

Error NotOurs(const client::Client& client) { return Fail(errors::kNotDynamoDb, client.target().endpoint.url, 200); }

// {"Name": ..., "Value": ...} of a list of them; empty: there is none.
std::string AttributeOf(json::Value list, Bytes name) {
  for (const json::Value each : list.elements()) {
    if (each.is_object() && client::TextOf(each, "Name") == name) return std::string(client::TextOf(each, "Value"));
  }
  return {};
}

Result<UserRow> RowOf(const client::Client& client, json::Value user) {
  const json::Value attributes = user.is_object() ? user.Find("Attributes") : json::Value();
  if (!attributes.valid() || !attributes.is_array()) return NotOurs(client);
  UserRow row;
  row.username = client::TextOf(user, "Username");
  row.status = client::TextOf(user, "UserStatus");
  row.sub = AttributeOf(attributes, "sub");
  row.name = AttributeOf(attributes, "name");
  for (const std::string way : {"phone_number", "email"}) {
    const std::string contact = AttributeOf(attributes, way);
    if (contact.empty()) continue;
    row.contact = contact;
    row.verified = AttributeOf(attributes, way + "_verified") == "true";
  }
  const json::Value enabled = user.Find("Enabled");
  row.enabled = !enabled.valid() || !enabled.is_bool() || enabled.boolean();
  const json::Value created = user.Find("UserCreateDate");
  if (created.valid() && created.is_number()) row.created = static_cast<int64_t>(created.real());
  client::AppendJson(&row.json, user);
  return row;
}

// A page of users; gives the token of the next one, empty at the end.
Result<std::string> ReadPage(client::Client& client, Bytes body, std::vector<UserRow>* rows) {
  STATOR_TRY(const std::string answer, CallPools(client, "ListUsers", body));
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answer));
  const json::Value users = root.is_object() ? root.Find("Users") : json::Value();
  if (!users.valid() || !users.is_array()) return NotOurs(client);
  for (const json::Value user : users.elements()) {
    STATOR_TRY(UserRow row, RowOf(client, user));
    rows->push_back(std::move(row));
  }
  return std::string(client::TextOf(root, "PaginationToken"));
}

// {"UserPoolId": ..., "Username": ...; open.
json::Writer& BeginAbout(json::Writer& out, const std::string& pool, const std::string& username) {
  return out.BeginObject().Key("UserPoolId").String(pool).Key("Username").String(username);
}

Status CallAbout(client::Client& client, const std::string& operation, const std::string& pool,
                 const std::string& username) {
  std::string body;
  json::Writer out(&body);
  BeginAbout(out, pool, username).EndObject();
  const auto answer = CallPools(client, operation, body);
  return answer.ok() ? Status() : Status(answer.error());
}

}  // namespace

Result<std::vector<UserRow>> ReadUsers(client::Client& client, const std::string& pool, const std::string& filter) {
  std::vector<UserRow> rows;
  std::string token;
  do {
    std::string body;
    json::Writer out(&body);
    out.BeginObject().Key("UserPoolId").String(pool);
    if (!filter.empty()) out.Key("Filter").String(filter);
    if (!token.empty()) out.Key("PaginationToken").String(token);
    out.EndObject();
    STATOR_TRY(token, ReadPage(client, body, &rows));
  } while (!token.empty());
  return rows;
}

std::string UsersTable(const std::vector<UserRow>& rows, Time now) {
  if (rows.empty()) return "no users\n";
  std::vector<Cells> lines{{"USER", "STATUS", "CONTACT", "VERIFIED", "NAME", "SUB", "CREATED"}};
  for (const UserRow& row : rows) {
    const std::string status = row.enabled ? row.status : row.status + ", disabled";
    lines.push_back({row.username, status, row.contact.empty() ? "-" : row.contact,
                     row.contact.empty() ? "-" : (row.verified ? "yes" : "no"), row.name.empty() ? "-" : row.name,
                     row.sub, Ago(now - Time{row.created * 1'000'000})});
  }
  return Align(lines, 6);
}

std::string UsersJson(const std::vector<UserRow>& rows) {
  std::string text;
  json::Writer out(&text);
  out.BeginObject().Key("Users").BeginArray();
  for (const UserRow& row : rows) out.Raw(row.json);
  out.EndArray().EndObject();
  return text + "\n";
}

Result<std::string> CreateUser(client::Client& client, const std::string& pool, const NewUser& user) {
  const bool stays = !user.password.empty() && !user.temporary;
  auto attributes = user.attributes;
  for (const std::string way : {"email", "phone_number"}) {
    const auto has = [&](const std::string& name) {
      return std::any_of(attributes.begin(), attributes.end(), [&](const auto& each) { return each.first == name; });
    };
    if (stays && has(way) && !has(way + "_verified")) attributes.emplace_back(way + "_verified", "true");
  }
  std::string body;
  json::Writer out(&body);
  BeginAbout(out, pool, user.username).Key("UserAttributes").BeginArray();
  for (const auto& [name, value] : attributes) {
    out.BeginObject().Key("Name").String(name).Key("Value").String(value).EndObject();
  }
  out.EndArray();
  if (!user.password.empty()) out.Key("TemporaryPassword").String(user.password);
  if (stays) out.Key("MessageAction").String("SUPPRESS");
  out.EndObject();
  STATOR_TRY(const std::string answer, CallPools(client, "AdminCreateUser", body));
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answer));
  STATOR_TRY(const UserRow row, RowOf(client, root.is_object() ? root.Find("User") : root));
  if (stays) STATOR_OK(SetPassword(client, pool, row.username, user.password, false));
  return row.sub;
}

Status ConfirmUser(client::Client& client, const std::string& pool, const std::string& username) {
  return CallAbout(client, "AdminConfirmSignUp", pool, username);
}

Status SetPassword(client::Client& client, const std::string& pool, const std::string& username,
                   const std::string& password, bool temporary) {
  std::string body;
  json::Writer out(&body);
  BeginAbout(out, pool, username).Key("Password").String(password).Key("Permanent").Bool(!temporary).EndObject();
  const auto answer = CallPools(client, "AdminSetUserPassword", body);
  return answer.ok() ? Status() : Status(answer.error());
}

Status DeleteUser(client::Client& client, const std::string& pool, const std::string& username) {
  return CallAbout(client, "AdminDeleteUser", pool, username);
}

Result<std::pair<std::string, std::string>> ParseAttribute(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return Fail(errors::kBadAttribute, text);
  return std::pair(text.substr(0, equals), text.substr(equals + 1));
}

}  // namespace stator::cli
