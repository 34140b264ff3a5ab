// Tests: tokens_test.cc.
#include "pools/tokens.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/base64.h"
#include "base/random.h"
#include "errors/pools.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::pools {
namespace {

constexpr size_t kLongestToken = 64 * 1024;
constexpr Bytes kScope = "aws.cognito.signin.user.admin";

// Claims as they are being put together: names and JSON texts.
class Claims {
 public:
  void Text(std::string name, Bytes value) {
    std::string json;
    json::AppendQuoted(&json, value);
    Set(std::move(name), std::move(json));
  }
  void Number(std::string name, int64_t value) { Set(std::move(name), std::to_string(value)); }
  void Texts(std::string name, const std::vector<std::string>& values) {
    std::string json;
    json::Writer out(&json);
    out.BeginArray();
    for (const std::string& value : values) out.String(value);
    out.EndArray();
    Set(std::move(name), std::move(json));
  }
  void Set(std::string name, std::string json) {
    Remove(name);
    claims_.emplace_back(std::move(name), std::move(json));
  }
  void Remove(const std::string& name) {
    std::erase_if(claims_, [&name](const auto& claim) { return claim.first == name; });
  }
  std::string Json() const {
    std::string json;
    json::Writer out(&json);
    out.BeginObject();
    for (const auto& [name, value] : claims_) out.Key(name).Raw(value);
    out.EndObject();
    return json;
  }

