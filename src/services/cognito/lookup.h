// Whom a request is about: its client and name, or the user of its access token.
#pragma once

#include "dispatch/operation.h"
#include "errors/result.h"
#include "json/value.h"
#include "pools/accounts.h"
#include "pools/sign_up.h"

namespace stator::services::cognito {

// ClientId, Username, SecretHash (checked), ClientMetadata.
Result<pools::AccountRequest> ReadAccount(const pools::Realm& realm, json::Value body);
// The user of AccessToken.
Result<pools::Authenticated> ReadUser(const pools::Realm& realm, json::Value body);
// {"CodeDeliveryDetails": ...}, or the error.
dispatch::Answer Delivered(const Result<pools::Delivery>& delivery);
// Whether ClientSecret is the client's, of calls that carry it instead of a hash.
Status CheckSecret(const pools::Client& client, json::Value body);

}  // namespace stator::services::cognito
