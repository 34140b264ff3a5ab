// The filter of ListUsers: NAME = "VALUE" or NAME ^= "VALUE" (begins with). notes/cognito.md, section 3.4.
#pragma once

#include <optional>
#include <string>

#include "errors/result.h"
#include "pools/pool.h"
#include "pools/user.h"

namespace stator::services::cognito {

struct UserFilter {
  std::string attribute;  // "username", "email", "cognito:user_status", ...
  bool prefix = false;    // ^=
  std::string value;
};

// Nothing: an empty text, which lets everybody through. kPoolFilter for what is none, kPoolFilterAttribute for an
// attribute that cannot be searched.
Result<std::optional<UserFilter>> ParseFilter(Bytes text);

// Names and "status" are compared letter by letter, states without case, the rest as the pool compares names.
bool Matches(const UserFilter& filter, const pools::Pool& pool, const pools::User& user);

}  // namespace stator::services::cognito
