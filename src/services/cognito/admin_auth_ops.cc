// Signing users in from a server that is trusted: the flows of auth.h, with the administrator's own.
#include "errors/pools.h"
#include "services/cognito/admin.h"
#include "services/cognito/fields.h"
#include "services/cognito/model_admin.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;
using pools::AuthAnswer;
using pools::AuthRequest;

// `parameters`: the member that has them.
Result<AuthRequest> ReadRequest(const AdminNeeds& needs, json::Value body, Bytes name, Bytes parameters) {
  AuthRequest request;
  request.admin = true;
  STATOR_TRY(request.pool, PoolNamed(needs, body));
  const std::string client_id = Text(body, "ClientId");
  const auto client = request.pool->clients.find(client_id);
  if (client == request.pool->clients.end()) return Fail(errors::kPoolClientNotFound, client_id);
  request.client = client->second;
  request.name = Text(body, name);
  request.session = Text(body, "Session");
  for (auto& [key, value] : TextMap(body, parameters)) request.parameters[key] = std::move(value);
  request.client_metadata = TextMap(body, "ClientMetadata");
  return request;
}

Answer Reply(const Result<AuthAnswer>& answer) {
  if (!answer.ok()) return answer.error();
  return WriteAuthAnswer(*answer);
}

Task<Answer> Initiate(AdminNeeds needs, const Call& call) {
  Result<AuthRequest> request = ReadRequest(needs, call.body, "AuthFlow", "AuthParameters");
  if (!request.ok()) co_return request.error();
  const Result<AuthAnswer> answer = co_await pools::InitiateAuth(needs.realm, *std::move(request), call.lane);
  co_return Reply(answer);
}

Task<Answer> Respond(AdminNeeds needs, const Call& call) {
  Result<AuthRequest> request = ReadRequest(needs, call.body, "ChallengeName", "ChallengeResponses");
  if (!request.ok()) co_return request.error();
  const Result<AuthAnswer> answer = co_await pools::RespondToAuth(needs.realm, *std::move(request), call.lane);
  co_return Reply(answer);
}

}  // namespace

void RegisterAdminAuthOps(dispatch::Registry& registry, AdminNeeds needs) {
  AddAdminOperation(registry, needs, "AdminInitiateAuth", model::kAdminInitiateAuth, true, Initiate);
  AddAdminOperation(registry, needs, "AdminRespondToAuthChallenge", model::kAdminRespondToAuthChallenge, true, Respond);
}

}  // namespace stator::services::cognito
