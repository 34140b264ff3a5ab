// Who is told of by a PostConfirmation event of a user pool.
#pragma once

#include "base/bytes.h"
#include "directory/directory.h"
#include "errors/result.h"

namespace stator::post_confirmation {

// Of request.userAttributes: sub, email, preferred_username (the handle) and name (the handle if there is none). Fails
// with kBadUser, in words for who signs up, when one that must be there is missing, or `event` is no such event.
Result<messages::NewUser> ConfirmedUser(Bytes event);

}  // namespace stator::post_confirmation
