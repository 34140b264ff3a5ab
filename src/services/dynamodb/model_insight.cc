// Kinesis destinations, Contributor Insights, resource policies.
#include "services/dynamodb/model.h"
#include "services/dynamodb/model_infrastructure.h"

namespace stator::services::dynamodb::model {
namespace {

// Kinesis destinations.
constexpr std::string_view kPrecisions[] = {"MILLISECOND", "MICROSECOND"};
constexpr Shape kPrecision = Enum("ApproximateCreationDateTimePrecision", kPrecisions);
constexpr ShapeMember kDestinationMembers[] = {{"ApproximateCreationDateTimePrecision", &kPrecision}};
constexpr Shape kEnableDestination = Structure("EnableKinesisStreamingConfiguration", kDestinationMembers);
constexpr Shape kUpdateDestination = Structure("UpdateKinesisStreamingConfiguration", kDestinationMembers);
constexpr ShapeMember kEnableMembers[] = {{"TableName", &kControlTableName},
                                          {"StreamArn", &kLongArn, true},
                                          {"EnableKinesisStreamingConfiguration", &kEnableDestination}};
constexpr ShapeMember kUpdateMembers[] = {{"TableName", &kControlTableName},
                                          {"StreamArn", &kLongArn, true},
                                          {"UpdateKinesisStreamingConfiguration", &kUpdateDestination}};
constexpr ShapeMember kDescribeDestinationMembers[] = {{"TableName", &kControlTableName}};

// Contributor Insights.
constexpr std::string_view kActions[] = {"ENABLE", "DISABLE"};
constexpr Shape kAction = Enum("ContributorInsightsAction", kActions);
constexpr std::string_view kModes[] = {"ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"};
constexpr Shape kMode = Enum("ContributorInsightsMode", kModes);
constexpr Shape kInsightsPage = Integer("ListContributorInsightsLimit", -1, 100);
constexpr ShapeMember kUpdateInsightsMembers[] = {{"TableName", &kControlTableName},
                                                  {"IndexName", &kIndexName},
                                                  {"ContributorInsightsAction", &kAction, true},
                                                  {"ContributorInsightsMode", &kMode}};
constexpr ShapeMember kDescribeInsightsMembers[] = {{"TableName", &kControlTableName}, {"IndexName", &kIndexName}};
constexpr ShapeMember kListInsightsMembers[] = {
    {"TableName", &kTableArn}, {"NextToken", &kText}, {"MaxResults", &kInsightsPage}};

}  // namespace

constinit const Shape kEnableKinesisStreamingDestinationInput =
    Structure("KinesisStreamingDestinationInput", kEnableMembers);
constinit const Shape kDisableKinesisStreamingDestinationInput =
    Structure("KinesisStreamingDestinationInput", kEnableMembers);
constinit const Shape kUpdateKinesisStreamingDestinationInput =
    Structure("UpdateKinesisStreamingDestinationInput", kUpdateMembers);
constinit const Shape kDescribeKinesisStreamingDestinationInput =
    Structure("DescribeKinesisStreamingDestinationInput", kDescribeDestinationMembers);
constinit const Shape kUpdateContributorInsightsInput =
    Structure("UpdateContributorInsightsInput", kUpdateInsightsMembers);
constinit const Shape kDescribeContributorInsightsInput =
    Structure("DescribeContributorInsightsInput", kDescribeInsightsMembers);
constinit const Shape kListContributorInsightsInput = Structure("ListContributorInsightsInput", kListInsightsMembers);

}  // namespace stator::services::dynamodb::model
