#include "pools/auth.h"
#include "services/cognito/fields.h"
#include "services/cognito/lookup.h"
#include "services/cognito/model.h"
#include "services/cognito/service.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;

Result<pools::AuthRequest> ReadRequest(Needs realm, json::Value body, Bytes name, Bytes parameters) {
  STATOR_TRY(auto found, realm.pools.GetClient(Text(body, "ClientId")));
  pools::AuthRequest request;
  request.pool = std::move(found.first);
  request.client = std::move(found.second);
  request.name = Text(body, name);
  for (auto& [key, value] : TextMap(body, parameters)) request.parameters[key] = value;
  request.session = Text(body, "Session");
  request.client_metadata = TextMap(body, "ClientMetadata");
  return request;
}

Answer Written(const Result<pools::AuthAnswer>& answer) {
  if (!answer.ok()) return answer.error();
  return WriteAuthAnswer(*answer);
}

Task<Answer> Initiate(Needs realm, const Call& call) {
  Result<pools::AuthRequest> request = ReadRequest(realm, call.body, "AuthFlow", "AuthParameters");
  if (!request.ok()) co_return std::move(request).error();
  const Result<pools::AuthAnswer> answer = co_await pools::InitiateAuth(realm, *std::move(request), call.lane);
  co_return Written(answer);
}

Task<Answer> Respond(Needs realm, const Call& call) {
  Result<pools::AuthRequest> request = ReadRequest(realm, call.body, "ChallengeName", "ChallengeResponses");
  if (!request.ok()) co_return std::move(request).error();
  const Result<pools::AuthAnswer> answer = co_await pools::RespondToAuth(realm, *std::move(request), call.lane);
  co_return Written(answer);
}

Task<Answer> GetTokens(Needs realm, const Call& call) {
  auto found = realm.pools.GetClient(Text(call.body, "ClientId"));
  if (!found.ok()) co_return std::move(found).error();
  STATOR_CO_OK(CheckSecret(*found->second, call.body));
  std::string token = Text(call.body, "RefreshToken");
  pools::Pairs metadata = TextMap(call.body, "ClientMetadata");
  const Result<pools::AuthAnswer> answer = co_await pools::Refresh(realm, found->first, found->second, std::move(token),
                                                                   std::move(metadata), true, call.lane);
  if (!answer.ok()) co_return answer.error();
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject();
  WriteTokens(*answer, out.Key("AuthenticationResult"));
  out.EndObject();
  co_return reply;
}

}  // namespace

void RegisterAuthOps(dispatch::Registry& registry, Needs needs) {
  using Op = Task<Answer> (*)(Needs, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, Op run) {
    AddOperation(registry, name, input, true, [&needs, run](const Call& call) { return run(needs, call); });
  };
  add("InitiateAuth", model::kInitiateAuth, Initiate);
  add("RespondToAuthChallenge", model::kRespondToAuthChallenge, Respond);
  add("GetTokensFromRefreshToken", model::kGetTokensFromRefreshToken, GetTokens);
}

}  // namespace stator::services::cognito
