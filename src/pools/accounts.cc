#include "pools/accounts.h"

#include <algorithm>
#include <memory>

#include "base/base64.h"
#include "base/pause.h"
#include "errors/pools.h"
#include "pools/password.h"
#include "pools/tokens.h"
#include "sigv4/digest.h"

namespace stator::pools {
namespace {

constexpr Duration kSignUpCode = std::chrono::hours(24);
constexpr Duration kPasswordCode = std::chrono::hours(1);
constexpr int kMostWrongCodes = 5;

Duration LifeOf(Code::Purpose purpose) { return purpose == Code::Purpose::kPassword ? kPasswordCode : kSignUpCode; }

bool Contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::string TextOr(const std::string* text) { return text ? *text : std::string(); }

Letter LetterOf(const CodeRequest& request, Time now, std::string code, CustomText text) {
  Letter letter;
  letter.kind = request.kind;
  letter.time = now;
  letter.pool_id = request.pool->id;
  letter.client_id = request.client_id;
  letter.username = request.user.username;
  letter.attribute = request.attribute;
  letter.destination = TextOr(request.user.Find(request.attribute));
  letter.code = std::move(code);
  letter.subject = std::move(text.subject);
  letter.message = request.attribute == "email" ? std::move(text.email) : std::move(text.sms);
  return letter;
}

}  // namespace

// --- Passwords. ---

Task<Result<Verifier>> NewVerifier(Realm& realm, PoolRef pool, std::string username, std::string password, Lane& lane) {
  Status good = CheckPolicy(pool->policy, password);
  if (!good.ok()) co_return Result<Verifier>(std::move(good).error());
  co_await ToWorker(realm.workers);
  Verifier verifier = MakeVerifier(pool->SrpName(), username, password);
  co_await ToLane(lane);
  co_return Result<Verifier>(std::move(verifier));
}

Task<Result<User>> SetPassword(Realm& realm, PoolRef pool, User user, std::string password, bool permanent,
                               bool sign_out, Lane& lane) {
  Result<Verifier> made = co_await NewVerifier(realm, pool, user.username, std::move(password), lane);
  if (!made.ok()) co_return Result<User>(std::move(made).error());
  const Time now = realm.clock.Now();
  const Duration temporary = std::chrono::hours(24 * std::max(1, pool->policy.temporary_days));
  const auto change = [verifier = *made, now, temporary, permanent, sign_out](User* changed) -> Status {
    changed->password = verifier;
    changed->status = permanent ? UserStatus::kConfirmed : UserStatus::kForceChangePassword;
    changed->password_expires = permanent ? Time() : now + temporary;
    std::erase_if(changed->codes, [](const Code& code) { return code.purpose == Code::Purpose::kPassword; });
    if (sign_out) changed->signed_out = now;
    return {};
  };
  Users::ChangeUser decide = change;
  Result<User> done =
      co_await realm.users.Change(pool, user.username, user.sub, std::move(decide), Aliases::kKeep, lane);
  if (done.ok()) realm.attempts.Succeeded(pool->id, pool->Fold(user.username));
  co_return done;
}

// --- Codes. ---

namespace {

// Beside the user's wrong passwords; no user is called so.
std::string CodesOf(const Pool& pool, const std::string& username) { return "codes for " + pool.Fold(username); }

}  // namespace

Status CountCode(Realm& realm, const Pool& pool, const std::string& username) {
  const Time now = realm.clock.Now();
  if (realm.attempts.Locked(pool.id, CodesOf(pool, username), now)) return Fail(errors::kPoolTooManyAttempts);
  realm.attempts.Failed(pool.id, CodesOf(pool, username), now);
  return {};
}

Task<Result<Delivery>> SendCode(Realm& realm, CodeRequest request, Lane& lane) {
  Status may = CountCode(realm, *request.pool, request.user.username);
  if (!may.ok()) co_return Result<Delivery>(std::move(may).error());
  const std::string code = MakeCode();
  const Time now = realm.clock.Now();
  Occasion occasion{request.pool, request.client_id, request.source, request.user, {}, request.client_metadata};
  Result<CustomText> text = co_await realm.hooks.CustomMessage(std::move(occasion), code, lane);
  if (!text.ok()) co_return Result<Delivery>(std::move(text).error());
  Code waiting;
  waiting.purpose = request.purpose;
  waiting.attribute = request.attribute;
  waiting.hash = HashCode(*request.pool, request.user.sub, code);
  waiting.expires = now + LifeOf(request.purpose);
  Users::ChangeUser change = [waiting](User* user) -> Status {
    std::erase_if(user->codes, [&waiting](const Code& old) {
      const bool same = old.purpose == waiting.purpose;
      return same && (old.purpose != Code::Purpose::kAttribute || old.attribute == waiting.attribute);
    });
    user->codes.push_back(waiting);
    return {};
  };
  const Result<User> changed = co_await realm.users.Change(request.pool, request.user.username, request.user.sub,
                                                           std::move(change), Aliases::kKeep, lane);
  if (!changed.ok()) co_return Result<Delivery>(changed.error());
  realm.outbox.Send(LetterOf(request, now, code, *std::move(text)));
  co_return Result<Delivery>(DeliveryOf(request.user, request.attribute));
}

// A phone number before an email address, as AWS prefers them, for sign-up; the other way round to recover.
std::optional<std::string> DestinationOf(const Pool& pool, const User& user, Code::Purpose purpose) {
  if (purpose == Code::Purpose::kPassword) {
    for (const char* attribute : {"email", "phone_number"}) {
      if (user.Verified(attribute)) return attribute;
    }
    return std::nullopt;
  }
  for (const char* attribute : {"phone_number", "email"}) {
    if (Contains(pool.auto_verified, attribute) && user.Find(attribute)) return attribute;
  }
  return std::nullopt;
}

CodeAnswer TryCode(const Pool& pool, User* user, Code::Purpose purpose, const std::string& attribute, Bytes code,
                   Time now) {
  const auto found = std::find_if(user->codes.begin(), user->codes.end(), [&](const Code& waiting) {
    return waiting.purpose == purpose && (attribute.empty() || waiting.attribute == attribute);
  });
  if (found == user->codes.end()) return CodeAnswer::kExpired;
  if (found->failed >= kMostWrongCodes) return CodeAnswer::kTooMany;
  if (found->expires <= now) return CodeAnswer::kExpired;
  if (!SameBytes(found->hash, HashCode(pool, user->sub, code))) {
    ++found->failed;
    return CodeAnswer::kWrong;
  }
  user->codes.erase(found);
  return CodeAnswer::kRight;
}

Status ErrorOf(CodeAnswer answer) {
  switch (answer) {
    case CodeAnswer::kRight:
      return {};
    case CodeAnswer::kWrong:
      return Fail(errors::kPoolCodeMismatch);
    case CodeAnswer::kExpired:
      return Fail(errors::kPoolCodeExpired);
    case CodeAnswer::kTooMany:
      return Fail(errors::kPoolTooManyAttempts);
  }
  return {};
}

Task<Result<User>> UseCode(Realm& realm, PoolRef pool, User user, Code::Purpose purpose, std::string attribute,
                           std::string code, UseOfCode then, Aliases aliases, Lane& lane) {
  // Decided in the change, which may run again, and needed behind it.
  const auto answer = std::make_shared<CodeAnswer>(CodeAnswer::kExpired);
  const Time now = realm.clock.Now();
  Users::ChangeUser change = [=](User* changed) -> Status {
    std::string went_to = attribute;
    for (const Code& waiting : changed->codes) {
      if (waiting.purpose == purpose && went_to.empty()) went_to = waiting.attribute;
    }
    *answer = TryCode(*pool, changed, purpose, attribute, code, now);
    if (*answer == CodeAnswer::kWrong) return {};  // written down
    if (*answer != CodeAnswer::kRight) return ErrorOf(*answer);
    return then(changed, went_to);
  };
  Result<User> done = co_await realm.users.Change(pool, user.username, user.sub, std::move(change), aliases, lane);
  if (!done.ok()) co_return done;
  if (*answer != CodeAnswer::kRight) co_return Result<User>(ErrorOf(*answer).error());
  realm.attempts.Succeeded(pool->id, CodesOf(*pool, done->username));
  co_return done;
}

Delivery DeliveryOf(const User& user, const std::string& attribute) {
  return {Masked(attribute, TextOr(user.Find(attribute))), attribute == "email" ? "EMAIL" : "SMS", attribute};
}

// --- States. ---

Task<Status> ConfirmUser(Realm& realm, PoolRef pool, std::string client_id, User user, Pairs client_metadata,
                         Lane& lane) {
  Users::ChangeUser change = [](User* changed) -> Status { return MarkConfirmed(changed); };
  Result<User> done =
      co_await realm.users.Change(pool, user.username, user.sub, std::move(change), Aliases::kKeep, lane);
  if (!done.ok()) co_return Status(std::move(done).error());
  Occasion occasion{pool, std::move(client_id),      "PostConfirmation_ConfirmSignUp", *std::move(done),
                    {},   std::move(client_metadata)};
  Status told = co_await realm.hooks.PostConfirmation(std::move(occasion), lane);
  co_return told;
}

Status MarkConfirmed(User* user) {
  if (user->status != UserStatus::kUnconfirmed) return Fail(errors::kPoolCannotConfirm, NameOf(user->status));
  user->status = UserStatus::kConfirmed;
  std::erase_if(user->codes, [](const Code& code) { return code.purpose == Code::Purpose::kSignUp; });
  return {};
}

Task<Status> SignOutEverywhere(Realm& realm, PoolRef pool, User user, Lane& lane) {
  const Time now = realm.clock.Now();
  Users::ChangeUser change = [now](User* changed) -> Status {
    changed->signed_out = now;
    return {};
  };
  Result<User> done =
      co_await realm.users.Change(pool, user.username, user.sub, std::move(change), Aliases::kKeep, lane);
  co_return done.ok() ? Status() : Status(std::move(done).error());
}

Result<Authenticated> ReadAccess(const Realm& realm, Bytes access_token) {
  STATOR_TRY(const AccessClaims claims, ReadAccessToken(realm.pools, access_token, realm.clock.Now()));
  const auto client = claims.pool->clients.find(claims.client_id);
  if (client == claims.pool->clients.end()) return Fail(errors::kPoolAccessInvalid);
  STATOR_TRY(std::optional<User> user, realm.users.Get(*claims.pool, claims.username));
  if (!user || user->sub != claims.sub) return Fail(errors::kPoolUserNotFound);
  if (!user->enabled) return Fail(errors::kPoolUserDisabled);
  STATOR_TRY(const std::optional<SignIn> sign_in, realm.sign_ins.Find(*claims.pool, claims.origin_jti));
  if (!sign_in) return Fail(errors::kPoolAccessInvalid);
  if (sign_in->revoked || sign_in->begun <= user->signed_out) return Fail(errors::kPoolAccessRevoked);
  return Authenticated{claims.pool, client->second, *std::move(user), claims.origin_jti};
}

Status CheckSecretHash(const Client& client, Bytes username, const std::optional<std::string>& given) {
  if (client.secret.empty()) {
    return given && !given->empty() ? Status(Fail(errors::kPoolSecretHash, client.id)) : Status();
  }
  if (!given || given->empty()) return Fail(errors::kPoolSecretMissing, client.id);
  const std::string right = Base64(sigv4::HmacSha256(client.secret, std::string(username).append(client.id)));
  return SameBytes(*given, right) ? Status() : Status(Fail(errors::kPoolSecretHash, client.id));
}

}  // namespace stator::pools
