// The order of checks is AWS's (notes/cognito.md, section 5.1). Tests: auth_test.cc.
#include "pools/auth.h"

#include <set>

#include "base/base64.h"
#include "base/pause.h"
#include "errors/pools.h"
#include "pools/accounts.h"
#include "pools/issue.h"
#include "pools/migrate.h"
#include "sigv4/digest.h"

namespace stator::pools {
namespace {

using Answer = Result<AuthAnswer>;

constexpr Duration kSkew = std::chrono::minutes(5);

bool Near(Time a, Time b) { return a - b <= kSkew && b - a <= kSkew; }

// The name under which wrong passwords count: aliases of one user count together.
std::string CountedName(const Pool& pool, const std::optional<User>& user, const std::string& login) {
  return pool.Fold(user ? user->username : login);
}

Task<Status> PreAuthenticate(Realm& realm, const AuthRequest& request, User user, bool unknown, Lane& lane) {
  Occasion occasion{request.pool, request.client->id,     "PreAuthentication_Authentication", std::move(user),
                    {},           request.client_metadata};
  Status told = co_await realm.hooks.PreAuthentication(std::move(occasion), unknown, lane);
  co_return told;
}

// --- USER_PASSWORD_AUTH. ---

// As long as for a user that exists, and always in vain.
Task<Result<AuthAnswer>> RefuseUnknown(Realm& realm, AuthRequest request, std::string login, std::string password,
                                       Lane& lane) {
  if (!request.client->prevent_existence_errors) co_return Answer(Fail(errors::kPoolUserNotFound));
  co_await ToWorker(realm.workers);
  const Verifier verifier = SimulatedVerifier(request.pool->keys->secret, login);
  CheckPassword(verifier, request.pool->SrpName(), login, password);
  co_await ToLane(lane);
  realm.attempts.Failed(request.pool->id, request.pool->Fold(login), realm.clock.Now());
  co_return Answer(Fail(errors::kPoolWrongPassword));
}

Task<Result<AuthAnswer>> ByPassword(Realm& realm, AuthRequest request, Lane& lane) {
  const Result<std::string> login = Required(request.parameters, "USERNAME");
  if (!login.ok()) co_return Answer(login.error());
  const Result<std::string> password = Required(request.parameters, "PASSWORD");
  if (!password.ok()) co_return Answer(password.error());
  Status checked = CheckSecretHash(*request.client, *login, Given(request.parameters, "SECRET_HASH"));
  if (!checked.ok()) co_return Answer(std::move(checked).error());
  Result<std::optional<User>> user = realm.users.Find(*request.pool, *login);
  if (!user.ok()) co_return Answer(std::move(user).error());
  if (!*user && !request.pool->triggers.user_migration.empty()) {
    user = co_await Migrate(realm, request, *login, *password, lane);
    if (!user.ok()) co_return Answer(std::move(user).error());
  }
  const std::string counted = CountedName(*request.pool, *user, *login);
  if (realm.attempts.Locked(request.pool->id, counted, realm.clock.Now())) co_return Answer(Fail(errors::kPoolLocked));
  if (!*user) {
    Answer refused = co_await RefuseUnknown(realm, std::move(request), *login, *password, lane);
    co_return refused;
  }
  checked = CheckMaySignIn(**user);
  if (!checked.ok()) co_return Answer(std::move(checked).error());
  Status told = co_await PreAuthenticate(realm, request, **user, false, lane);
  if (!told.ok()) co_return Answer(std::move(told).error());
  co_await ToWorker(realm.workers);
  const bool right = CheckPassword((*user)->password, request.pool->SrpName(), (*user)->username, *password);
  co_await ToLane(lane);
  if (!right) {
    realm.attempts.Failed(request.pool->id, counted, realm.clock.Now());
    co_return Answer(Fail(errors::kPoolWrongPassword));
  }
  realm.attempts.Succeeded(request.pool->id, counted);
  User known = **std::move(user);
  Answer answer = co_await PassOrChallenge(realm, std::move(request), std::move(known), lane);
  co_return answer;
}

// --- USER_SRP_AUTH. ---

AuthAnswer SrpAnswer(Realm& realm, const Session& session, const Verifier& verifier, const std::string& shown) {
  AuthAnswer answer;
  answer.challenge = "PASSWORD_VERIFIER";
  answer.parameters["SALT"] = sigv4::Hex(verifier.salt);
  answer.parameters["SRP_B"] = sigv4::Hex(session.public_b);
  answer.parameters["SECRET_BLOCK"] = Base64(realm.sessions.Seal(session));
  answer.parameters["USERNAME"] = shown;
  answer.parameters["USER_ID_FOR_SRP"] = session.username;
  return answer;
}

Task<Result<AuthAnswer>> BySrp(Realm& realm, AuthRequest request, Lane& lane) {
  const Result<std::string> login = Required(request.parameters, "USERNAME");
  if (!login.ok()) co_return Answer(login.error());
  const Result<std::string> hex = Required(request.parameters, "SRP_A");
  if (!hex.ok()) co_return Answer(hex.error());
  Status checked = CheckSecretHash(*request.client, *login, Given(request.parameters, "SECRET_HASH"));
  if (!checked.ok()) co_return Answer(std::move(checked).error());
  const std::optional<std::string> a = ReadA(*hex);
  if (!a) co_return Answer(Fail(errors::kPoolSrpA));
  const Result<std::optional<User>> user = realm.users.Find(*request.pool, *login);
  if (!user.ok()) co_return Answer(user.error());
  if (!*user && !request.client->prevent_existence_errors) co_return Answer(Fail(errors::kPoolUserNotFound));
  const std::string counted = CountedName(*request.pool, *user, *login);
  if (realm.attempts.Locked(request.pool->id, counted, realm.clock.Now())) co_return Answer(Fail(errors::kPoolLocked));
  const bool usable = *user && !(*user)->password.empty();
  const std::string username = *user ? (*user)->username : *login;
  User told_of;
  if (*user) told_of = **user;
  told_of.username = username;
  Status told = co_await PreAuthenticate(realm, request, std::move(told_of), !*user, lane);
  if (!told.ok()) co_return Answer(std::move(told).error());

  co_await ToWorker(realm.workers);
  const Verifier verifier =
      usable ? (*user)->password : SimulatedVerifier(request.pool->keys->secret, request.pool->Fold(username));
  SrpChallenge challenge = MakeChallenge(verifier);
  co_await ToLane(lane);
  Session session;
  session.pool_id = request.pool->id;
  session.client_id = request.client->id;
  session.username = username;
  session.sub = *user ? (*user)->sub : std::string();
  session.begun = realm.clock.Now();
  session.expires = session.begun + Duration(std::chrono::minutes(request.client->session_minutes));
  session.a = *a;
  session.b = std::move(challenge.b);
  session.public_b = std::move(challenge.public_b);
  co_return Answer(SrpAnswer(realm, session, verifier, username));
}

struct Proof {
  std::string username, block, timestamp, signature;
};
Result<Proof> ReadProof(const AuthRequest& request) {
  Proof proof;
  std::string block;
  std::string signature;
  STATOR_TRY(proof.username, Required(request.parameters, "USERNAME"));
  STATOR_TRY(block, Required(request.parameters, "PASSWORD_CLAIM_SECRET_BLOCK"));
  STATOR_TRY(proof.timestamp, Required(request.parameters, "TIMESTAMP"));
  STATOR_TRY(signature, Required(request.parameters, "PASSWORD_CLAIM_SIGNATURE"));
  STATOR_OK(CheckSecretHash(*request.client, proof.username, Given(request.parameters, "SECRET_HASH")));
  const bool read = AppendFromBase64(&proof.block, block) && AppendFromBase64(&proof.signature, signature);
  if (!read) return Fail(errors::kPoolWrongPassword);
  return proof;
}

// The clock runs ahead when tests step it, and clients do not know: real time will do as well.
bool InTime(const Realm& realm, Bytes timestamp) {
  const std::optional<Time> time = ReadSrpTime(timestamp);
  return time && (Near(*time, realm.clock.Now()) || Near(*time, Clock().Now()));
}

Task<Result<AuthAnswer>> AnswerSrp(Realm& realm, AuthRequest request, Lane& lane) {
  const Result<Proof> proof = ReadProof(request);
  if (!proof.ok()) co_return Answer(proof.error());
  const Time now = realm.clock.Now();
  const std::optional<Session> session = realm.sessions.Read(proof->block, now);
  const bool ours = session && session->kind == Session::Kind::kSrp && session->pool_id == request.pool->id &&
                    session->client_id == request.client->id;
  if (!ours || !realm.sessions.Use(*session, proof->block, now)) co_return Answer(Fail(errors::kPoolWrongPassword));
  Result<std::optional<User>> user = realm.users.Get(*request.pool, session->username);
  if (!user.ok()) co_return Answer(std::move(user).error());
  if (*user && (*user)->sub != session->sub) user = std::optional<User>();
  const std::string counted = request.pool->Fold(session->username);
  if (realm.attempts.Locked(request.pool->id, counted, now)) co_return Answer(Fail(errors::kPoolLocked));

  co_await ToWorker(realm.workers);
  const Verifier verifier =
      *user ? (*user)->password : SimulatedVerifier(request.pool->keys->secret, request.pool->Fold(session->username));
  const std::optional<std::string> key = SrpKey(verifier, session->a, {session->b, session->public_b});
  const std::string right =
      SrpSignature(key.value_or(""), request.pool->SrpName(), session->username, proof->block, proof->timestamp);
  co_await ToLane(lane);
  const bool proved = key && SameBytes(right, proof->signature) && *user && !(*user)->password.empty() &&
                      InTime(realm, proof->timestamp);
  if (!proved) {
    realm.attempts.Failed(request.pool->id, counted, realm.clock.Now());
    co_return Answer(Fail(errors::kPoolWrongPassword));
  }
  realm.attempts.Succeeded(request.pool->id, counted);
  Status may = CheckMaySignIn(**user);
  if (!may.ok()) co_return Answer(std::move(may).error());
  User known = **std::move(user);
  Answer answer = co_await PassOrChallenge(realm, std::move(request), std::move(known), lane);
  co_return answer;
}

// --- Refreshing. ---

Task<Result<AuthAnswer>> ByRefreshToken(Realm& realm, AuthRequest request, Lane& lane) {
  const Result<std::string> token = Required(request.parameters, "REFRESH_TOKEN");
  if (!token.ok()) co_return Answer(token.error());
  const std::optional<std::string> hash = Given(request.parameters, "SECRET_HASH");
  if (!request.client->secret.empty() || hash) {
    const Result<SignIn> sign_in = realm.sign_ins.Open(*request.pool, *request.client, *token);
    if (!sign_in.ok()) co_return Answer(sign_in.error());
    Status checked = CheckSecretHash(*request.client, sign_in->username, hash);
    if (!checked.ok() && CheckSecretHash(*request.client, sign_in->sub, hash).ok()) checked = Status();
    if (!checked.ok()) co_return Answer(std::move(checked).error());
  }
  Answer answer =
      co_await Refresh(realm, request.pool, request.client, *token, std::move(request.client_metadata), false, lane);
  co_return answer;
}

}  // namespace

Task<Result<AuthAnswer>> InitiateAuth(Realm& realm, AuthRequest request, Lane& lane) {
  std::string flow = request.name;
  if (flow == "REFRESH_TOKEN") flow = "REFRESH_TOKEN_AUTH";
  if (flow == "ADMIN_NO_SRP_AUTH") flow = "ADMIN_USER_PASSWORD_AUTH";
  const bool for_admins = flow == "ADMIN_USER_PASSWORD_AUTH";
  const bool for_users = flow == "USER_PASSWORD_AUTH";
  if ((for_admins && !request.admin) || (for_users && request.admin)) co_return Answer(Fail(errors::kPoolFlowUnknown));
  // A choice of challenges and challenges of functions are not served: no client can have them enabled.
  const bool served = for_admins || for_users || flow == "USER_SRP_AUTH" || flow == "REFRESH_TOKEN_AUTH";
  if (!served || !request.client->Allows(flow)) co_return Answer(Fail(errors::kPoolFlowDisabled, request.name));
  if (flow == "REFRESH_TOKEN_AUTH") {
    Answer answer = co_await ByRefreshToken(realm, std::move(request), lane);
    co_return answer;
  }
  if (flow == "USER_SRP_AUTH") {
    Answer answer = co_await BySrp(realm, std::move(request), lane);
    co_return answer;
  }
  Answer answer = co_await ByPassword(realm, std::move(request), lane);
  co_return answer;
}

Task<Result<AuthAnswer>> RespondToAuth(Realm& realm, AuthRequest request, Lane& lane) {
  if (request.name == "PASSWORD_VERIFIER") {
    Answer answer = co_await AnswerSrp(realm, std::move(request), lane);
    co_return answer;
  }
  if (request.name == "NEW_PASSWORD_REQUIRED") {
    Answer answer = co_await AnswerNewPassword(realm, std::move(request), lane);
    co_return answer;
  }
  co_return Answer(Fail(errors::kPoolChallengeUnknown, request.name));
}

Task<Result<AuthAnswer>> Refresh(Realm& realm, PoolRef pool, ClientRef client, std::string refresh_token,
                                 Pairs client_metadata, bool rotate, Lane& lane) {
  const Result<SignIn> sign_in = realm.sign_ins.Open(*pool, *client, refresh_token);
  if (!sign_in.ok()) co_return Answer(sign_in.error());
  Result<std::optional<User>> user = realm.users.Get(*pool, sign_in->username);
  if (!user.ok()) co_return Answer(std::move(user).error());
  if (!*user || (*user)->sub != sign_in->sub) co_return Answer(Fail(errors::kPoolRefreshInvalid));
  if (!(*user)->enabled) co_return Answer(Fail(errors::kPoolUserDisabled));
  if (sign_in->begun <= (*user)->signed_out) co_return Answer(Fail(errors::kPoolRefreshRevoked));
  AuthAnswer answer;
  if (rotate && client->rotation) {
    Result<std::string> next = co_await realm.sign_ins.Rotate(pool, client, std::move(refresh_token), lane);
    if (!next.ok()) co_return Answer(std::move(next).error());
    answer.refresh_token = *std::move(next);
  }
  Issue issue;
  issue.pool = pool;
  issue.client = client;
  issue.user = **std::move(user);
  issue.source = "TokenGeneration_RefreshTokens";
  issue.origin_jti = sign_in->origin_jti;
  issue.auth_time = sign_in->begun;
  issue.client_metadata = std::move(client_metadata);
  Result<TokenPair> tokens = co_await IssueTokens(realm, std::move(issue), lane);
  if (!tokens.ok()) co_return Answer(std::move(tokens).error());
  answer.tokens = *std::move(tokens);
  co_return Answer(std::move(answer));
}

}  // namespace stator::pools
