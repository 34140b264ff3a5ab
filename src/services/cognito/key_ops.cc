// What verifiers of tokens fetch: no signature, no body.
#include "services/cognito/fields.h"
#include "services/cognito/model.h"
#include "services/cognito/service.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;

// Where this server was reached: what it points to must be found there, too, whatever the issuer is called.
std::string BaseOf(const Call& call) {
  if (!call.request) return {};
  const http::RequestHead& head = call.request->head;
  return std::string(head.tls ? "https://" : "http://").append(head.Find("host")).append("/");
}

Answer KeysOf(Needs realm, const Call& call) {
  STATOR_TRY(const pools::PoolRef pool, realm.pools.Get(Text(call.body, "UserPoolId")));
  return pool->keys->Jwks();
}

Answer Configuration(Needs realm, const Call& call) {
  STATOR_TRY(const pools::PoolRef pool, realm.pools.Get(Text(call.body, "UserPoolId")));
  std::string reply;
  json::Writer out(&reply);
  const auto texts = [&out](Bytes name, std::initializer_list<Bytes> values) {
    out.Key(name).BeginArray();
    for (const Bytes value : values) out.String(value);
    out.EndArray();
  };
  out.BeginObject();
  texts("id_token_signing_alg_values_supported", {"RS256"});
  out.Key("issuer").String(realm.IssuerOf(*pool) + pool->id);
  out.Key("jwks_uri").String(BaseOf(call) + pool->id + "/.well-known/jwks.json");
  texts("response_types_supported", {"code", "token"});
  texts("scopes_supported", {"openid", "email", "phone", "profile"});
  texts("subject_types_supported", {"public"});
  out.EndObject();
  return reply;
}

Task<Answer> GetKeys(Needs realm, const Call& call) { co_return KeysOf(realm, call); }
Task<Answer> GetConfiguration(Needs realm, const Call& call) { co_return Configuration(realm, call); }

}  // namespace

void RegisterKeyOps(dispatch::Registry& registry, Needs needs) {
  using Op = Task<Answer> (*)(Needs, const Call&);
  const auto add = [&](std::string_view name, std::string_view path, Op run) {
    registry.Add({.target_prefix = kTargetPrefix,
                  .name = name,
                  .input = &model::kWellKnown,
                  .run = [&needs, run](const Call& call) { return run(needs, call); },
                  .protocol = dispatch::Protocol::kRest,
                  .route = {.method = "GET", .path = path}});
  };
  add("GetJwks", "/{UserPoolId}/.well-known/jwks.json", GetKeys);
  add("GetOpenIdConfiguration", "/{UserPoolId}/.well-known/openid-configuration", GetConfiguration);
}

}  // namespace stator::services::cognito
