// Users that administrators make: AdminCreateUser. notes/cognito.md, section 3.3.
//
// Threads: any lane; tasks go on on theirs.
#pragma once

#include <string>
#include <vector>

#include "base/lane.h"
#include "base/task.h"
#include "errors/result.h"
#include "pools/accounts.h"

namespace stator::pools {

struct InviteRequest {
  PoolRef pool;
  std::string username;
  std::string password;  // a temporary one; empty: one is made
  Pairs attributes;
  std::vector<std::string> media;  // "EMAIL", "SMS"; empty: whatever the user has
  bool suppress = false;           // send nothing
  Aliases aliases = Aliases::kKeep;
  Pairs validation_data, client_metadata;
};

// A new user who has to choose a password at the first sign-in, and is told the temporary one. kPoolAdminExists, and
// the errors of CheckUsername, CheckAttributes, Users::Create and the triggers.
Task<Result<User>> Invite(Realm& realm, InviteRequest request, Lane& lane);
// The invitation again, with another temporary password. kPoolUserNotFound, kPoolCannotResend.
Task<Result<User>> InviteAgain(Realm& realm, InviteRequest request, Lane& lane);

}  // namespace stator::pools
