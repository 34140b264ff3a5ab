// What people do about their own accounts before they are signed in: signing up, confirming, recovering a password.
// notes/cognito.md, section 4.
//
// Threads: any lane; tasks go on on theirs.
#pragma once

#include <optional>
#include <string>

#include "base/lane.h"
#include "base/task.h"
#include "errors/result.h"
#include "pools/accounts.h"

namespace stator::pools {

struct SignUpRequest {
  PoolRef pool;
  ClientRef client;
  std::string username, password;
  Pairs attributes;
  Pairs validation_data, client_metadata;
};
struct SignedUp {
  User user;
  std::optional<Delivery> delivery;  // of the code, if one was sent
};
Task<Result<SignedUp>> SignUp(Realm& realm, SignUpRequest request, Lane& lane);

// Who asks, and for whom; the secret hash has been checked.
struct AccountRequest {
  PoolRef pool;
  ClientRef client;
  std::string username;  // or an alias
  Pairs client_metadata;
};
Task<Status> ConfirmSignUp(Realm& realm, AccountRequest request, std::string code, bool force_alias, Lane& lane);
Task<Result<Delivery>> ResendCode(Realm& realm, AccountRequest request, Lane& lane);
Task<Result<Delivery>> ForgotPassword(Realm& realm, AccountRequest request, Lane& lane);
Task<Status> ConfirmForgotPassword(Realm& realm, AccountRequest request, std::string code, std::string password,
                                   Lane& lane);
// Of a user that has signed in.
Task<Status> ChangePassword(Realm& realm, PoolRef pool, User user, std::string previous, std::string proposed,
                            Lane& lane);

// What somebody may call themselves in this pool; for an administrator's new users, too. A pool with username
// attributes adds the name to `attributes`.
Status CheckUsername(const Pool& pool, const std::string& username, Pairs* attributes);

}  // namespace stator::pools
