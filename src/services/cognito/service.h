// The Cognito user pools API (notes/cognito.md): its operations by family, one function and file each, and what they
// share. Flows and rules are in `pools`; here fields are read and replies written.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "dispatch/operation.h"
#include "pools/realm.h"

namespace stator::services::cognito {

inline constexpr std::string_view kTargetPrefix = "AWSCognitoIdentityProviderService";

// Borrowed by every operation; outlives the registry.
using Needs = pools::Realm&;

void RegisterPoolOps(dispatch::Registry& registry, Needs needs);      // CreateUserPool, ..., AddCustomAttributes
void RegisterClientOps(dispatch::Registry& registry, Needs needs);    // CreateUserPoolClient, ...
void RegisterSignUpOps(dispatch::Registry& registry, Needs needs);    // SignUp, ConfirmSignUp, ResendConfirmationCode
void RegisterAuthOps(dispatch::Registry& registry, Needs needs);      // InitiateAuth, ..., GetTokensFromRefreshToken
void RegisterProfileOps(dispatch::Registry& registry, Needs needs);   // GetUser, UpdateUserAttributes, ...
void RegisterPasswordOps(dispatch::Registry& registry, Needs needs);  // ForgotPassword, ..., ChangePassword
void RegisterSignOutOps(dispatch::Registry& registry, Needs needs);   // GlobalSignOut, RevokeToken, DeleteUser
void RegisterKeyOps(dispatch::Registry& registry, Needs needs);       // GET /{poolId}/.well-known/...
// All of them, those of administrators (admin.h) included.
void RegisterAll(dispatch::Registry& registry, Needs needs);

// How a family registers an operation:
//   AddOperation(registry, "GetUser", model::kGetUser, false, [needs](const Call& call) { return GetUser(needs, call);
//   });
using Run = std::function<Task<dispatch::Answer>(const dispatch::Call&)>;
void AddOperation(dispatch::Registry& registry, std::string_view name, const dispatch::Shape& input, bool writes,
                  Run run);

}  // namespace stator::services::cognito
