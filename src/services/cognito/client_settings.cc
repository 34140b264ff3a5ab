#include "services/cognito/client_settings.h"

#include <algorithm>

#include "errors/pools.h"
#include "json/copy.h"
#include "json/lenient.h"
#include "services/cognito/fields.h"

namespace stator::services::cognito {
namespace {

using pools::Client;

constexpr Bytes kAllow = "ALLOW_";
constexpr int64_t kDay = 86400;
constexpr int64_t kShortest = 300;  // of access and id tokens, seconds
constexpr int64_t kShortestRefresh = 3600;
constexpr int64_t kLongestRefresh = 3650 * kDay;

// Members that are stored and described, and change nothing here.
constexpr const char* kShown[] = {"TokenValidityUnits",
                                  "SupportedIdentityProviders",
                                  "CallbackURLs",
                                  "LogoutURLs",
                                  "DefaultRedirectURI",
                                  "AllowedOAuthFlows",
                                  "AllowedOAuthScopes",
                                  "AllowedOAuthFlowsUserPoolClient",
                                  "AnalyticsConfiguration",
                                  "EnablePropagateAdditionalUserContextData",
                                  "PreventUserExistenceErrors",
                                  "AccessTokenValidity",
                                  "IdTokenValidity"};

int64_t SecondsOf(const std::string& unit) {
  if (unit == "seconds") return 1;
  if (unit == "minutes") return 60;
  if (unit == "days") return kDay;
  return 3600;
}

int64_t Validity(json::Value body, Bytes member, Bytes unit_member, int64_t usual, const char* usual_unit) {
  const json::Value units = json::Given(body, "TokenValidityUnits");
  const std::string unit = units.valid() ? GivenText(units, unit_member).value_or(usual_unit) : usual_unit;
  const int64_t number = Number(body, member, 0);
  return number == 0 ? usual : number * SecondsOf(unit);
}

Status ReadValidity(json::Value body, Client* client) {
  client->access_seconds = Validity(body, "AccessTokenValidity", "AccessToken", 3600, "hours");
  client->id_seconds = Validity(body, "IdTokenValidity", "IdToken", 3600, "hours");
  client->refresh_seconds = Validity(body, "RefreshTokenValidity", "RefreshToken", 30 * kDay, "days");
  const auto fits = [](int64_t seconds) { return seconds >= kShortest && seconds <= kDay; };
  const bool refresh_fits = client->refresh_seconds >= kShortestRefresh && client->refresh_seconds <= kLongestRefresh;
  if (!fits(client->access_seconds) || !fits(client->id_seconds) || !refresh_fits) {
    return Fail(errors::kPoolTokenValidity);
  }
  if (client->refresh_seconds < std::max(client->access_seconds, client->id_seconds)) {
    return Fail(errors::kPoolRefreshShort);
  }
  return {};
}

// The older names leave SRP and refreshing on; without any, so do the newer ones.
Status ReadFlows(json::Value body, Client* client) {
  std::vector<std::string> given = Texts(body, "ExplicitAuthFlows");
  client->shown_flows = given;
  client->flows.clear();
  const auto newer = static_cast<size_t>(
      std::count_if(given.begin(), given.end(), [](const std::string& flow) { return flow.starts_with(kAllow); }));
  if (newer != 0 && newer != given.size()) return Fail(errors::kPoolMixedFlows);
  if (newer == 0) {
    const bool custom_only = std::find(given.begin(), given.end(), "CUSTOM_AUTH_FLOW_ONLY") != given.end();
    if (!custom_only) client->flows.emplace_back("USER_SRP_AUTH");
    client->flows.emplace_back("REFRESH_TOKEN_AUTH");
  }
  for (const std::string& flow : given) {
    if (flow == "ADMIN_NO_SRP_AUTH") {
      client->flows.emplace_back("ADMIN_USER_PASSWORD_AUTH");
    } else {
      client->flows.push_back(flow.starts_with(kAllow) ? flow.substr(kAllow.size()) : flow);
    }
  }
  std::sort(client->flows.begin(), client->flows.end());
  return {};
}

Status ReadPermissions(json::Value body, const pools::Pool& pool, Client* client) {
  client->read_attributes = Texts(body, "ReadAttributes");
  client->write_attributes = Texts(body, "WriteAttributes");
  for (const auto* list : {&client->read_attributes, &client->write_attributes}) {
    for (const std::string& name : *list) {
      if (!pool.Find(name)) return Fail(errors::kPoolAttributeNone, name);
    }
  }
  for (const std::string& name : client->write_attributes) {
    if (name == "sub" || name == "email_verified" || name == "phone_number_verified") {
      return Fail(errors::kPoolSetting, "Invalid write attributes specified while creating a client");
    }
  }
  return {};
}

}  // namespace

Status ReadClient(json::Value body, const pools::Pool& pool, Client* client) {
  STATOR_OK(ReadValidity(body, client));
  STATOR_OK(ReadFlows(body, client));
  STATOR_OK(ReadPermissions(body, pool, client));
  client->session_minutes = static_cast<int>(Number(body, "AuthSessionValidity", 3));
  client->prevent_existence_errors = Text(body, "PreventUserExistenceErrors") == "ENABLED";
  client->revocation = Flag(body, "EnableTokenRevocation", true);
  const json::Value rotation = json::Given(body, "RefreshTokenRotation");
  client->rotation = rotation.valid() && Text(rotation, "Feature") == "ENABLED";
  client->rotation_grace_seconds =
      rotation.valid() ? static_cast<int>(Number(rotation, "RetryGracePeriodSeconds", 0)) : 0;
  client->shown.clear();
  for (const char* name : kShown) {
    const json::Value given = json::Given(body, name);
    if (!given.valid()) continue;
    std::string text;
    json::Writer out(&text);
    json::Copy(given, out);
    client->shown.emplace_back(name, std::move(text));
  }
  if (const json::Value days = json::Given(body, "RefreshTokenValidity"); days.valid()) {
    client->shown.emplace_back("RefreshTokenValidity", std::to_string(json::WholeNumber(days)));
  } else {
    client->shown.emplace_back("RefreshTokenValidity", "30");
  }
  return {};
}

void WriteClient(const Client& client, json::Writer& out) {
  const auto texts = [&out](Bytes name, const std::vector<std::string>& list) {
    if (list.empty()) return;
    out.Key(name).BeginArray();
    for (const std::string& text : list) out.String(text);
    out.EndArray();
  };
  out.BeginObject().Key("UserPoolId").String(client.pool_id).Key("ClientName").String(client.name);
  out.Key("ClientId").String(client.id);
  if (!client.secret.empty()) out.Key("ClientSecret").String(client.secret);
  WriteTime(client.modified, out.Key("LastModifiedDate"));
  WriteTime(client.created, out.Key("CreationDate"));
  texts("ReadAttributes", client.read_attributes);
  texts("WriteAttributes", client.write_attributes);
  texts("ExplicitAuthFlows", client.shown_flows);
  for (const auto& [name, json] : client.shown) out.Key(name).Raw(json);
  out.Key("EnableTokenRevocation").Bool(client.revocation);
  out.Key("AuthSessionValidity").Int(client.session_minutes);
  if (client.rotation) {
    out.Key("RefreshTokenRotation").BeginObject().Key("Feature").String("ENABLED");
    out.Key("RetryGracePeriodSeconds").Int(client.rotation_grace_seconds).EndObject();
  }
  out.EndObject();
}

}  // namespace stator::services::cognito
