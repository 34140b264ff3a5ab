// Tests: tests/blackbox/cognito_admin.
#include "pools/invite.h"

#include <algorithm>

#include "base/random.h"
#include "errors/pools.h"
#include "pools/password.h"
#include "pools/sign_up.h"

namespace stator::pools {
namespace {

// What is wanted and there; otherwise an address before a number. Empty: the user has neither.
std::string WhereTo(const std::vector<std::string>& media, const User& user) {
  const auto wanted = [&media](const char* medium) {
    return std::find(media.begin(), media.end(), medium) != media.end();
  };
  const bool email = user.Find("email") != nullptr;
  const bool phone = user.Find("phone_number") != nullptr;
  if (phone && (!email || (wanted("SMS") && !wanted("EMAIL")))) return "phone_number";
  return email ? "email" : "";
}

Task<Status> SendInvitation(Realm& realm, InviteRequest request, User user, Lane& lane) {
  Letter letter;
  letter.kind = Letter::Kind::kInvitation;
  letter.time = realm.clock.Now();
  letter.pool_id = request.pool->id;
  letter.username = user.username;
  letter.attribute = WhereTo(request.media, user);
  if (!letter.attribute.empty()) letter.destination = *user.Find(letter.attribute);
  letter.code = request.password;
  Occasion occasion{request.pool,
                    std::string(),
                    "CustomMessage_AdminCreateUser",
                    std::move(user),
                    {},
                    std::move(request.client_metadata)};
  Result<CustomText> text = co_await realm.hooks.CustomMessage(std::move(occasion), request.password, lane);
  if (!text.ok()) co_return Status(std::move(text).error());
  letter.subject = std::move(text->subject);
  letter.message = letter.attribute == "phone_number" ? std::move(text->sms) : std::move(text->email);
  realm.outbox.Send(letter);
  co_return Status();
}

Result<User> NewUser(const Clock& clock, InviteRequest* request) {
  const Pool& pool = *request->pool;
  STATOR_OK(CheckUsername(pool, request->username, &request->attributes));
  AttributeChange change;
  change.set = request->attributes;
  change.admin = true;
  STATOR_OK(CheckAttributes(pool, nullptr, nullptr, change));
  if (request->password.empty()) request->password = MakePassword(pool.policy);
  User user;
  user.sub = NewUuid();
  user.username = pool.UsesUsernameAttributes() ? user.sub : request->username;
  user.status = UserStatus::kForceChangePassword;
  user.password_expires = clock.Now() + std::chrono::hours(24 * std::max(1, pool.policy.temporary_days));
  for (const auto& [name, value] : request->attributes) {
    if (!value.empty()) user.Set(name, value);
  }
  return user;
}

Error WordedFor(Error error) {
  return error.id == errors::kPoolUserExists ? Fail(errors::kPoolAdminExists) : std::move(error);
}

}  // namespace

Task<Result<User>> Invite(Realm& realm, InviteRequest request, Lane& lane) {
  Result<User> user = NewUser(realm.clock, &request);
  if (!user.ok()) co_return user;
  Occasion occasion{request.pool, std::string(),           "PreSignUp_AdminCreateUser",
                    *user,        request.validation_data, request.client_metadata};
  const Result<PreSignUpAnswer> hooked = co_await realm.hooks.PreSignUp(std::move(occasion), lane);
  if (!hooked.ok()) co_return Result<User>(hooked.error());
  if (hooked->verify_email && user->Find("email")) user->Set("email_verified", "true");
  if (hooked->verify_phone && user->Find("phone_number")) user->Set("phone_number_verified", "true");
  Result<Verifier> verifier = co_await NewVerifier(realm, request.pool, user->username, request.password, lane);
  if (!verifier.ok()) co_return Result<User>(std::move(verifier).error());
  user->password = *std::move(verifier);
  Result<User> created = co_await realm.users.Create(request.pool, *std::move(user), request.aliases, lane);
  if (!created.ok()) co_return Result<User>(WordedFor(std::move(created).error()));
  if (request.suppress) co_return created;
  const Status sent = co_await SendInvitation(realm, std::move(request), *created, lane);
  if (!sent.ok()) co_return Result<User>(sent.error());
  co_return created;
}

Task<Result<User>> InviteAgain(Realm& realm, InviteRequest request, Lane& lane) {
  Result<std::optional<User>> found = realm.users.Find(*request.pool, request.username);
  if (!found.ok()) co_return Result<User>(std::move(found).error());
  if (!*found) co_return Result<User>(Fail(errors::kPoolUserNotFound));
  User user = **std::move(found);
  if (user.status != UserStatus::kForceChangePassword) {
    co_return Result<User>(Fail(errors::kPoolCannotResend, NameOf(user.status)));
  }
  if (request.password.empty()) request.password = MakePassword(request.pool->policy);
  Result<User> changed =
      co_await SetPassword(realm, request.pool, std::move(user), request.password, false, false, lane);
  if (!changed.ok()) co_return changed;
  const Status sent = co_await SendInvitation(realm, std::move(request), *changed, lane);
  if (!sent.ok()) co_return Result<User>(sent.error());
  co_return changed;
}

}  // namespace stator::pools
