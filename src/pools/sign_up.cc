// Tests: auth_test.cc.
#include "pools/sign_up.h"

#include <algorithm>

#include "base/pause.h"
#include "base/random.h"
#include "errors/pools.h"
#include "pools/password.h"
#include "sigv4/digest.h"

namespace stator::pools {
namespace {

bool Contains(const std::vector<std::string>& list, const char* text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

void SetPair(Pairs* pairs, const std::string& name, const std::string& value) {
  std::erase_if(*pairs, [&name](const auto& pair) { return pair.first == name; });
  pairs->emplace_back(name, value);
}

// Delivery to a user that does not exist, the same each time it is asked for.
Delivery SimulatedDelivery(const Pool& pool, const std::string& username) {
  const std::string seed = sigv4::HmacSha256(pool.keys->secret, "delivery " + pool.Fold(username));
  const auto letter = [&seed](size_t i) {
    return std::string(1, static_cast<char>('a' + static_cast<unsigned char>(seed[i]) % 26));
  };
  return {letter(0) + "***@" + letter(1) + "***", "EMAIL", "email"};
}

Result<Delivery> Simulate(Realm& realm, const AccountRequest& request) {
  STATOR_OK(CountCode(realm, *request.pool, request.username));
  return SimulatedDelivery(*request.pool, request.username);
}

// The user, or nothing where the client is not to learn that there is none.
Result<std::optional<User>> FindUser(const Realm& realm, const AccountRequest& request) {
  STATOR_TRY(std::optional<User> user, realm.users.Find(*request.pool, request.username));
  if (!user && !request.client->prevent_existence_errors) return Fail(errors::kPoolUserNotFound);
  return user;
}

CodeRequest CodeFor(const AccountRequest& request, User user, Code::Purpose purpose, std::string attribute) {
  CodeRequest code;
  code.pool = request.pool;
  code.client_id = request.client->id;
  code.user = std::move(user);
  code.purpose = purpose;
  code.attribute = std::move(attribute);
  code.client_metadata = request.client_metadata;
  return code;
}

Task<Status> TellConfirmed(Realm& realm, AccountRequest request, User user, std::string source, Lane& lane) {
  Occasion occasion{request.pool, request.client->id, std::move(source), std::move(user), {}, request.client_metadata};
  Status told = co_await realm.hooks.PostConfirmation(std::move(occasion), lane);
  co_return told;
}

// --- Signing up. ---

Status CheckRequest(SignUpRequest* request) {
  if (request->pool->admin_only) return Fail(errors::kPoolSignUpRefused);
  STATOR_OK(CheckUsername(*request->pool, request->username, &request->attributes));
  STATOR_OK(CheckPolicy(request->pool->policy, request->password));
  AttributeChange change;
  change.set = request->attributes;
  return CheckAttributes(*request->pool, request->client.get(), nullptr, change);
}

User NewUser(const SignUpRequest& request) {
  User user;
  user.sub = NewUuid();
  user.username = request.pool->UsesUsernameAttributes() ? user.sub : request.username;
  AttributeChange change;
  change.set = request.attributes;
  ApplyAttributes(change, &user);
  return user;
}

void ApplyAnswer(const PreSignUpAnswer& answer, User* user) {
  if (answer.confirm) user->status = UserStatus::kConfirmed;
  if (answer.verify_email && user->Find("email")) user->Set("email_verified", "true");
  if (answer.verify_phone && user->Find("phone_number")) user->Set("phone_number_verified", "true");
}

// What follows once the user is there: the code, or the news that none is needed.
Task<Result<SignedUp>> AfterCreation(Realm& realm, AccountRequest request, User user, Lane& lane) {
  using Answer = Result<SignedUp>;
  SignedUp done;
  done.user = user;
  if (user.status == UserStatus::kConfirmed) {
    Status told = co_await TellConfirmed(realm, std::move(request), user, "PostConfirmation_ConfirmSignUp", lane);
    if (!told.ok()) co_return Answer(std::move(told).error());
    co_return Answer(std::move(done));
  }
  const std::optional<std::string> where = DestinationOf(*request.pool, user, Code::Purpose::kSignUp);
  if (!where) co_return Answer(std::move(done));
  CodeRequest code = CodeFor(request, std::move(user), Code::Purpose::kSignUp, *where);
  code.source = "CustomMessage_SignUp";
  code.kind = Letter::Kind::kSignUp;
  Result<Delivery> sent = co_await SendCode(realm, std::move(code), lane);
  if (!sent.ok()) co_return Answer(std::move(sent).error());
  done.delivery = *std::move(sent);
  co_return Answer(std::move(done));
}

}  // namespace

Status CheckUsername(const Pool& pool, const std::string& username, Pairs* attributes) {
  const bool email = IsEmail(username);
  const bool phone = IsPhoneNumber(username);
  if (Contains(pool.alias_attributes, "email") && email) return Fail(errors::kPoolUsernameIsEmail);
  if (Contains(pool.alias_attributes, "phone_number") && phone) return Fail(errors::kPoolUsernameIsPhone);
  if (!pool.UsesUsernameAttributes()) return {};
  const bool takes_email = Contains(pool.username_attributes, "email");
  const bool takes_phone = Contains(pool.username_attributes, "phone_number");
  if (takes_email && email) {
    SetPair(attributes, "email", username);
  } else if (takes_phone && phone) {
    SetPair(attributes, "phone_number", username);
  } else if (takes_email && takes_phone) {
    return Fail(errors::kPoolUsernameForm);
  } else {
    return takes_email ? Fail(errors::kPoolUsernameEmail) : Fail(errors::kPoolUsernamePhone);
  }
  return {};
}

Task<Result<SignedUp>> SignUp(Realm& realm, SignUpRequest request, Lane& lane) {
  using Answer = Result<SignedUp>;
  Status good = CheckRequest(&request);
  if (!good.ok()) co_return Answer(std::move(good).error());
  User user = NewUser(request);
  Occasion occasion{request.pool, request.client->id,      "PreSignUp_SignUp",
                    user,         request.validation_data, request.client_metadata};
  Result<PreSignUpAnswer> hooked = co_await realm.hooks.PreSignUp(std::move(occasion), lane);
  if (!hooked.ok()) co_return Answer(std::move(hooked).error());
  ApplyAnswer(*hooked, &user);
  Result<Verifier> verifier = co_await NewVerifier(realm, request.pool, user.username, request.password, lane);
  if (!verifier.ok()) co_return Answer(std::move(verifier).error());
  user.password = *std::move(verifier);
  Result<User> created = co_await realm.users.Create(request.pool, std::move(user), Aliases::kKeep, lane);
  if (!created.ok()) co_return Answer(std::move(created).error());
  AccountRequest account;
  account.pool = request.pool;
  account.client = request.client;
  account.client_metadata = std::move(request.client_metadata);
  Answer done = co_await AfterCreation(realm, std::move(account), *std::move(created), lane);
  co_return done;
}

Task<Status> ConfirmSignUp(Realm& realm, AccountRequest request, std::string code, bool force_alias, Lane& lane) {
  Result<std::optional<User>> user = FindUser(realm, request);
  if (!user.ok()) co_return Status(std::move(user).error());
  if (!*user) co_return Status(Fail(errors::kPoolCodeMismatch));
  if ((*user)->status != UserStatus::kUnconfirmed) {
    co_return Status(Fail(errors::kPoolCannotConfirm, NameOf((*user)->status)));
  }
  UseOfCode then = [](User* changed, const std::string& attribute) -> Status {
    changed->Set(attribute + "_verified", "true");
    return MarkConfirmed(changed);
  };
  const Aliases aliases = force_alias ? Aliases::kTake : Aliases::kKeep;
  User known = **std::move(user);
  Result<User> done = co_await UseCode(realm, request.pool, std::move(known), Code::Purpose::kSignUp, std::string(),
                                       std::move(code), std::move(then), aliases, lane);
  if (!done.ok()) co_return Status(std::move(done).error());
  Status told =
      co_await TellConfirmed(realm, std::move(request), *std::move(done), "PostConfirmation_ConfirmSignUp", lane);
  co_return told;
}

Task<Result<Delivery>> ResendCode(Realm& realm, AccountRequest request, Lane& lane) {
  using Answer = Result<Delivery>;
  Result<std::optional<User>> user = FindUser(realm, request);
  if (!user.ok()) co_return Answer(std::move(user).error());
  if (!*user) co_return Simulate(realm, request);
  if ((*user)->status != UserStatus::kUnconfirmed) co_return Answer(Fail(errors::kPoolAlreadyConfirmed));
  const std::optional<std::string> where = DestinationOf(*request.pool, **user, Code::Purpose::kSignUp);
  if (!where) co_return Answer(Fail(errors::kPoolNoDestination));
  CodeRequest code = CodeFor(request, **std::move(user), Code::Purpose::kSignUp, *where);
  code.source = "CustomMessage_ResendCode";
  code.kind = Letter::Kind::kResendCode;
  Answer sent = co_await SendCode(realm, std::move(code), lane);
  co_return sent;
}

// --- Recovering a password. ---

namespace {

Status CheckMayRecover(const User& user) {
  if (!user.enabled) return Fail(errors::kPoolUserDisabled);
  if (user.status == UserStatus::kForceChangePassword) return Fail(errors::kPoolCannotReset);
  return {};
}

}  // namespace

Task<Result<Delivery>> ForgotPassword(Realm& realm, AccountRequest request, Lane& lane) {
  using Answer = Result<Delivery>;
  Result<std::optional<User>> user = FindUser(realm, request);
  if (!user.ok()) co_return Answer(std::move(user).error());
  if (!*user) co_return Simulate(realm, request);
  Status may = CheckMayRecover(**user);
  if (!may.ok()) co_return Answer(std::move(may).error());
  const std::optional<std::string> where = DestinationOf(*request.pool, **user, Code::Purpose::kPassword);
  if (!where) co_return Answer(Fail(errors::kPoolNoContact));
  CodeRequest code = CodeFor(request, **std::move(user), Code::Purpose::kPassword, *where);
  code.source = "CustomMessage_ForgotPassword";
  code.kind = Letter::Kind::kForgotPassword;
  Answer sent = co_await SendCode(realm, std::move(code), lane);
  co_return sent;
}

Task<Status> ConfirmForgotPassword(Realm& realm, AccountRequest request, std::string code, std::string password,
                                   Lane& lane) {
  Result<std::optional<User>> user = FindUser(realm, request);
  if (!user.ok()) co_return Status(std::move(user).error());
  if (!*user) co_return Status(Fail(errors::kPoolCodeExpired));
  Status may = CheckMayRecover(**user);
  if (!may.ok()) co_return may;
  const std::string username = (*user)->username;
  Result<Verifier> verifier = co_await NewVerifier(realm, request.pool, username, std::move(password), lane);
  if (!verifier.ok()) co_return Status(std::move(verifier).error());
  UseOfCode then = [made = *verifier](User* changed, const std::string&) -> Status {
    changed->password = made;
    changed->status = UserStatus::kConfirmed;
    return {};
  };
  User known = **std::move(user);
  Result<User> done = co_await UseCode(realm, request.pool, std::move(known), Code::Purpose::kPassword, std::string(),
                                       std::move(code), std::move(then), Aliases::kKeep, lane);
  if (!done.ok()) co_return Status(std::move(done).error());
  realm.attempts.Succeeded(request.pool->id, request.pool->Fold(username));
  Status told = co_await TellConfirmed(realm, std::move(request), *std::move(done),
                                       "PostConfirmation_ConfirmForgotPassword", lane);
  co_return told;
}

Task<Status> ChangePassword(Realm& realm, PoolRef pool, User user, std::string previous, std::string proposed,
                            Lane& lane) {
  const std::string counted = pool->Fold(user.username);
  if (realm.attempts.Locked(pool->id, counted, realm.clock.Now())) co_return Status(Fail(errors::kPoolLocked));
  Status good = CheckPolicy(pool->policy, proposed);
  if (!good.ok()) co_return good;
  co_await ToWorker(realm.workers);
  const bool right = CheckPassword(user.password, pool->SrpName(), user.username, previous);
  co_await ToLane(lane);
  if (!right) {
    realm.attempts.Failed(pool->id, counted, realm.clock.Now());
    co_return Status(Fail(errors::kPoolWrongPassword));
  }
  Result<User> done = co_await SetPassword(realm, pool, std::move(user), std::move(proposed), true, false, lane);
  co_return done.ok() ? Status() : Status(std::move(done).error());
}

}  // namespace stator::pools
