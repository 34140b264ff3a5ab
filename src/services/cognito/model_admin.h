// The requests of administrators as shapes (dispatch/shape.h).
#pragma once

#include "dispatch/shape.h"

namespace stator::services::cognito::model {

extern const dispatch::Shape kAdminUser;  // UserPoolId and Username
extern const dispatch::Shape kAdminCreateUser;
extern const dispatch::Shape kAdminUpdateUserAttributes;
extern const dispatch::Shape kAdminDeleteUserAttributes;
extern const dispatch::Shape kAdminSetUserPassword;
extern const dispatch::Shape kAdminConfirmSignUp;
extern const dispatch::Shape kAdminResetUserPassword;
extern const dispatch::Shape kAdminInitiateAuth;
extern const dispatch::Shape kAdminRespondToAuthChallenge;
extern const dispatch::Shape kListUsers;
extern const dispatch::Shape kGroup;  // GroupName and UserPoolId
extern const dispatch::Shape kCreateGroup;
extern const dispatch::Shape kListGroups;
extern const dispatch::Shape kListUsersInGroup;
extern const dispatch::Shape kUserInGroup;  // UserPoolId, Username and GroupName
extern const dispatch::Shape kListGroupsForUser;
extern const dispatch::Shape kTagResource;
extern const dispatch::Shape kUntagResource;
extern const dispatch::Shape kListTagsForResource;
extern const dispatch::Shape kSetUserPoolMfaConfig;
extern const dispatch::Shape kSetUserMfaPreference;

}  // namespace stator::services::cognito::model
