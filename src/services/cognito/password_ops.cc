#include "pools/sign_up.h"
#include "services/cognito/fields.h"
#include "services/cognito/lookup.h"
#include "services/cognito/model.h"
#include "services/cognito/service.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;

Task<Answer> Forgot(Needs realm, const Call& call) {
  Result<pools::AccountRequest> account = ReadAccount(realm, call.body);
  if (!account.ok()) co_return std::move(account).error();
  const Result<pools::Delivery> sent = co_await pools::ForgotPassword(realm, *std::move(account), call.lane);
  co_return Delivered(sent);
}

Task<Answer> ConfirmForgot(Needs realm, const Call& call) {
  Result<pools::AccountRequest> account = ReadAccount(realm, call.body);
  if (!account.ok()) co_return std::move(account).error();
  std::string code = Text(call.body, "ConfirmationCode");
  std::string password = Text(call.body, "Password");
  const Status done = co_await pools::ConfirmForgotPassword(realm, *std::move(account), std::move(code),
                                                            std::move(password), call.lane);
  co_return Nothing(done);
}

Task<Answer> Change(Needs realm, const Call& call) {
  Result<pools::Authenticated> who = ReadUser(realm, call.body);
  if (!who.ok()) co_return std::move(who).error();
  std::string previous = Text(call.body, "PreviousPassword");
  std::string proposed = Text(call.body, "ProposedPassword");
  const Status done = co_await pools::ChangePassword(realm, who->pool, std::move(who->user), std::move(previous),
                                                     std::move(proposed), call.lane);
  co_return Nothing(done);
}

}  // namespace

void RegisterPasswordOps(dispatch::Registry& registry, Needs needs) {
  using Op = Task<Answer> (*)(Needs, const Call&);
  const auto add = [&](std::string_view name, const dispatch::Shape& input, Op run) {
    AddOperation(registry, name, input, true, [&needs, run](const Call& call) { return run(needs, call); });
  };
  add("ForgotPassword", model::kAccountOnly, Forgot);
  add("ConfirmForgotPassword", model::kConfirmForgotPassword, ConfirmForgot);
  add("ChangePassword", model::kChangePassword, Change);
}

}  // namespace stator::services::cognito
