// Passwords and states of users, in the hands of administrators.
#include "errors/pools.h"
#include "services/cognito/admin.h"
#include "services/cognito/fields.h"
#include "services/cognito/model_admin.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;

Task<Answer> SetPassword(AdminNeeds needs, const Call& call) {
  Result<Subject> subject = SubjectOf(needs, call.body);
  if (!subject.ok()) co_return subject.error();
  std::string password = Text(call.body, "Password");
  const bool permanent = Flag(call.body, "Permanent", false);
  const auto set = co_await pools::SetPassword(needs.realm, subject->pool, std::move(subject->user),
                                               std::move(password), permanent, true, call.lane);
  co_return Nothing(set.ok() ? Status() : Status(set.error()));
}

Task<Answer> ConfirmSignUp(AdminNeeds needs, const Call& call) {
  Result<Subject> subject = SubjectOf(needs, call.body);
  if (!subject.ok()) co_return subject.error();
  std::string no_client;
  pools::Pairs metadata = TextMap(call.body, "ClientMetadata");
  const Status done = co_await pools::ConfirmUser(needs.realm, subject->pool, std::move(no_client),
                                                  std::move(subject->user), std::move(metadata), call.lane);
  co_return Nothing(done);
}

// The password counts for nothing any more; a code lets the user choose another.
Status RequireReset(Time now, pools::User* user) {
  if (user->status != pools::UserStatus::kConfirmed && user->status != pools::UserStatus::kResetRequired) {
    return Fail(errors::kPoolCannotReset);
  }
  user->status = pools::UserStatus::kResetRequired;
  user->signed_out = now;
  return {};
}

Task<Answer> ResetPassword(AdminNeeds needs, const Call& call) {
  Result<Subject> subject = SubjectOf(needs, call.body);
  if (!subject.ok()) co_return subject.error();
  const std::optional<std::string> attribute =
      pools::DestinationOf(*subject->pool, subject->user, pools::Code::Purpose::kPassword);
  if (!attribute) co_return Fail(errors::kPoolNoContact);
  const Time now = call.now;
  pools::Users::ChangeUser change = [now](pools::User* user) { return RequireReset(now, user); };
  Result<pools::User> user = co_await needs.realm.users.Change(subject->pool, subject->user.username, subject->user.sub,
                                                               std::move(change), pools::Aliases::kKeep, call.lane);
  if (!user.ok()) co_return user.error();
  pools::CodeRequest request;
  request.pool = subject->pool;
  request.user = *std::move(user);
  request.purpose = pools::Code::Purpose::kPassword;
  request.attribute = *attribute;
  request.source = "CustomMessage_ForgotPassword";
  request.kind = pools::Letter::Kind::kForgotPassword;
  request.client_metadata = TextMap(call.body, "ClientMetadata");
  const auto sent = co_await pools::SendCode(needs.realm, std::move(request), call.lane);
  co_return Nothing(sent.ok() ? Status() : Status(sent.error()));
}

Task<Answer> SignOut(AdminNeeds needs, const Call& call) {
  Result<Subject> subject = SubjectOf(needs, call.body);
  if (!subject.ok()) co_return subject.error();
  const Status done =
      co_await pools::SignOutEverywhere(needs.realm, subject->pool, std::move(subject->user), call.lane);
  co_return Nothing(done);
}

Task<Answer> SetEnabled(AdminNeeds needs, const Call& call, bool enabled) {
  Result<Subject> subject = SubjectOf(needs, call.body);
  if (!subject.ok()) co_return subject.error();
  const Time now = call.now;
  pools::Users::ChangeUser change = [now, enabled](pools::User* user) -> Status {
    if (user->enabled && !enabled) user->signed_out = now;
    user->enabled = enabled;
    return {};
  };
  const auto changed = co_await needs.realm.users.Change(subject->pool, subject->user.username, subject->user.sub,
                                                         std::move(change), pools::Aliases::kKeep, call.lane);
  co_return Nothing(changed.ok() ? Status() : Status(changed.error()));
}
Task<Answer> Enable(AdminNeeds needs, const Call& call) { return SetEnabled(needs, call, true); }
Task<Answer> Disable(AdminNeeds needs, const Call& call) { return SetEnabled(needs, call, false); }

}  // namespace

void RegisterAdminPasswordOps(dispatch::Registry& registry, AdminNeeds needs) {
  const auto add = [&](std::string_view name, const dispatch::Shape& input, AdminOp run) {
    AddAdminOperation(registry, needs, name, input, true, run);
  };
  add("AdminSetUserPassword", model::kAdminSetUserPassword, SetPassword);
  add("AdminConfirmSignUp", model::kAdminConfirmSignUp, ConfirmSignUp);
  add("AdminResetUserPassword", model::kAdminResetUserPassword, ResetPassword);
  add("AdminUserGlobalSignOut", model::kAdminUser, SignOut);
  add("AdminEnableUser", model::kAdminUser, Enable);
  add("AdminDisableUser", model::kAdminUser, Disable);
}

}  // namespace stator::services::cognito
