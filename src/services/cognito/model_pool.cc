#include "services/cognito/model.h"
#include "services/cognito/model_common.h"

namespace stator::services::cognito::model {
namespace {

using namespace dispatch::make;  // NOLINT(google-build-using-namespace): a table of shapes

bool IsArn(std::string_view text) { return text.starts_with("arn:") && IsVisible(text); }

constexpr Shape kPoolName = Matching("UserPoolNameType", 1, 128, R"([\w\s+=,.@-]+)", IsDisplayName);
constexpr Shape kArn = Matching(
    "ArnType", 20, 2048,
    R"(arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+)?(:[\w+=/,.@-]+)?)", IsArn);

constexpr Shape kMinimumLength = Integer("PasswordPolicyMinLengthType", 6, 99);
constexpr Shape kHistory = Integer("PasswordHistorySizeType", 0, 24);
constexpr Shape kDays = Integer("TemporaryPasswordValidityDaysType", 0, 365);
constexpr ShapeMember kPolicyMembers[] = {{"MinimumLength", &kMinimumLength},
                                          {"RequireUppercase", &kFlag},
                                          {"RequireLowercase", &kFlag},
                                          {"RequireNumbers", &kFlag},
                                          {"RequireSymbols", &kFlag},
                                          {"PasswordHistorySize", &kHistory},
                                          {"TemporaryPasswordValidityDays", &kDays}};
constexpr Shape kPolicy = Structure("PasswordPolicyType", kPolicyMembers);
constexpr ShapeMember kPoliciesMembers[] = {{"PasswordPolicy", &kPolicy}, {"SignInPolicy", &kAny}};
constexpr Shape kPolicies = Structure("UserPoolPolicyType", kPoliciesMembers);

constexpr std::string_view kVersions[] = {"V1_0", "V2_0", "V3_0"};
constexpr Shape kVersion = Enum("PreTokenGenerationLambdaVersionType", kVersions);
constexpr ShapeMember kTokenConfigMembers[] = {{"LambdaVersion", &kVersion, true}, {"LambdaArn", &kArn, true}};
constexpr Shape kTokenConfig = Structure("PreTokenGenerationVersionConfigType", kTokenConfigMembers);
constexpr ShapeMember kLambdaMembers[] = {{"PreSignUp", &kArn},
                                          {"CustomMessage", &kArn},
                                          {"PostConfirmation", &kArn},
                                          {"PreAuthentication", &kArn},
                                          {"PostAuthentication", &kArn},
                                          {"DefineAuthChallenge", &kArn},
                                          {"CreateAuthChallenge", &kArn},
                                          {"VerifyAuthChallengeResponse", &kArn},
                                          {"PreTokenGeneration", &kArn},
                                          {"UserMigration", &kArn},
                                          {"PreTokenGenerationConfig", &kTokenConfig},
                                          {"CustomSMSSender", &kAny},
                                          {"CustomEmailSender", &kAny},
                                          {"KMSKeyID", &kArn}};
constexpr Shape kLambda = Structure("LambdaConfigType", kLambdaMembers);

constexpr std::string_view kVerifiedNames[] = {"phone_number", "email"};
constexpr Shape kVerifiedName = Enum("VerifiedAttributeType", kVerifiedNames);
constexpr Shape kVerified = List("VerifiedAttributesListType", &kVerifiedName);
constexpr Shape kUsernameNames = List("UsernameAttributesListType", &kVerifiedName);
constexpr std::string_view kAliasNames[] = {"phone_number", "email", "preferred_username"};
constexpr Shape kAliasName = Enum("AliasAttributeType", kAliasNames);
constexpr Shape kAliases = List("AliasAttributesListType", &kAliasName);

constexpr std::string_view kTypes[] = {"String", "Number", "DateTime", "Boolean"};
constexpr Shape kType = Enum("AttributeDataType", kTypes);
constexpr Shape kCustomName = Matching("CustomAttributeNameType", 1, 20, R"([\p{L}\p{M}\p{S}\p{N}\p{P}]+)", IsVisible);
constexpr ShapeMember kNumberMembers[] = {{"MinValue", &kText}, {"MaxValue", &kText}};
constexpr Shape kNumberConstraints = Structure("NumberAttributeConstraintsType", kNumberMembers);
constexpr ShapeMember kStringMembers[] = {{"MinLength", &kText}, {"MaxLength", &kText}};
constexpr Shape kStringConstraints = Structure("StringAttributeConstraintsType", kStringMembers);
constexpr ShapeMember kSchemaMembers[] = {{"Name", &kCustomName},
                                          {"AttributeDataType", &kType},
                                          {"DeveloperOnlyAttribute", &kFlag},
                                          {"Mutable", &kFlag},
                                          {"Required", &kFlag},
                                          {"NumberAttributeConstraints", &kNumberConstraints},
                                          {"StringAttributeConstraints", &kStringConstraints}};
constexpr Shape kSchemaAttribute = Structure("SchemaAttributeType", kSchemaMembers);
constexpr Shape kSchema = List("SchemaAttributesListType", &kSchemaAttribute, 1, 50);
constexpr Shape kCustomAttributes = List("CustomAttributesListType", &kSchemaAttribute, 1, 25);

constexpr std::string_view kMfaModes[] = {"OFF", "ON", "OPTIONAL"};
constexpr Shape kMfa = Enum("UserPoolMfaType", kMfaModes);
constexpr std::string_view kProtections[] = {"ACTIVE", "INACTIVE"};
constexpr Shape kProtection = Enum("DeletionProtectionType", kProtections);
constexpr std::string_view kTiers[] = {"LITE", "ESSENTIALS", "PLUS"};
constexpr Shape kTier = Enum("UserPoolTierType", kTiers);
constexpr ShapeMember kUsernameConfigurationMembers[] = {{"CaseSensitive", &kFlag, true}};
constexpr Shape kUsernameConfiguration = Structure("UsernameConfigurationType", kUsernameConfigurationMembers);
constexpr ShapeMember kAdminMembers[] = {
    {"AllowAdminCreateUserOnly", &kFlag}, {"UnusedAccountValidityDays", &kDays}, {"InviteMessageTemplate", &kAny}};
constexpr Shape kAdmin = Structure("AdminCreateUserConfigType", kAdminMembers);
constexpr Shape kTagValue = String("TagValueType", 0, 256);
constexpr Shape kTags = Map("UserPoolTagsType", &kTagValue);

// What both CreateUserPool and UpdateUserPool take.
#define STATOR_POOL_SETTINGS                                                                               \
  {"Policies", &kPolicies}, {"DeletionProtection", &kProtection}, {"LambdaConfig", &kLambda},              \
      {"AutoVerifiedAttributes", &kVerified}, {"SmsVerificationMessage", &kText},                          \
      {"EmailVerificationMessage", &kText}, {"EmailVerificationSubject", &kText},                          \
      {"VerificationMessageTemplate", &kAny}, {"SmsAuthenticationMessage", &kText},                        \
      {"UserAttributeUpdateSettings", &kAny}, {"MfaConfiguration", &kMfa}, {"DeviceConfiguration", &kAny}, \
      {"EmailConfiguration", &kAny}, {"SmsConfiguration", &kAny}, {"UserPoolTags", &kTags},                \
      {"AdminCreateUserConfig", &kAdmin}, {"UserPoolAddOns", &kAny}, {"AccountRecoverySetting", &kAny}, {  \
    "UserPoolTier", &kTier                                                                                 \
  }

constexpr ShapeMember kCreateMembers[] = {
    {"PoolName", &kPoolName, true},          STATOR_POOL_SETTINGS, {"AliasAttributes", &kAliases},
    {"UsernameAttributes", &kUsernameNames}, {"Schema", &kSchema}, {"UsernameConfiguration", &kUsernameConfiguration}};
constexpr ShapeMember kUpdateMembers[] = {
    {"UserPoolId", &kPoolId, true}, STATOR_POOL_SETTINGS, {"PoolName", &kPoolName}};
#undef STATOR_POOL_SETTINGS
constexpr ShapeMember kPoolMembers[] = {{"UserPoolId", &kPoolId, true}};
constexpr Shape kMaxResults = Integer("PoolQueryLimitType", 1, 60);
constexpr ShapeMember kListMembers[] = {{"NextToken", &kPageToken}, {"MaxResults", &kMaxResults, true}};
constexpr ShapeMember kAddMembers[] = {{"UserPoolId", &kPoolId, true}, {"CustomAttributes", &kCustomAttributes, true}};

}  // namespace

constinit const Shape kCreateUserPool = Structure("CreateUserPoolRequest", kCreateMembers);
constinit const Shape kUpdateUserPool = Structure("UpdateUserPoolRequest", kUpdateMembers);
constinit const Shape kPoolOnly = Structure("DescribeUserPoolRequest", kPoolMembers);
constinit const Shape kListUserPools = Structure("ListUserPoolsRequest", kListMembers);
constinit const Shape kAddCustomAttributes = Structure("AddCustomAttributesRequest", kAddMembers);

}  // namespace stator::services::cognito::model
