#include "services/cognito/model.h"
#include "services/cognito/model_common.h"

namespace stator::services::cognito::model {
namespace {

using namespace dispatch::make;  // NOLINT(google-build-using-namespace): a table of shapes

constexpr Shape kClientName = Matching("ClientNameType", 1, 128, R"([\w\s+=,.@-]+)", IsDisplayName);
constexpr Shape kRefreshValidity = Integer("RefreshTokenValidityType", 0, 315360000);
constexpr Shape kAccessValidity = Integer("AccessTokenValidityType", 1, 86400);
constexpr Shape kIdValidity = Integer("IdTokenValidityType", 1, 86400);
constexpr std::string_view kUnitNames[] = {"seconds", "minutes", "hours", "days"};
constexpr Shape kUnit = Enum("TimeUnitsType", kUnitNames);
constexpr ShapeMember kUnitMembers[] = {{"AccessToken", &kUnit}, {"IdToken", &kUnit}, {"RefreshToken", &kUnit}};
constexpr Shape kUnits = Structure("TokenValidityUnitsType", kUnitMembers);
constexpr Shape kPermission = String("ClientPermissionType", 1, 2048);
constexpr Shape kPermissions = List("ClientPermissionListType", &kPermission);
constexpr std::string_view kFlowNames[] = {
    "ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY",    "USER_PASSWORD_AUTH",  "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CUSTOM_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_AUTH"};
constexpr Shape kFlow = Enum("ExplicitAuthFlowsType", kFlowNames);
constexpr Shape kFlows = List("ExplicitAuthFlowsListType", &kFlow);
constexpr Shape kTexts = List("StringListType", &kText);
constexpr std::string_view kOauthFlowNames[] = {"code", "implicit", "client_credentials"};
constexpr Shape kOauthFlow = Enum("OAuthFlowType", kOauthFlowNames);
constexpr Shape kOauthFlows = List("OAuthFlowsType", &kOauthFlow, 0, 3);
constexpr std::string_view kExistenceNames[] = {"LEGACY", "ENABLED"};
constexpr Shape kExistence = Enum("PreventUserExistenceErrorTypes", kExistenceNames);
constexpr Shape kSessionMinutes = Integer("AuthSessionValidityType", 3, 15);
constexpr std::string_view kFeatureNames[] = {"ENABLED", "DISABLED"};
constexpr Shape kFeature = Enum("FeatureType", kFeatureNames);
constexpr Shape kGrace = Integer("RetryGracePeriodSecondsType", 0, 60);
constexpr ShapeMember kRotationMembers[] = {{"Feature", &kFeature, true}, {"RetryGracePeriodSeconds", &kGrace}};
constexpr Shape kRotation = Structure("RefreshTokenRotationType", kRotationMembers);
constexpr Shape kMaxResults = Integer("QueryLimit", 1, 60);

// What both CreateUserPoolClient and UpdateUserPoolClient take.
#define STATOR_CLIENT_SETTINGS                                                                                     \
  {"RefreshTokenValidity", &kRefreshValidity}, {"AccessTokenValidity", &kAccessValidity},                          \
      {"IdTokenValidity", &kIdValidity}, {"TokenValidityUnits", &kUnits}, {"ReadAttributes", &kPermissions},       \
      {"WriteAttributes", &kPermissions}, {"ExplicitAuthFlows", &kFlows}, {"SupportedIdentityProviders", &kTexts}, \
      {"CallbackURLs", &kTexts}, {"LogoutURLs", &kTexts}, {"DefaultRedirectURI", &kText},                          \
      {"AllowedOAuthFlows", &kOauthFlows}, {"AllowedOAuthScopes", &kTexts},                                        \
      {"AllowedOAuthFlowsUserPoolClient", &kFlag}, {"AnalyticsConfiguration", &kAny},                              \
      {"PreventUserExistenceErrors", &kExistence}, {"EnableTokenRevocation", &kFlag},                              \
      {"EnablePropagateAdditionalUserContextData", &kFlag}, {"AuthSessionValidity", &kSessionMinutes}, {           \
    "RefreshTokenRotation", &kRotation                                                                             \
  }

constexpr ShapeMember kCreateMembers[] = {{"UserPoolId", &kPoolId, true},
                                          {"ClientName", &kClientName, true},
                                          {"GenerateSecret", &kFlag},
                                          STATOR_CLIENT_SETTINGS};
constexpr ShapeMember kUpdateMembers[] = {{"UserPoolId", &kPoolId, true},
                                          {"ClientId", &kClientId, true},
                                          {"ClientName", &kClientName},
                                          STATOR_CLIENT_SETTINGS};
#undef STATOR_CLIENT_SETTINGS
constexpr ShapeMember kClientMembers[] = {{"UserPoolId", &kPoolId, true}, {"ClientId", &kClientId, true}};
constexpr ShapeMember kListMembers[] = {
    {"UserPoolId", &kPoolId, true}, {"MaxResults", &kMaxResults}, {"NextToken", &kPageToken}};

}  // namespace

constinit const Shape kCreateUserPoolClient = Structure("CreateUserPoolClientRequest", kCreateMembers);
constinit const Shape kUpdateUserPoolClient = Structure("UpdateUserPoolClientRequest", kUpdateMembers);
constinit const Shape kClientOnly = Structure("DescribeUserPoolClientRequest", kClientMembers);
constinit const Shape kListUserPoolClients = Structure("ListUserPoolClientsRequest", kListMembers);

}  // namespace stator::services::cognito::model
