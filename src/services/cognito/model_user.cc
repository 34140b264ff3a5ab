#include "services/cognito/model.h"
#include "services/cognito/model_common.h"

namespace stator::services::cognito::model {
namespace {

using namespace dispatch::make;  // NOLINT(google-build-using-namespace): a table of shapes

constexpr Shape kClientSecret = Sensitive(Matching("ClientSecretType", 1, 64, R"([\w+]+)", IsWords));

constexpr ShapeMember kSignUpMembers[] = {
    {"ClientId", &kClientId, true}, {"SecretHash", &kSecretHash},     {"Username", &kUsername, true},
    {"Password", &kPassword, true}, {"UserAttributes", &kAttributes}, {"ValidationData", &kAttributes},
    {"AnalyticsMetadata", &kAny},   {"UserContextData", &kAny},       {"ClientMetadata", &kTextMap}};
constexpr ShapeMember kConfirmMembers[] = {
    {"ClientId", &kClientId, true},     {"SecretHash", &kSecretHash},   {"Username", &kUsername, true},
    {"ConfirmationCode", &kCode, true}, {"ForceAliasCreation", &kFlag}, {"AnalyticsMetadata", &kAny},
    {"UserContextData", &kAny},         {"ClientMetadata", &kTextMap},  {"Session", &kSession}};
constexpr ShapeMember kAccountMembers[] = {{"ClientId", &kClientId, true}, {"SecretHash", &kSecretHash},
                                           {"UserContextData", &kAny},     {"Username", &kUsername, true},
                                           {"AnalyticsMetadata", &kAny},   {"ClientMetadata", &kTextMap}};
constexpr ShapeMember kConfirmForgotMembers[] = {{"ClientId", &kClientId, true}, {"SecretHash", &kSecretHash},
                                                 {"Username", &kUsername, true}, {"ConfirmationCode", &kCode, true},
                                                 {"Password", &kPassword, true}, {"AnalyticsMetadata", &kAny},
                                                 {"UserContextData", &kAny},     {"ClientMetadata", &kTextMap}};
constexpr ShapeMember kInitiateMembers[] = {{"AuthFlow", &kFlow, true},    {"AuthParameters", &kSecretMap},
                                            {"ClientMetadata", &kTextMap}, {"ClientId", &kClientId, true},
                                            {"AnalyticsMetadata", &kAny},  {"UserContextData", &kAny},
                                            {"Session", &kSession}};
constexpr ShapeMember kRespondMembers[] = {{"ClientId", &kClientId, true}, {"ChallengeName", &kChallenge, true},
                                           {"Session", &kSession},         {"ChallengeResponses", &kSecretMap},
                                           {"AnalyticsMetadata", &kAny},   {"UserContextData", &kAny},
                                           {"ClientMetadata", &kTextMap}};
constexpr ShapeMember kRefreshMembers[] = {{"RefreshToken", &kToken, true},
                                           {"ClientId", &kClientId, true},
                                           {"ClientSecret", &kClientSecret},
                                           {"DeviceKey", &kText},
                                           {"ClientMetadata", &kTextMap}};
constexpr ShapeMember kAccessMembers[] = {{"AccessToken", &kToken, true}};
constexpr ShapeMember kUpdateMembers[] = {
    {"UserAttributes", &kAttributes, true}, {"AccessToken", &kToken, true}, {"ClientMetadata", &kTextMap}};
constexpr ShapeMember kDeleteMembers[] = {{"UserAttributeNames", &kAttributeNames, true},
                                          {"AccessToken", &kToken, true}};
constexpr ShapeMember kVerifyMembers[] = {
    {"AccessToken", &kToken, true}, {"AttributeName", &kAttributeName, true}, {"Code", &kCode, true}};
constexpr ShapeMember kGetCodeMembers[] = {
    {"AccessToken", &kToken, true}, {"AttributeName", &kAttributeName, true}, {"ClientMetadata", &kTextMap}};
constexpr ShapeMember kChangeMembers[] = {
    {"PreviousPassword", &kPassword, true}, {"ProposedPassword", &kPassword, true}, {"AccessToken", &kToken, true}};
constexpr ShapeMember kRevokeMembers[] = {
    {"Token", &kToken, true}, {"ClientId", &kClientId, true}, {"ClientSecret", &kClientSecret}};
constexpr ShapeMember kWellKnownMembers[] = {{"UserPoolId", &kText, true}};

}  // namespace

constinit const Shape kSignUp = Structure("SignUpRequest", kSignUpMembers);
constinit const Shape kConfirmSignUp = Structure("ConfirmSignUpRequest", kConfirmMembers);
constinit const Shape kAccountOnly = Structure("ForgotPasswordRequest", kAccountMembers);
constinit const Shape kConfirmForgotPassword = Structure("ConfirmForgotPasswordRequest", kConfirmForgotMembers);
constinit const Shape kInitiateAuth = Structure("InitiateAuthRequest", kInitiateMembers);
constinit const Shape kRespondToAuthChallenge = Structure("RespondToAuthChallengeRequest", kRespondMembers);
constinit const Shape kGetTokensFromRefreshToken = Structure("GetTokensFromRefreshTokenRequest", kRefreshMembers);
constinit const Shape kAccessOnly = Structure("GetUserRequest", kAccessMembers);
constinit const Shape kUpdateUserAttributes = Structure("UpdateUserAttributesRequest", kUpdateMembers);
constinit const Shape kDeleteUserAttributes = Structure("DeleteUserAttributesRequest", kDeleteMembers);
constinit const Shape kVerifyUserAttribute = Structure("VerifyUserAttributeRequest", kVerifyMembers);
constinit const Shape kGetUserAttributeVerificationCode =
    Structure("GetUserAttributeVerificationCodeRequest", kGetCodeMembers);
constinit const Shape kChangePassword = Structure("ChangePasswordRequest", kChangeMembers);
constinit const Shape kRevokeToken = Structure("RevokeTokenRequest", kRevokeMembers);
constinit const Shape kWellKnown = Structure("WellKnownRequest", kWellKnownMembers);

}  // namespace stator::services::cognito::model
