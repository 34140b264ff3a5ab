// Signing in: InitiateAuth and RespondToAuthChallenge, for users and administrators. notes/cognito.md, section 5.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/lane.h"
#include "base/task.h"
#include "errors/result.h"
#include "pools/realm.h"
#include "pools/tokens.h"

namespace stator::pools {

using Parameters = std::map<std::string, std::string>;

struct AuthRequest {
  PoolRef pool;
  ClientRef client;
  // AuthFlow; or, of a response, ChallengeName.
  std::string name;
  Parameters parameters;  // AuthParameters or ChallengeResponses
  std::string session;    // of a response; as it was given
  Pairs client_metadata;
  bool admin = false;  // from an administrator: ADMIN_USER_PASSWORD_AUTH instead of USER_PASSWORD_AUTH
};

// Tokens, or what to answer next.
struct AuthAnswer {
  std::string challenge;  // empty: the tokens are here
  std::string session;    // empty: none
  Parameters parameters;  // ChallengeParameters
  TokenPair tokens;
  std::string refresh_token;  // empty: none
};

Task<Result<AuthAnswer>> InitiateAuth(Realm& realm, AuthRequest request, Lane& lane);
Task<Result<AuthAnswer>> RespondToAuth(Realm& realm, AuthRequest request, Lane& lane);
// GetTokensFromRefreshToken and the REFRESH_TOKEN flows. `rotate`: give a new refresh token if the client rotates.
Task<Result<AuthAnswer>> Refresh(Realm& realm, PoolRef pool, ClientRef client, std::string refresh_token,
                                 Pairs client_metadata, bool rotate, Lane& lane);

}  // namespace stator::pools
