// Id and access tokens: JSON Web Tokens with AWS's claims, signed with the pool's keys. notes/cognito.md, section 6.
#pragma once

#include <string>

#include "base/bytes.h"
#include "base/clock.h"
#include "errors/result.h"
#include "pools/hooks.h"
#include "pools/pool.h"
#include "pools/pools.h"
#include "pools/user.h"

namespace stator::pools {

struct TokenRequest {
  PoolRef pool;
  ClientRef client;
  User user;
  std::string issuer;  // without the pool's id: "https://cognito-idp.us-east-1.amazonaws.com/"
  std::string origin_jti;
  Time auth_time, now;
  std::vector<std::string> groups;  // by precedence
  std::vector<std::string> roles;   // of those groups
  std::string preferred_role;
  ClaimChanges changes;
};

struct TokenPair {
  std::string access, id;
  int64_t expires_in = 0;  // seconds, of the access token
};

// Worker threads only: two signatures.
TokenPair MakeTokens(const TokenRequest& request);

// What an access token says, once its signature and times are good.
struct AccessClaims {
  PoolRef pool;
  std::string client_id, username, sub, origin_jti;
  Time auth_time, expires;
};
// kPoolAccessInvalid, kPoolAccessExpired. Does not know of revocation.
Result<AccessClaims> ReadAccessToken(const Pools& pools, Bytes token, Time now);

// Base64url without padding (RFC 4648, section 5).
std::string Base64Url(Bytes bytes);
bool AppendFromBase64Url(std::string* out, Bytes text);

}  // namespace stator::pools
