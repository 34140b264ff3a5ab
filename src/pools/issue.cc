#include "pools/issue.h"

#include "base/base64.h"
#include "base/log.h"
#include "base/pause.h"
#include "errors/pools.h"
#include "json/writer.h"
#include "pools/accounts.h"
#include "pools/password.h"

namespace stator::pools {
namespace {

using Answer = Result<AuthAnswer>;

constexpr Bytes kAttributePrefix = "userAttributes.";

// The names of required attributes that the user lacks, as a JSON text.
std::string MissingAttributes(const Pool& pool, const User& user) {
  std::string text;
  json::Writer out(&text);
  out.BeginArray();
  for (const Attribute& attribute : pool.Schema()) {
    if (!attribute.required || attribute.name == "sub" || user.Find(attribute.name)) continue;
    out.String(std::string(kAttributePrefix) + attribute.name);
  }
  out.EndArray();
  return text;
}

std::string AttributesJson(const User& user) {
  std::string text;
  json::Writer out(&text);
  out.BeginObject();
  for (const auto& [name, value] : user.attributes) out.Key(name).String(value);
  out.EndObject();
  return text;
}

Result<AuthAnswer> ChallengeNewPassword(const Realm& realm, const AuthRequest& request, const User& user) {
  const Time now = realm.clock.Now();
  if (user.password_expires <= now) return Fail(errors::kPoolTemporaryExpired);
  Session session;
  session.kind = Session::Kind::kNewPassword;
  session.pool_id = request.pool->id;
  session.client_id = request.client->id;
  session.username = user.username;
  session.sub = user.sub;
  session.begun = now;
  session.expires = now + Duration(std::chrono::minutes(request.client->session_minutes));
  AuthAnswer answer;
  answer.challenge = "NEW_PASSWORD_REQUIRED";
  answer.session = Base64(realm.sessions.Seal(session));
  answer.parameters["USER_ID_FOR_SRP"] = user.username;
  answer.parameters["requiredAttributes"] = MissingAttributes(*request.pool, user);
  answer.parameters["userAttributes"] = AttributesJson(user);
  return answer;
}

// The attributes among the responses of a challenge.
AttributeChange ReadChange(const AuthRequest& request) {
  AttributeChange change;
  for (const auto& [name, value] : request.parameters) {
    if (name.starts_with(kAttributePrefix)) change.set.emplace_back(name.substr(kAttributePrefix.size()), value);
  }
  return change;
}

struct OpenedSession {
  Session session;
  std::string sealed;
  User user;
};
// The session of the request, and its user; not used up yet.
Result<OpenedSession> OpenSession(const Realm& realm, const AuthRequest& request, const std::string& username) {
  OpenedSession opened;
  if (!AppendFromBase64(&opened.sealed, request.session)) return Fail(errors::kPoolSession);
  std::optional<Session> session = realm.sessions.Read(opened.sealed, realm.clock.Now());
  const bool ours = session && session->kind == Session::Kind::kNewPassword && session->pool_id == request.pool->id &&
                    session->client_id == request.client->id;
  if (!ours) return Fail(errors::kPoolSession);
  STATOR_TRY(std::optional<User> user, realm.users.Get(*request.pool, session->username));
  STATOR_TRY(const std::optional<User> named, realm.users.Find(*request.pool, username));
  const bool same = user && user->sub == session->sub && named && named->sub == user->sub;
  if (!same || user->status != UserStatus::kForceChangePassword) return Fail(errors::kPoolSession);
  if (!user->enabled) return Fail(errors::kPoolUserDisabled);
  opened.session = *std::move(session);
  opened.user = *std::move(user);
  return opened;
}

Status CheckComplete(const Pool& pool, const User& user, const AttributeChange& change) {
  User after = user;
  ApplyAttributes(change, &after);
  for (const Attribute& attribute : pool.Schema()) {
    if (attribute.required && attribute.name != "sub" && !after.Find(attribute.name)) {
      return Fail(errors::kPoolAttribute, attribute.name + ": The attribute is required");
    }
  }
  return {};
}

// Attributes that cannot be changed may still be given their first value.
Status CheckGiven(const AuthRequest& request, const User& user, const AttributeChange& change) {
  for (const auto& [name, value] : change.set) {
    AttributeChange one;
    one.set.emplace_back(name, value);
    const Attribute* attribute = request.pool->Find(name);
    const bool first = attribute && !attribute->is_mutable && name != "sub" && !user.Find(name);
    if (first) continue;
    STATOR_OK(CheckAttributes(*request.pool, request.client.get(), &user, one));
  }
  return CheckComplete(*request.pool, user, change);
}

// What it could not erase it will the next time.
void SweepNow(SignIns& sign_ins) {
  const Status swept = sign_ins.Sweep();
  if (!swept.ok()) LogWarn("expired sign-ins were not erased: " + swept.error().text);
}

}  // namespace

Status CheckMaySignIn(const User& user) {
  if (!user.enabled) return Fail(errors::kPoolUserDisabled);
  if (user.status == UserStatus::kUnconfirmed) return Fail(errors::kPoolNotConfirmed);
  if (user.status == UserStatus::kResetRequired) return Fail(errors::kPoolResetRequired);
  return {};
}

std::optional<std::string> Given(const Parameters& parameters, const std::string& name) {
  const auto found = parameters.find(name);
  return found == parameters.end() ? std::nullopt : std::optional(found->second);
}

Result<std::string> Required(const Parameters& parameters, const std::string& name) {
  std::optional<std::string> given = Given(parameters, name);
  if (!given || given->empty()) return Fail(errors::kPoolMissing, name);
  return *std::move(given);
}

Task<Result<TokenPair>> IssueTokens(Realm& realm, Issue issue, Lane& lane) {
  Occasion occasion{issue.pool, issue.client->id, issue.source, issue.user, {}, issue.client_metadata};
  Result<ClaimChanges> changes = co_await realm.hooks.PreTokenGeneration(std::move(occasion), lane);
  if (!changes.ok()) co_return Result<TokenPair>(std::move(changes).error());
  TokenRequest request;
  request.pool = issue.pool;
  request.client = issue.client;
  request.issuer = realm.IssuerOf(*issue.pool);
  request.origin_jti = issue.origin_jti;
  request.auth_time = issue.auth_time;
  request.now = realm.clock.Now();
  GroupClaims groups = realm.groups.ClaimsOf(*issue.pool, issue.user);
  request.groups = std::move(groups.groups);
  request.roles = std::move(groups.roles);
  request.preferred_role = std::move(groups.preferred_role);
  request.changes = *std::move(changes);
  request.user = std::move(issue.user);
  co_await ToWorker(realm.workers);
  TokenPair tokens = MakeTokens(request);
  co_await ToLane(lane);
  co_return Result<TokenPair>(std::move(tokens));
}

Task<Result<AuthAnswer>> CompleteSignIn(Realm& realm, AuthRequest request, User user, std::string source, Lane& lane) {
  Occasion occasion{request.pool, request.client->id,     "PostAuthentication_Authentication", user,
                    {},           request.client_metadata};
  Status told = co_await realm.hooks.PostAuthentication(std::move(occasion), lane);
  if (!told.ok()) co_return Answer(std::move(told).error());
  Result<SignIns::Begun> begun =
      co_await realm.sign_ins.Begin(request.pool, request.client, user.username, user.sub, lane);
  if (!begun.ok()) co_return Answer(std::move(begun).error());
  if (realm.sign_ins.SweepDue()) realm.workers.Post([&sign_ins = realm.sign_ins] { SweepNow(sign_ins); });
  Issue issue;
  issue.pool = request.pool;
  issue.client = request.client;
  issue.user = std::move(user);
  issue.source = std::move(source);
  issue.origin_jti = begun->sign_in.origin_jti;
  issue.auth_time = begun->sign_in.begun;
  issue.client_metadata = std::move(request.client_metadata);
  Result<TokenPair> tokens = co_await IssueTokens(realm, std::move(issue), lane);
  if (!tokens.ok()) co_return Answer(std::move(tokens).error());
  AuthAnswer answer;
  answer.tokens = *std::move(tokens);
  answer.refresh_token = std::move(begun->refresh_token);
  co_return Answer(std::move(answer));
}

Task<Result<AuthAnswer>> PassOrChallenge(Realm& realm, AuthRequest request, User user, Lane& lane) {
  if (user.status == UserStatus::kForceChangePassword) co_return ChallengeNewPassword(realm, request, user);
  Answer answer =
      co_await CompleteSignIn(realm, std::move(request), std::move(user), "TokenGeneration_Authentication", lane);
  co_return answer;
}

Task<Result<AuthAnswer>> AnswerNewPassword(Realm& realm, AuthRequest request, Lane& lane) {
  const Result<std::string> username = Required(request.parameters, "USERNAME");
  if (!username.ok()) co_return Answer(username.error());
  const Result<std::string> password = Required(request.parameters, "NEW_PASSWORD");
  if (!password.ok()) co_return Answer(password.error());
  Status checked = CheckSecretHash(*request.client, *username, Given(request.parameters, "SECRET_HASH"));
  if (!checked.ok()) co_return Answer(std::move(checked).error());
  Result<OpenedSession> opened = OpenSession(realm, request, *username);
  if (!opened.ok()) co_return Answer(std::move(opened).error());
  const AttributeChange change = ReadChange(request);
  checked = CheckGiven(request, opened->user, change);
  if (!checked.ok()) co_return Answer(std::move(checked).error());
  Result<Verifier> verifier = co_await NewVerifier(realm, request.pool, opened->user.username, *password, lane);
  if (!verifier.ok()) co_return Answer(std::move(verifier).error());
  // A password that would not do may be tried again with the same session; this one is spent.
  if (!realm.sessions.Use(opened->session, opened->sealed, realm.clock.Now())) {
    co_return Answer(Fail(errors::kPoolSession));
  }
  Users::ChangeUser decide = [change, made = *verifier](User* user) -> Status {
    if (user->status != UserStatus::kForceChangePassword) return Fail(errors::kPoolSession);
    ApplyAttributes(change, user);
    user->password = made;
    user->password_expires = Time();
    user->status = UserStatus::kConfirmed;
    return {};
  };
  Result<User> user = co_await realm.users.Change(request.pool, opened->user.username, opened->user.sub,
                                                  std::move(decide), Aliases::kKeep, lane);
  if (!user.ok()) co_return Answer(std::move(user).error());
  Answer answer = co_await CompleteSignIn(realm, std::move(request), *std::move(user),
                                          "TokenGeneration_NewPasswordChallenge", lane);
  co_return answer;
}

}  // namespace stator::pools
