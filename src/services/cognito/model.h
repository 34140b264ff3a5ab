// The requests of the API as shapes (dispatch/shape.h), those of administrators aside (model_admin.h).
#pragma once

#include "dispatch/shape.h"

namespace stator::services::cognito::model {

extern const dispatch::Shape kCreateUserPool;
extern const dispatch::Shape kUpdateUserPool;
extern const dispatch::Shape kPoolOnly;  // DescribeUserPool, DeleteUserPool
extern const dispatch::Shape kListUserPools;
extern const dispatch::Shape kAddCustomAttributes;
extern const dispatch::Shape kCreateUserPoolClient;
extern const dispatch::Shape kUpdateUserPoolClient;
extern const dispatch::Shape kClientOnly;  // DescribeUserPoolClient, DeleteUserPoolClient
extern const dispatch::Shape kListUserPoolClients;

extern const dispatch::Shape kSignUp;
extern const dispatch::Shape kConfirmSignUp;
extern const dispatch::Shape kAccountOnly;  // ResendConfirmationCode, ForgotPassword
extern const dispatch::Shape kConfirmForgotPassword;
extern const dispatch::Shape kInitiateAuth;
extern const dispatch::Shape kRespondToAuthChallenge;
extern const dispatch::Shape kGetTokensFromRefreshToken;
extern const dispatch::Shape kAccessOnly;  // GetUser, GlobalSignOut, DeleteUser
extern const dispatch::Shape kUpdateUserAttributes;
extern const dispatch::Shape kDeleteUserAttributes;
extern const dispatch::Shape kVerifyUserAttribute;
extern const dispatch::Shape kGetUserAttributeVerificationCode;
extern const dispatch::Shape kChangePassword;
extern const dispatch::Shape kRevokeToken;
extern const dispatch::Shape kWellKnown;

}  // namespace stator::services::cognito::model
