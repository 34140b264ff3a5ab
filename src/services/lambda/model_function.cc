#include "services/lambda/model_function.h"

#include <algorithm>

namespace stator::services::lambda::model {
namespace {

bool HasNoSpace(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c != ' ' && (c < 9 || c > 13); });
}
// [a-zA-Z]([a-zA-Z0-9_])+, and the names with an underscore in front, which are reserved and refused by that text.
bool IsVariableName(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return text.size() > 1 && (letter(text[0]) || text[0] == '_') &&
         std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || c == '_' || (c >= '0' && c <= '9'); });
}
bool IsLogGroup(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_' || c == '/' || c == '#';
  });
}
bool IsArnOrEmpty(std::string_view text) { return text.empty() || text.starts_with("arn:"); }
bool IsLayerVersion(std::string_view text) {
  return text.starts_with("arn:") && text.find(":layer:") != std::string_view::npos;
}

constexpr Shape kHandler = Matching("Handler", -1, 128, R"([^\s]+)", HasNoSpace);
constexpr Shape kTimeout = Integer("Timeout", 1, 900);
constexpr Shape kMemorySize = Integer("MemorySize", 128, 10240);
constexpr std::string_view kPackageTypeValues[] = {"Zip", "Image"};
constexpr Shape kPackageType = Enum("PackageType", kPackageTypeValues);

constexpr Shape kZipFile{.kind = Shape::Kind::kBlob, .model_name = "Blob"};
constexpr Shape kS3Bucket = String("S3Bucket", 3, 63);
constexpr Shape kS3Key = String("S3Key", 1, 1024);
constexpr ShapeMember kCodeMembers[] = {{"ZipFile", &kZipFile},
                                        {"S3Bucket", &kS3Bucket},
                                        {"S3Key", &kS3Key},
                                        {"S3ObjectVersion", &kText},
                                        {"ImageUri", &kText}};
constexpr Shape kCode = Structure("FunctionCode", kCodeMembers);

constexpr Shape kSubnetIds = List("SubnetIds", &kText, -1, 16);
constexpr Shape kSecurityGroupIds = List("SecurityGroupIds", &kText, -1, 5);
constexpr ShapeMember kVpcMembers[] = {{"SubnetIds", &kSubnetIds}, {"SecurityGroupIds", &kSecurityGroupIds}};
constexpr Shape kVpcConfig = Structure("VpcConfig", kVpcMembers);

constexpr Shape kTargetArn =
    Matching("ResourceArn", -1, -1, R"((arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|())", IsArnOrEmpty);
constexpr ShapeMember kDeadLetterMembers[] = {{"TargetArn", &kTargetArn}};
constexpr Shape kDeadLetterConfig = Structure("DeadLetterConfig", kDeadLetterMembers);
constexpr Shape kKmsKey = Matching("KMSKeyArn", -1, -1, R"((arn:(aws[a-zA-Z-]*)?:[a-z0-9-.]+:.*)|())", IsArnOrEmpty);

constexpr Shape kVariableName = Matching("EnvironmentVariableName", -1, -1, "[a-zA-Z]([a-zA-Z0-9_])+", IsVariableName);
constexpr Shape MakeVariables() {
  Shape shape = Map("EnvironmentVariables", &kText);
  shape.key = &kVariableName;
  shape.sensitive = true;
  return shape;
}
constexpr Shape kVariables = MakeVariables();
constexpr ShapeMember kEnvironmentMembers[] = {{"Variables", &kVariables}};
constexpr Shape kEnvironment = Structure("Environment", kEnvironmentMembers);

constexpr std::string_view kTracingValues[] = {"Active", "PassThrough"};
constexpr Shape kTracingMode = Enum("TracingMode", kTracingValues);
constexpr ShapeMember kTracingMembers[] = {{"Mode", &kTracingMode}};
constexpr Shape kTracingConfig = Structure("TracingConfig", kTracingMembers);

constexpr Shape kLayerVersionArn = Matching(
    "LayerVersionArn", 1, 2048,
    R"((arn:(aws[a-zA-Z-]*)?:lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:layer:[a-zA-Z0-9-_]+:[0-9]+))"
    R"(|(arn:[a-zA-Z0-9-]+:lambda:::awslayer:[a-zA-Z0-9-_]+))",
    IsLayerVersion);
constexpr Shape kLayers = List("LayerList", &kLayerVersionArn);

constexpr std::string_view kArchitectureValues[] = {"x86_64", "arm64"};
constexpr Shape kArchitecture = Enum("Architecture", kArchitectureValues);
constexpr Shape kArchitectures = List("ArchitecturesList", &kArchitecture, 1, 1);
constexpr Shape kStorageSize = Integer("EphemeralStorageSize", 512, 10240);
constexpr ShapeMember kStorageMembers[] = {{"Size", &kStorageSize, true}};
constexpr Shape kEphemeralStorage = Structure("EphemeralStorage", kStorageMembers);

