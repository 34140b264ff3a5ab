// What administrators do: users, groups, tags. Signed operations; notes/cognito.md, sections 3.3 and 3.4.
#pragma once

#include "pools/groups.h"
#include "services/cognito/service.h"

namespace stator::services::cognito {

// Borrowed by every operation; outlives the registry.
struct AdminNeeds {
  pools::Realm& realm;
  pools::Groups& groups;
};

void RegisterAdminUserOps(dispatch::Registry& registry, AdminNeeds needs);      // AdminCreateUser, AdminGetUser, ...
void RegisterAdminPasswordOps(dispatch::Registry& registry, AdminNeeds needs);  // AdminSetUserPassword, ...
void RegisterAdminAuthOps(dispatch::Registry& registry, AdminNeeds needs);      // AdminInitiateAuth, ...
void RegisterListUsers(dispatch::Registry& registry, AdminNeeds needs);
void RegisterGroupOps(dispatch::Registry& registry, AdminNeeds needs);  // CreateGroup, ..., AdminAddUserToGroup, ...
void RegisterTagOps(dispatch::Registry& registry, AdminNeeds needs);    // TagResource, ...
void RegisterMfaOps(dispatch::Registry& registry, AdminNeeds needs);    // GetUserPoolMfaConfig, ...
// All of these.
void RegisterAdmin(dispatch::Registry& registry, AdminNeeds needs);

// The pool and the user that a request names by UserPoolId and Username. kPoolNotFound, kPoolUserNotFound.
struct Subject {
  pools::PoolRef pool;
  pools::User user;
};
Result<Subject> SubjectOf(const AdminNeeds& needs, json::Value body);
Result<pools::PoolRef> PoolNamed(const AdminNeeds& needs, json::Value body);

// "Username", the attributes under `attributes`, "UserCreateDate", "UserLastModifiedDate", "Enabled" and "UserStatus"
// into an open object. `wanted` (if not null) narrows the attributes.
void WriteUserMembers(const pools::User& user, Bytes attributes, const std::vector<std::string>* wanted,
                      json::Writer& out);

// How far a listing has come: a place, written so that clients can carry it.
std::string PageToken(Bytes place);
// Empty when the request has none. kPoolBadToken.
Result<std::string> ReadPageToken(json::Value body, Bytes member);

// For a family's registration: an operation that needs AdminNeeds.
using AdminOp = Task<dispatch::Answer> (*)(AdminNeeds, const dispatch::Call&);
void AddAdminOperation(dispatch::Registry& registry, AdminNeeds needs, std::string_view name,
                       const dispatch::Shape& input, bool writes, AdminOp run);

}  // namespace stator::services::cognito
