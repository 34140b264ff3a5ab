#include "services/cognito/model_admin.h"

#include "services/cognito/model_common.h"
#include "services/cognito/name_text.h"

namespace stator::services::cognito::model {
namespace {

using namespace dispatch::make;  // NOLINT(google-build-using-namespace): a table of shapes

constexpr std::string_view kActions[] = {"RESEND", "SUPPRESS"};
constexpr Shape kAction = Enum("MessageActionType", kActions);
constexpr std::string_view kMedia[] = {"SMS", "EMAIL"};
constexpr Shape kMedium = Enum("DeliveryMediumType", kMedia);
constexpr Shape kMediums = List("DeliveryMediumListType", &kMedium);

constexpr Shape kGroupName = Matching("GroupNameType", 1, 128, R"([\p{L}\p{M}\p{S}\p{N}\p{P}]+)", IsNameText);
constexpr Shape kDescription = String("DescriptionType", 0, 2048);
constexpr Shape kArn = String("ArnType", 20, 2048);
constexpr Shape kPrecedence = Integer("PrecedenceType", 0);
constexpr Shape kLimit = Integer("QueryLimitType", 0, 60);
constexpr Shape kFilter = String("UserFilterType", 0, 256);
constexpr Shape kTagKey = String("TagKeysType", 1, 128);
constexpr Shape kTagValue = String("TagValueType", 0, 256);
constexpr Shape kTags = Map("UserPoolTagsType", &kTagValue);
constexpr Shape kTagKeys = List("UserPoolTagsListType", &kTagKey);

constexpr std::string_view kMfaTypes[] = {"OFF", "ON", "OPTIONAL"};
constexpr Shape kMfa = Enum("UserPoolMfaType", kMfaTypes);
constexpr ShapeMember kFactorMembers[] = {{"Enabled", &kFlag}, {"PreferredMfa", &kFlag}};
constexpr Shape kFactor = Structure("MFASettingsType", kFactorMembers);

constexpr ShapeMember kUserMembers[] = {{"UserPoolId", &kPoolId, true}, {"Username", &kUsername, true}};
constexpr ShapeMember kCreateUserMembers[] = {
    {"UserPoolId", &kPoolId, true},   {"Username", &kUsername, true},        {"UserAttributes", &kAttributes},
    {"ValidationData", &kAttributes}, {"TemporaryPassword", &kPassword},     {"ForceAliasCreation", &kFlag},
    {"MessageAction", &kAction},      {"DesiredDeliveryMediums", &kMediums}, {"ClientMetadata", &kTextMap}};
constexpr ShapeMember kUpdateAttributesMembers[] = {{"UserPoolId", &kPoolId, true},
                                                    {"Username", &kUsername, true},
                                                    {"UserAttributes", &kAttributes, true},
                                                    {"ClientMetadata", &kTextMap}};
constexpr ShapeMember kDeleteAttributesMembers[] = {
    {"UserPoolId", &kPoolId, true}, {"Username", &kUsername, true}, {"UserAttributeNames", &kAttributeNames, true}};
constexpr ShapeMember kSetPasswordMembers[] = {{"UserPoolId", &kPoolId, true},
                                               {"Username", &kUsername, true},
                                               {"Password", &kPassword, true},
                                               {"Permanent", &kFlag}};
constexpr ShapeMember kUserWithMetadataMembers[] = {
    {"UserPoolId", &kPoolId, true}, {"Username", &kUsername, true}, {"ClientMetadata", &kTextMap}};
constexpr ShapeMember kInitiateMembers[] = {{"UserPoolId", &kPoolId, true}, {"ClientId", &kClientId, true},
                                            {"AuthFlow", &kFlow, true},     {"AuthParameters", &kSecretMap},
                                            {"ClientMetadata", &kTextMap},  {"AnalyticsMetadata", &kAny},
                                            {"ContextData", &kAny},         {"Session", &kSession}};
constexpr ShapeMember kRespondMembers[] = {{"UserPoolId", &kPoolId, true},
                                           {"ClientId", &kClientId, true},
                                           {"ChallengeName", &kChallenge, true},
                                           {"ChallengeResponses", &kSecretMap},
                                           {"Session", &kSession},
                                           {"AnalyticsMetadata", &kAny},
                                           {"ContextData", &kAny},
                                           {"ClientMetadata", &kTextMap}};
constexpr ShapeMember kListUsersMembers[] = {{"UserPoolId", &kPoolId, true},
                                             {"AttributesToGet", &kAttributeNames},
                                             {"Limit", &kLimit},
                                             {"PaginationToken", &kPageToken},
                                             {"Filter", &kFilter}};
constexpr ShapeMember kGroupMembers[] = {{"GroupName", &kGroupName, true}, {"UserPoolId", &kPoolId, true}};
constexpr ShapeMember kCreateGroupMembers[] = {{"GroupName", &kGroupName, true},
                                               {"UserPoolId", &kPoolId, true},
                                               {"Description", &kDescription},
                                               {"RoleArn", &kArn},
                                               {"Precedence", &kPrecedence}};
constexpr ShapeMember kListGroupsMembers[] = {
    {"UserPoolId", &kPoolId, true}, {"Limit", &kLimit}, {"NextToken", &kPageToken}};
constexpr ShapeMember kListUsersInGroupMembers[] = {
    {"UserPoolId", &kPoolId, true}, {"GroupName", &kGroupName, true}, {"Limit", &kLimit}, {"NextToken", &kPageToken}};
constexpr ShapeMember kUserInGroupMembers[] = {
    {"UserPoolId", &kPoolId, true}, {"Username", &kUsername, true}, {"GroupName", &kGroupName, true}};
constexpr ShapeMember kGroupsOfUserMembers[] = {
    {"Username", &kUsername, true}, {"UserPoolId", &kPoolId, true}, {"Limit", &kLimit}, {"NextToken", &kPageToken}};
constexpr ShapeMember kTagMembers[] = {{"ResourceArn", &kArn, true}, {"Tags", &kTags, true}};
constexpr ShapeMember kUntagMembers[] = {{"ResourceArn", &kArn, true}, {"TagKeys", &kTagKeys, true}};
constexpr ShapeMember kListTagsMembers[] = {{"ResourceArn", &kArn, true}};
constexpr ShapeMember kMfaConfigMembers[] = {
    {"UserPoolId", &kPoolId, true},   {"SmsMfaConfiguration", &kAny}, {"SoftwareTokenMfaConfiguration", &kAny},
    {"EmailMfaConfiguration", &kAny}, {"MfaConfiguration", &kMfa},    {"WebAuthnConfiguration", &kAny}};
constexpr ShapeMember kMfaPreferenceMembers[] = {{"SMSMfaSettings", &kFactor},
                                                 {"SoftwareTokenMfaSettings", &kFactor},
                                                 {"EmailMfaSettings", &kFactor},
                                                 {"WebAuthnMfaSettings", &kFactor},
                                                 {"AccessToken", &kToken, true}};

}  // namespace

constinit const Shape kAdminUser = Structure("AdminUserRequest", kUserMembers);
constinit const Shape kAdminCreateUser = Structure("AdminCreateUserRequest", kCreateUserMembers);
constinit const Shape kAdminUpdateUserAttributes =
    Structure("AdminUpdateUserAttributesRequest", kUpdateAttributesMembers);
constinit const Shape kAdminDeleteUserAttributes =
    Structure("AdminDeleteUserAttributesRequest", kDeleteAttributesMembers);
constinit const Shape kAdminSetUserPassword = Structure("AdminSetUserPasswordRequest", kSetPasswordMembers);
constinit const Shape kAdminConfirmSignUp = Structure("AdminConfirmSignUpRequest", kUserWithMetadataMembers);
constinit const Shape kAdminResetUserPassword = Structure("AdminResetUserPasswordRequest", kUserWithMetadataMembers);
constinit const Shape kAdminInitiateAuth = Structure("AdminInitiateAuthRequest", kInitiateMembers);
constinit const Shape kAdminRespondToAuthChallenge = Structure("AdminRespondToAuthChallengeRequest", kRespondMembers);
constinit const Shape kListUsers = Structure("ListUsersRequest", kListUsersMembers);
constinit const Shape kGroup = Structure("GetGroupRequest", kGroupMembers);
constinit const Shape kCreateGroup = Structure("CreateGroupRequest", kCreateGroupMembers);
constinit const Shape kListGroups = Structure("ListGroupsRequest", kListGroupsMembers);
constinit const Shape kListUsersInGroup = Structure("ListUsersInGroupRequest", kListUsersInGroupMembers);
constinit const Shape kUserInGroup = Structure("AdminAddUserToGroupRequest", kUserInGroupMembers);
constinit const Shape kListGroupsForUser = Structure("AdminListGroupsForUserRequest", kGroupsOfUserMembers);
constinit const Shape kTagResource = Structure("TagResourceRequest", kTagMembers);
constinit const Shape kUntagResource = Structure("UntagResourceRequest", kUntagMembers);
constinit const Shape kListTagsForResource = Structure("ListTagsForResourceRequest", kListTagsMembers);
constinit const Shape kSetUserPoolMfaConfig = Structure("SetUserPoolMfaConfigRequest", kMfaConfigMembers);
constinit const Shape kSetUserMfaPreference = Structure("SetUserMFAPreferenceRequest", kMfaPreferenceMembers);

}  // namespace stator::services::cognito::model
