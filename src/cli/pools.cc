// Tests: pools_test.cc.
#include "cli/pools.h"

#include <algorithm>

#include "cli/columns.h"
#include "cli/span.h"
#include "client/json_text.h"
#include "client/progress.h"
#include "client/retry.h"
#include "errors/client.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::cli {
namespace {

Error NotOurs(const client::Client& client) { return Fail(errors::kNotDynamoDb, client.target().endpoint.url, 200); }

int64_t SecondsOf(json::Value object, Bytes name) {
  const json::Value value = object.Find(name);
  return value.valid() && value.is_number() ? static_cast<int64_t>(value.real()) : 0;
}

// Calls until there is no next token; `each` takes an element of the member `list`.
template <class Write, class Each>
Status Walk(client::Client& client, const std::string& operation, const std::string& list, Write write, Each each) {
  std::string token;
  do {
    std::string body;
    json::Writer out(&body);
    out.BeginObject();
    write(out);
    if (!token.empty()) out.Key("NextToken").String(token);
    out.EndObject();
    STATOR_TRY(const std::string answer, CallPools(client, operation, body));
    json::Document document;
    STATOR_TRY(const json::Value root, document.Parse(answer));
    const json::Value elements = root.is_object() ? root.Find(list) : json::Value();
    if (!elements.valid() || !elements.is_array()) return NotOurs(client);
    for (const json::Value element : elements.elements()) {
      if (!element.is_object()) return NotOurs(client);
      each(element);
    }
    token = client::TextOf(root, "NextToken");
  } while (!token.empty());
  return {};
}

Status ReadNames(client::Client& client, std::vector<PoolRow>* rows) {
  return Walk(
      client, "ListUserPools", "UserPools", [](json::Writer& out) { out.Key("MaxResults").Int(60); },
      [rows](json::Value pool) {
        PoolRow& row = rows->emplace_back();
        row.id = client::TextOf(pool, "Id");
        row.name = client::TextOf(pool, "Name");
        row.created = SecondsOf(pool, "CreationDate");
      });
}

Status ReadApps(client::Client& client, PoolRow* row) {
  return Walk(
      client, "ListUserPoolClients", "UserPoolClients",
      [row](json::Writer& out) { out.Key("UserPoolId").String(row->id).Key("MaxResults").Int(60); },
      [row](json::Value app) {
        row->apps.push_back(
            {std::string(client::TextOf(app, "ClientId")), std::string(client::TextOf(app, "ClientName"))});
      });
}

Status ReadDescription(client::Client& client, PoolRow* row) {
  std::string body;
  json::Writer(&body).BeginObject().Key("UserPoolId").String(row->id).EndObject();
  STATOR_TRY(const std::string answer, CallPools(client, "DescribeUserPool", body));
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answer));
  const json::Value pool = root.is_object() ? root.Find("UserPool") : json::Value();
  if (!pool.valid() || !pool.is_object()) return NotOurs(client);
  row->users = SecondsOf(pool, "EstimatedNumberOfUsers");
  const json::Value triggers = pool.Find("LambdaConfig");
  if (!triggers.valid() || !triggers.is_object()) return {};
  for (const json::Member trigger : triggers.members()) {
    if (trigger.value.is_string()) row->triggers.emplace_back(trigger.name);
  }
  return {};
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all.empty() ? "-" : all;
}

}  // namespace

Result<std::string> CallPools(client::Client& client, const std::string& operation, Bytes body) {
  client::ServiceCall call;
  call.service = "cognito-idp";
  call.target = "AWSCognitoIdentityProviderService." + operation;
  call.content_type = "application/x-amz-json-1.1";
  call.body = body;
  return client.Call(call);
}

Result<std::vector<PoolRow>> ReadPools(client::Client& client) {
  std::vector<PoolRow> all;
  std::vector<PoolRow> rows;
  STATOR_OK(ReadNames(client, &all));
  for (PoolRow& row : all) {
    Status read = ReadDescription(client, &row);
    if (read.ok()) read = ReadApps(client, &row);
    if (!read.ok() && client::IsRemote(read.error(), "ResourceNotFoundException")) continue;  // deleted meanwhile
    if (!read.ok()) return read.error();
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), [](const PoolRow& a, const PoolRow& b) { return a.name < b.name; });
  return rows;
}

std::string PoolsTable(const std::vector<PoolRow>& rows, Time now) {
  if (rows.empty()) return "no user pools\n";
  std::vector<Cells> lines{{"NAME", "POOL", "CLIENTS", "TRIGGERS", "USERS", "CREATED"}};
  for (const PoolRow& row : rows) {
    std::vector<std::string> apps;
    for (const PoolRow::App& app : row.apps) apps.push_back(app.name + " " + app.id);
    lines.push_back({row.name, row.id, Joined(apps), Joined(row.triggers),
                     client::Grouped(static_cast<uint64_t>(row.users)), Ago(now - Time{row.created * 1'000'000})});
  }
  return Align(lines, 4);
}

std::string PoolsJson(const std::vector<PoolRow>& rows) {
  std::string text;
  json::Writer out(&text);
  out.BeginObject().Key("Pools").BeginArray();
  for (const PoolRow& row : rows) {
    out.BeginObject().Key("Id").String(row.id).Key("Name").String(row.name).Key("Users").Int(row.users);
    out.Key("CreationDate").Int(row.created).Key("Clients").BeginArray();
    for (const PoolRow::App& app : row.apps) {
      out.BeginObject().Key("ClientId").String(app.id).Key("ClientName").String(app.name).EndObject();
    }
    out.EndArray().Key("Triggers").BeginArray();
    for (const std::string& trigger : row.triggers) out.String(trigger);
    out.EndArray().EndObject();
  }
  out.EndArray().EndObject();
  return text + "\n";
}

Result<std::string> FindPool(client::Client& client, const std::string& wish) {
  std::vector<PoolRow> rows;
  STATOR_OK(ReadNames(client, &rows));
  const std::string& url = client.target().endpoint.url;
  std::vector<std::string> found;
  std::string all;
  for (const PoolRow& row : rows) {
    if (!wish.empty() && row.id == wish) return row.id;
    if (wish.empty() || row.name == wish) found.push_back(row.id);
    all += (all.empty() ? "" : ", ") + Printable(row.name) + " (" + row.id + ")";
  }
  if (found.size() == 1) return found.front();
  if (rows.empty()) return Fail(errors::kNoPools, url);
  if (found.empty()) return Fail(errors::kNoSuchPool, wish, url, all);
  return Fail(errors::kWhichPool, found.size(), url, all);
}

}  // namespace stator::cli