 private:
  Pairs claims_;
};

// What no function may change.
bool IsProtected(const std::string& name) {
  static const std::set<std::string, std::less<>> names = {
      "acr",        "amr",        "at_hash", "aud",       "auth_time",  "azp", "client_id", "cognito:username",
      "device_key", "event_id",   "exp",     "iat",       "identities", "iss", "jti",       "nbf",
      "nonce",      "origin_jti", "sub",     "token_use", "username"};
  return names.contains(name);
}

void ApplyChanges(const Pairs& added, const std::vector<std::string>& suppressed, Claims* claims) {
  for (const std::string& name : suppressed) {
    if (!IsProtected(name)) claims->Remove(name);
  }
  for (const auto& [name, json] : added) {
    if (!IsProtected(name)) claims->Set(name, json);
  }
}

void AddCommon(const TokenRequest& request, const std::string& event, int64_t seconds, Claims* claims) {
  claims->Text("sub", request.user.sub);
  const std::vector<std::string>& groups = request.changes.groups ? *request.changes.groups : request.groups;
  if (!groups.empty()) claims->Texts("cognito:groups", groups);
  claims->Text("iss", request.issuer + request.pool->id);
  claims->Text("origin_jti", request.origin_jti);
  claims->Text("event_id", event);
  claims->Number("auth_time", request.auth_time.seconds());
  claims->Number("exp", request.now.seconds() + seconds);
  claims->Number("iat", request.now.seconds());
  claims->Text("jti", NewUuid());
}

bool Readable(const Client& client, const std::string& name) {
  const auto& names = client.read_attributes;
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

void AddAttribute(const std::string& name, const std::string& value, Claims* claims) {
  if (name == "email_verified" || name == "phone_number_verified") {
    claims->Set(name, value == "true" ? "true" : "false");
  } else if (name == "address") {
    std::string json = R"({"formatted":)";
    json::AppendQuoted(&json, value);
    claims->Set(name, json + "}");
  } else {
    claims->Text(name, value);
  }
}

Claims IdClaims(const TokenRequest& request, const std::string& event) {
  Claims claims;
  for (const auto& [name, value] : request.user.attributes) {
    if (Readable(*request.client, name)) AddAttribute(name, value, &claims);
  }
  AddCommon(request, event, request.client->id_seconds, &claims);
  if (!request.roles.empty()) claims.Texts("cognito:roles", request.roles);
  if (!request.preferred_role.empty()) claims.Text("cognito:preferred_role", request.preferred_role);
  claims.Text("cognito:username", request.user.username);
  claims.Text("aud", request.client->id);
  claims.Text("token_use", "id");
  ApplyChanges(request.changes.id_claims, request.changes.id_suppressed, &claims);
  return claims;
}

std::string ScopesOf(const ClaimChanges& changes) {
  std::vector<std::string> scopes = {std::string(kScope)};
  scopes.insert(scopes.end(), changes.scopes_added.begin(), changes.scopes_added.end());
  std::string text;
  for (const std::string& scope : scopes) {
    const auto& suppressed = changes.scopes_suppressed;
    if (std::find(suppressed.begin(), suppressed.end(), scope) != suppressed.end()) continue;
    text.append(text.empty() ? "" : " ").append(scope);
  }
  return text;
}

Claims AccessClaimsOf(const TokenRequest& request, const std::string& event) {
  Claims claims;
  AddCommon(request, event, request.client->access_seconds, &claims);
  claims.Text("client_id", request.client->id);
  claims.Text("token_use", "access");
  claims.Text("scope", ScopesOf(request.changes));
  claims.Text("username", request.user.username);
  ApplyChanges(request.changes.access_claims, request.changes.access_suppressed, &claims);
  return claims;
}

std::string Signed(const SigningKey& key, const Claims& claims) {
  Claims header;
  header.Text("kid", key.kid());
  header.Text("alg", "RS256");
  std::string token = Base64Url(header.Json()) + "." + Base64Url(claims.Json());
  const std::string signature = key.Sign(token);
  return token.append(".").append(Base64Url(signature));
}

// --- Reading. ---

struct Parts {
  Bytes signed_text;  // header and payload, as they were signed
  std::string header, payload, signature;
};

bool Split(Bytes token, Parts* parts) {
  if (token.size() > kLongestToken) return false;
  const size_t first = token.find('.');
  const size_t second = first == Bytes::npos ? first : token.find('.', first + 1);
  if (second == Bytes::npos || token.find('.', second + 1) != Bytes::npos) return false;
  parts->signed_text = token.substr(0, second);
  return AppendFromBase64Url(&parts->header, token.substr(0, first)) &&
         AppendFromBase64Url(&parts->payload, token.substr(first + 1, second - first - 1)) &&
         AppendFromBase64Url(&parts->signature, token.substr(second + 1));
}

std::string TextOf(json::Value object, Bytes name) {
  const json::Value value = object.Find(name);
  return value.valid() && value.is_string() ? std::string(value.text()) : std::string();
}

std::optional<Time> TimeOf(json::Value object, Bytes name) {
  const json::Value value = object.Find(name);
  if (!value.valid() || value.kind() != json::Kind::kInteger) return std::nullopt;
  return Time{value.integer() * 1'000'000};
}

// The pool whose key signed this token, or null.
PoolRef SignerOf(const Pools& pools, const Parts& parts) {
  json::Document document;
  const Result<json::Value> header = document.Parse(parts.header);
  if (!header.ok() || !header->is_object() || TextOf(*header, "alg") != "RS256") return nullptr;
  const auto [pool, key] = pools.OfKey(TextOf(*header, "kid"));
  return pool && key->Verify(parts.signed_text, parts.signature) ? pool : nullptr;
}

}  // namespace

TokenPair MakeTokens(const TokenRequest& request) {
  const std::string event = NewUuid();
  TokenPair pair;
  pair.id = Signed(*request.pool->keys->id, IdClaims(request, event));
  pair.access = Signed(*request.pool->keys->access, AccessClaimsOf(request, event));
  pair.expires_in = request.client->access_seconds;
  return pair;
}

Result<AccessClaims> ReadAccessToken(const Pools& pools, Bytes token, Time now) {
  Parts parts;
  if (!Split(token, &parts)) return Fail(errors::kPoolAccessInvalid);
  AccessClaims claims;
  claims.pool = SignerOf(pools, parts);
  if (!claims.pool) return Fail(errors::kPoolAccessInvalid);
  json::Document document;
  const Result<json::Value> payload = document.Parse(parts.payload);
  if (!payload.ok() || !payload->is_object()) return Fail(errors::kPoolAccessInvalid);
  const std::optional<Time> expires = TimeOf(*payload, "exp");
  const std::optional<Time> begun = TimeOf(*payload, "auth_time");
  const bool whole = TextOf(*payload, "token_use") == "access" && expires && begun &&
                     TextOf(*payload, "iss").ends_with("/" + claims.pool->id);
  if (!whole) return Fail(errors::kPoolAccessInvalid);
  if (*expires <= now) return Fail(errors::kPoolAccessExpired);
  claims.client_id = TextOf(*payload, "client_id");
  claims.username = TextOf(*payload, "username");
  claims.sub = TextOf(*payload, "sub");
  claims.origin_jti = TextOf(*payload, "origin_jti");
  claims.auth_time = *begun;
  claims.expires = *expires;
  return claims;
}

std::string Base64Url(Bytes bytes) {
  std::string text = Base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

bool AppendFromBase64Url(std::string* out, Bytes text) {
  if (text.find_first_of("+/=") != Bytes::npos) return false;
  std::string plain(text);
  std::replace(plain.begin(), plain.end(), '-', '+');
  std::replace(plain.begin(), plain.end(), '_', '/');
  plain.append((4 - plain.size() % 4) % 4, '=');
  return AppendFromBase64(out, plain);
}

}  // namespace stator::pools
