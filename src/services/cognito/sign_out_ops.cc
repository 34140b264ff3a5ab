#include <algorithm>

#include "errors/pools.h"
#include "services/cognito/fields.h"
#include "services/cognito/lookup.h"
#include "services/cognito/model.h"
#include "services/cognito/service.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;

Task<Answer> SignOut(Needs realm, const Call& call) {
  Result<pools::Authenticated> who = ReadUser(realm, call.body);
  if (!who.ok()) co_return std::move(who).error();
  const Status done = co_await pools::SignOutEverywhere(realm, who->pool, std::move(who->user), call.lane);
  co_return Nothing(done);
}

Task<Answer> Revoke(Needs realm, const Call& call) {
  const auto found = realm.pools.GetClient(Text(call.body, "ClientId"));
  if (!found.ok()) co_return found.error();
  const auto [pool, client] = *found;
  STATOR_CO_OK(CheckSecret(*client, call.body));
  if (!client->revocation) co_return Fail(errors::kPoolRevokeUnsupported);
  const std::string token = Text(call.body, "Token");
  // Id and access tokens have three parts.
  if (std::count(token.begin(), token.end(), '.') == 2) co_return Fail(errors::kPoolTokenType);
  const Result<pools::SignIn> sign_in = realm.sign_ins.Open(*pool, *client, token);
  if (!sign_in.ok()) {
    // What is over already need not be ended.
    const bool over = sign_in.error().id.OneOf({errors::kPoolRefreshExpired, errors::kPoolRefreshRevoked});
    co_return over ? Answer("{}") : Answer(sign_in.error());
  }
  const Status done = co_await realm.sign_ins.Revoke(pool, sign_in->origin_jti, call.lane);
  co_return Nothing(done);
}

Task<Answer> Delete(Needs realm, const Call& call) {
  const Result<pools::Authenticated> who = ReadUser(realm, call.body);
  if (!who.ok()) co_return who.error();
  const Status done = co_await realm.users.Remove(who->pool, who->user.username, call.lane);
  co_return Nothing(done);
}

}  // namespace

void RegisterSignOutOps(dispatch::Registry& registry, Needs needs) {
  using Op = Task<Answer> (*)(Needs, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, Op run) {
    AddOperation(registry, name, input, true, [&needs, run](const Call& call) { return run(needs, call); });
  };
  add("GlobalSignOut", model::kAccessOnly, SignOut);
  add("RevokeToken", model::kRevokeToken, Revoke);
  add("DeleteUser", model::kAccessOnly, Delete);
}

}  // namespace stator::services::cognito
