#include "pools/sign_up.h"
#include "services/cognito/fields.h"
#include "services/cognito/lookup.h"
#include "services/cognito/model.h"
#include "services/cognito/service.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;

std::string SignedUp(const pools::SignedUp& done) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("UserConfirmed").Bool(done.user.status == pools::UserStatus::kConfirmed);
  if (done.delivery) WriteDelivery(*done.delivery, out.Key("CodeDeliveryDetails"));
  out.Key("UserSub").String(done.user.sub).EndObject();
  return reply;
}

Task<Answer> SignUp(Needs realm, const Call& call) {
  Result<pools::AccountRequest> account = ReadAccount(realm, call.body);
  if (!account.ok()) co_return std::move(account).error();
  pools::SignUpRequest request;
  request.pool = account->pool;
  request.client = account->client;
  request.username = account->username;
  request.password = Text(call.body, "Password");
  request.attributes = AttributeList(call.body, "UserAttributes");
  request.validation_data = AttributeList(call.body, "ValidationData");
  request.client_metadata = account->client_metadata;
  Result<pools::SignedUp> done = co_await pools::SignUp(realm, std::move(request), call.lane);
  if (!done.ok()) co_return std::move(done).error();
  co_return SignedUp(*done);
}

Task<Answer> Confirm(Needs realm, const Call& call) {
  Result<pools::AccountRequest> account = ReadAccount(realm, call.body);
  if (!account.ok()) co_return std::move(account).error();
  std::string code = Text(call.body, "ConfirmationCode");
  const bool force = Flag(call.body, "ForceAliasCreation", false);
  const Status done = co_await pools::ConfirmSignUp(realm, *std::move(account), std::move(code), force, call.lane);
  co_return Nothing(done);
}

Task<Answer> Resend(Needs realm, const Call& call) {
  Result<pools::AccountRequest> account = ReadAccount(realm, call.body);
  if (!account.ok()) co_return std::move(account).error();
  const Result<pools::Delivery> sent = co_await pools::ResendCode(realm, *std::move(account), call.lane);
  co_return Delivered(sent);
}

}  // namespace

void RegisterSignUpOps(dispatch::Registry& registry, Needs needs) {
  using Op = Task<Answer> (*)(Needs, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, Op run) {
    AddOperation(registry, name, input, true, [&needs, run](const Call& call) { return run(needs, call); });
  };
  add("SignUp", model::kSignUp, SignUp);
  add("ConfirmSignUp", model::kConfirmSignUp, Confirm);
  add("ResendConfirmationCode", model::kAccountOnly, Resend);
}

}  // namespace stator::services::cognito
