// Bringing a user over when it signs in for the first time: the UserMigration trigger. Within this folder.
#pragma once

#include <optional>
#include <string>

#include "pools/auth.h"

namespace stator::pools {

// The user that the trigger brought, with this password; nothing if it brought none.
Task<Result<std::optional<User>>> Migrate(Realm& realm, AuthRequest request, std::string login, std::string password,
                                          Lane& lane);

}  // namespace stator::pools
