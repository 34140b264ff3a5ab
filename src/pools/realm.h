// Everything that sign-up, sign-in and administration work on. Borrowed; outlives every task.
#pragma once

#include <string>

#include "base/clock.h"
#include "base/lane.h"
#include "pools/attempts.h"
#include "pools/hooks.h"
#include "pools/outbox.h"
#include "pools/pools.h"
#include "pools/sessions.h"
#include "pools/sign_ins.h"
#include "pools/users.h"

namespace stator::pools {

// What tokens say of a user's groups.
struct GroupClaims {
  std::vector<std::string> groups;  // by precedence
  std::vector<std::string> roles;
  std::string preferred_role;
};

// The groups of pools, as far as tokens carry them. This one knows their names only.
class GroupReader {
 public:
  virtual ~GroupReader() = default;
  virtual GroupClaims ClaimsOf(const Pool& /*pool*/, const User& user) const { return {user.groups, {}, {}}; }
};

struct Realm {
  Pools& pools;
  Users& users;
  SignIns& sign_ins;
  Sessions& sessions;
  Attempts& attempts;
  Outbox& outbox;
  Hooks& hooks;
  GroupReader& groups;
  WorkerPool& workers;
  const Clock& clock;
  // Of tokens: empty is AWS's, "https://cognito-idp.REGION.amazonaws.com/"; else "http://127.0.0.1:8000/".
  std::string issuer;

  // Ends with '/'; the pool's id follows.
  std::string IssuerOf(const Pool& pool) const;
};

}  // namespace stator::pools
