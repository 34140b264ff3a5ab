#include "services/lambda/model_mapping.h"

namespace stator::services::lambda::model {
namespace {

// The service finds a missing StartingPosition and an EventSourceArn that is none by other means, with other texts; the
// least values of -1 are looked at by mapping_settings.cc: a bound of -1 is none in a Shape.
constexpr std::string_view kPositions[] = {"LATEST", "AT_TIMESTAMP", "TRIM_HORIZON"};
constexpr Shape kStartingPosition = Enum("EventSourcePosition", kPositions);
constexpr std::string_view kResponseTypes[] = {"ReportBatchItemFailures"};
constexpr Shape kResponseType = Enum("FunctionResponseType", kResponseTypes);
constexpr Shape kResponseTypeList = List("FunctionResponseTypeList", &kResponseType, 0, 1);

constexpr Shape kPattern = String("Pattern", 0, 4096);
constexpr ShapeMember kFilterMembers[] = {{"Pattern", &kPattern}};
constexpr Shape kFilter = Structure("Filter", kFilterMembers);
constexpr Shape kFilterList = List("FilterList", &kFilter);
constexpr ShapeMember kCriteriaMembers[] = {{"Filters", &kFilterList}};
constexpr Shape kCriteria = Structure("FilterCriteria", kCriteriaMembers);

constexpr Shape kDestinationArn = String("DestinationArn", 0, 350);
constexpr ShapeMember kDestinationMembers[] = {{"Destination", &kDestinationArn}};
constexpr Shape kDestination = Structure("OnFailure", kDestinationMembers);
constexpr ShapeMember kDestinationConfigMembers[] = {{"OnSuccess", &kDestination}, {"OnFailure", &kDestination}};
constexpr Shape kDestinationConfig = Structure("DestinationConfig", kDestinationConfigMembers);

constexpr Shape kBatchSize = Integer("BatchSize", 1, 10'000);
constexpr Shape kBatchingWindow = Integer("MaximumBatchingWindowInSeconds", 0, 300);
constexpr Shape kParallelizationFactor = Integer("ParallelizationFactor", 1, 10);
constexpr Shape kRecordAge = Integer("MaximumRecordAgeInSeconds", -1, 604'800);
constexpr Shape kRetries = Integer("MaximumRetryAttemptsEventSourceMapping", -1, 10'000);
constexpr Shape kTumblingWindow = Integer("TumblingWindowInSeconds", 0, 900);

constexpr ShapeMember kCreateMembers[] = {{"EventSourceArn", &kText},
                                          {"FunctionName", &kNamespacedFunctionName, true},
                                          {"Enabled", &kFlag},
                                          {"BatchSize", &kBatchSize},
                                          {"FilterCriteria", &kCriteria},
                                          {"MaximumBatchingWindowInSeconds", &kBatchingWindow},
                                          {"ParallelizationFactor", &kParallelizationFactor},
                                          {"StartingPosition", &kStartingPosition},
                                          {"DestinationConfig", &kDestinationConfig},
                                          {"MaximumRecordAgeInSeconds", &kRecordAge},
                                          {"BisectBatchOnFunctionError", &kFlag},
                                          {"MaximumRetryAttempts", &kRetries},
                                          {"TumblingWindowInSeconds", &kTumblingWindow},
                                          {"FunctionResponseTypes", &kResponseTypeList}};
constexpr ShapeMember kUpdateMembers[] = {{"UUID", &kText, true},
                                          {"FunctionName", &kNamespacedFunctionName},
                                          {"Enabled", &kFlag},
                                          {"BatchSize", &kBatchSize},
                                          {"FilterCriteria", &kCriteria},
                                          {"MaximumBatchingWindowInSeconds", &kBatchingWindow},
                                          {"DestinationConfig", &kDestinationConfig},
                                          {"MaximumRecordAgeInSeconds", &kRecordAge},
                                          {"BisectBatchOnFunctionError", &kFlag},
                                          {"MaximumRetryAttempts", &kRetries},
                                          {"ParallelizationFactor", &kParallelizationFactor},
                                          {"TumblingWindowInSeconds", &kTumblingWindow},
                                          {"FunctionResponseTypes", &kResponseTypeList}};
constexpr ShapeMember kUuidMembers[] = {{"UUID", &kText, true}};
constexpr ShapeMember kListMembers[] = {{"EventSourceArn", &kText},
                                        {"FunctionName", &kNamespacedFunctionName},
                                        {"Marker", &kText},
                                        {"MaxItems", &kMaxItems}};

}  // namespace

const Shape kCreateMappingInput = Structure("CreateEventSourceMappingRequest", kCreateMembers);
const Shape kUpdateMappingInput = Structure("UpdateEventSourceMappingRequest", kUpdateMembers);
const Shape kMappingUuidInput = Structure("GetEventSourceMappingRequest", kUuidMembers);
const Shape kListMappingsInput = Structure("ListEventSourceMappingsRequest", kListMembers);

}  // namespace stator::services::lambda::model