constexpr std::string_view kApplyOnValues[] = {"PublishedVersions", "None"};
constexpr Shape kApplyOn = Enum("SnapStartApplyOn", kApplyOnValues);
constexpr ShapeMember kSnapStartMembers[] = {{"ApplyOn", &kApplyOn}};
constexpr Shape kSnapStart = Structure("SnapStart", kSnapStartMembers);

constexpr std::string_view kLogFormatValues[] = {"JSON", "Text"};
constexpr Shape kLogFormat = Enum("LogFormat", kLogFormatValues);
constexpr std::string_view kApplicationLevelValues[] = {"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"};
constexpr Shape kApplicationLevel = Enum("ApplicationLogLevel", kApplicationLevelValues);
constexpr std::string_view kSystemLevelValues[] = {"DEBUG", "INFO", "WARN"};
constexpr Shape kSystemLevel = Enum("SystemLogLevel", kSystemLevelValues);
constexpr Shape kLogGroup = Matching("LogGroup", 1, 512, R"([\.\-_/#A-Za-z0-9]+)", IsLogGroup);
constexpr ShapeMember kLoggingMembers[] = {{"LogFormat", &kLogFormat},
                                           {"ApplicationLogLevel", &kApplicationLevel},
                                           {"SystemLogLevel", &kSystemLevel},
                                           {"LogGroup", &kLogGroup}};
constexpr Shape kLoggingConfig = Structure("LoggingConfig", kLoggingMembers);
constexpr Shape kTags = Map("Tags", &kText);

constexpr ShapeMember kCreateMembers[] = {
    {"FunctionName", &kFunctionName, true},
    {"Runtime", &kText},
    {"Role", &kRoleArn, true},
    {"Handler", &kHandler},
    {"Code", &kCode, true},
    {"Description", &kDescription},
    {"Timeout", &kTimeout},
    {"MemorySize", &kMemorySize},
    {"Publish", &kFlag},
    {"VpcConfig", &kVpcConfig},
    {"PackageType", &kPackageType},
    {"DeadLetterConfig", &kDeadLetterConfig},
    {"Environment", &kEnvironment},
    {"KMSKeyArn", &kKmsKey},
    {"TracingConfig", &kTracingConfig},
    {"Tags", &kTags},
    {"Layers", &kLayers},
    {"Architectures", &kArchitectures},
    {"EphemeralStorage", &kEphemeralStorage},
    {"SnapStart", &kSnapStart},
    {"LoggingConfig", &kLoggingConfig},
};

constexpr ShapeMember kUpdateConfigurationMembers[] = {
    {"FunctionName", &kFunctionName, true},
    {"Role", &kRoleArn},
    {"Handler", &kHandler},
    {"Description", &kDescription},
    {"Timeout", &kTimeout},
    {"MemorySize", &kMemorySize},
    {"VpcConfig", &kVpcConfig},
    {"Environment", &kEnvironment},
    {"Runtime", &kText},
    {"DeadLetterConfig", &kDeadLetterConfig},
    {"KMSKeyArn", &kKmsKey},
    {"TracingConfig", &kTracingConfig},
    {"RevisionId", &kText},
    {"Layers", &kLayers},
    {"EphemeralStorage", &kEphemeralStorage},
    {"SnapStart", &kSnapStart},
    {"LoggingConfig", &kLoggingConfig},
};

constexpr ShapeMember kUpdateCodeMembers[] = {
    {"FunctionName", &kFunctionName, true},
    {"ZipFile", &kZipFile},
    {"S3Bucket", &kS3Bucket},
    {"S3Key", &kS3Key},
    {"S3ObjectVersion", &kText},
    {"ImageUri", &kText},
    {"Publish", &kFlag},
    {"DryRun", &kFlag},
    {"RevisionId", &kText},
    {"Architectures", &kArchitectures},
};

constexpr std::string_view kFunctionVersionValues[] = {"ALL"};
constexpr Shape kFunctionVersion = Enum("FunctionVersion", kFunctionVersionValues);
constexpr ShapeMember kListMembers[] = {
    {"MasterRegion", &kText}, {"FunctionVersion", &kFunctionVersion}, {"Marker", &kText}, {"MaxItems", &kMaxItems}};

}  // namespace

constinit const Shape kCreateFunctionInput = Structure("CreateFunctionRequest", kCreateMembers);
constinit const Shape kListFunctionsInput = Structure("ListFunctionsRequest", kListMembers);
constinit const Shape kUpdateFunctionCodeInput = Structure("UpdateFunctionCodeRequest", kUpdateCodeMembers);
constinit const Shape kUpdateFunctionConfigurationInput =
    Structure("UpdateFunctionConfigurationRequest", kUpdateConfigurationMembers);

}  // namespace stator::services::lambda::model
