// What a pool asks of passwords, and passwords and codes that the server makes itself. notes/cognito.md, section 4.1.
#pragma once

#include <string>

#include "base/bytes.h"
#include "errors/result.h"
#include "pools/pool.h"

namespace stator::pools {

// kPoolPassword with the first thing that is missing.
Status CheckPolicy(const PasswordPolicy& policy, Bytes password);
// A temporary password that every policy of at most its length takes.
std::string MakePassword(const PasswordPolicy& policy);
// Six digits, from the secure source.
std::string MakeCode();
// What is kept of a code: an HMAC under the pool's secret, bound to the user.
std::string HashCode(const Pool& pool, Bytes sub, Bytes code);

}  // namespace stator::pools
