// The end of every way to sign in: tokens. Within this folder.
#pragma once

#include <string>

#include "pools/auth.h"

namespace stator::pools {

// Tokens of one sign-in, made on a worker thread. `source`: of PreTokenGeneration.
struct Issue {
  PoolRef pool;
  ClientRef client;
  User user;
  std::string source;
  std::string origin_jti;
  Time auth_time;
  Pairs client_metadata;
};
Task<Result<TokenPair>> IssueTokens(Realm& realm, Issue issue, Lane& lane);

// Who has proved to be the user: PostAuthentication, the record of the sign-in, tokens.
Task<Result<AuthAnswer>> CompleteSignIn(Realm& realm, AuthRequest request, User user, std::string source, Lane& lane);
// The same, unless the user must choose a password first.
Task<Result<AuthAnswer>> PassOrChallenge(Realm& realm, AuthRequest request, User user, Lane& lane);
// NEW_PASSWORD_REQUIRED, answered.
Task<Result<AuthAnswer>> AnswerNewPassword(Realm& realm, AuthRequest request, Lane& lane);

// Disabled, not confirmed, to be reset: who may not sign in now.
Status CheckMaySignIn(const User& user);
Result<std::string> Required(const Parameters& parameters, const std::string& name);
std::optional<std::string> Given(const Parameters& parameters, const std::string& name);

}  // namespace stator::pools
