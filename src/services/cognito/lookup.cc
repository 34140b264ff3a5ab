#include "services/cognito/lookup.h"

#include "errors/pools.h"
#include "services/cognito/fields.h"

namespace stator::services::cognito {

Result<pools::AccountRequest> ReadAccount(const pools::Realm& realm, json::Value body) {
  STATOR_TRY(auto found, realm.pools.GetClient(Text(body, "ClientId")));
  pools::AccountRequest request;
  request.pool = std::move(found.first);
  request.client = std::move(found.second);
  request.username = Text(body, "Username");
  request.client_metadata = TextMap(body, "ClientMetadata");
  STATOR_OK(pools::CheckSecretHash(*request.client, request.username, GivenText(body, "SecretHash")));
  return request;
}

Result<pools::Authenticated> ReadUser(const pools::Realm& realm, json::Value body) {
  return pools::ReadAccess(realm, Text(body, "AccessToken"));
}

dispatch::Answer Delivered(const Result<pools::Delivery>& delivery) {
  if (!delivery.ok()) return delivery.error();
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  WriteDelivery(*delivery, out.Key("CodeDeliveryDetails"));
  out.EndObject();
  return reply;
}

Status CheckSecret(const pools::Client& client, json::Value body) {
  const std::string given = Text(body, "ClientSecret");
  if (client.secret.empty() && given.empty()) return {};
  return pools::SameBytes(client.secret, given) ? Status() : Status(Fail(errors::kPoolSecretWrong, client.id));
}

}  // namespace stator::services::cognito
