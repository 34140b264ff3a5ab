#include "services/cloudwatch/model.h"

#include "dispatch/shape_make.h"

namespace stator::services::cloudwatch::model {
namespace {

using dispatch::Shape;
using dispatch::ShapeMember;
using namespace dispatch::make;  // NOLINT(google-build-using-namespace): a table of shapes

constexpr Shape kNamespace = String("Namespace", 1, 255);
constexpr Shape kMetricName = String("MetricName", 1, 255);
constexpr Shape kDimensionName = String("DimensionName", 1, 255);
constexpr Shape kDimensionValue = String("DimensionValue", 1, 1024);
constexpr Shape kText = String("String");
constexpr Shape kStat = String("Stat");
constexpr Shape kToken = String("NextToken", 0, 1024);
constexpr Shape kPeriod = Integer("Period", 1);
constexpr Shape kMaxDatapoints = Integer("GetMetricDataMaxDatapoints");
constexpr Shape kFlag = Boolean("Boolean");
constexpr Shape kTime = {.kind = Shape::Kind::kTimestamp, .model_name = "Timestamp"};
constexpr Shape kNumber = {.kind = Shape::Kind::kDouble, .model_name = "DatapointValue"};
constexpr std::string_view kOrders[] = {"TimestampDescending", "TimestampAscending"};
constexpr Shape kScanBy = Enum("ScanBy", kOrders);
constexpr std::string_view kStatisticNames[] = {"SampleCount", "Average", "Sum", "Minimum", "Maximum"};
constexpr Shape kStatistic = Enum("Statistic", kStatisticNames);
constexpr Shape kStatistics = List("Statistics", &kStatistic, 1, 5);
constexpr Shape kExtendedStatistics = List("ExtendedStatistics", &kText, 1, 10);
constexpr std::string_view kRecent[] = {"PT3H"};
constexpr Shape kRecentlyActive = Enum("RecentlyActive", kRecent);

constexpr ShapeMember kDimensionMembers[] = {{"Name", &kDimensionName, true}, {"Value", &kDimensionValue, true}};
constexpr Shape kDimension = Structure("Dimension", kDimensionMembers);
constexpr Shape kDimensions = List("Dimensions", &kDimension, 0, 30);
constexpr ShapeMember kDimensionFilterMembers[] = {{"Name", &kDimensionName, true}, {"Value", &kDimensionValue}};
constexpr Shape kDimensionFilter = Structure("DimensionFilter", kDimensionFilterMembers);
constexpr Shape kDimensionFilters = List("DimensionFilters", &kDimensionFilter, 0, 30);
constexpr ShapeMember kMetricMembers[] = {
    {"Namespace", &kNamespace}, {"MetricName", &kMetricName}, {"Dimensions", &kDimensions}};
constexpr Shape kMetric = Structure("Metric", kMetricMembers);
constexpr ShapeMember kMetricStatMembers[] = {
    {"Metric", &kMetric, true}, {"Period", &kPeriod, true}, {"Stat", &kStat, true}, {"Unit", &kText}};
constexpr Shape kMetricStat = Structure("MetricStat", kMetricStatMembers);
constexpr Shape kId = String("MetricId", 1, 255);
constexpr ShapeMember kQueryMembers[] = {{"Id", &kId, true},   {"MetricStat", &kMetricStat}, {"Expression", &kText},
                                         {"Label", &kText},    {"ReturnData", &kFlag},       {"Period", &kPeriod},
                                         {"AccountId", &kText}};
constexpr Shape kQuery = Structure("MetricDataQuery", kQueryMembers);
constexpr Shape kQueries = List("MetricDataQueries", &kQuery, 0, 500);

constexpr ShapeMember kDataMembers[] = {{"MetricDataQueries", &kQueries, true},
                                        {"StartTime", &kTime, true},
                                        {"EndTime", &kTime, true},
                                        {"NextToken", &kToken},
                                        {"ScanBy", &kScanBy},
                                        {"MaxDatapoints", &kMaxDatapoints}};
constexpr Shape kTimes = List("Timestamps", &kTime);
constexpr Shape kValues = List("DatapointValues", &kNumber);
constexpr ShapeMember kResultMembers[] = {
    {"Id", &kText}, {"Label", &kText}, {"Timestamps", &kTimes}, {"Values", &kValues}, {"StatusCode", &kText}};
constexpr Shape kResult = Structure("MetricDataResult", kResultMembers);
constexpr Shape kResults = List("MetricDataResults", &kResult);
constexpr ShapeMember kDataOutMembers[] = {{"MetricDataResults", &kResults}};

constexpr ShapeMember kStatisticsMembers[] = {{"Namespace", &kNamespace, true},
                                              {"MetricName", &kMetricName, true},
                                              {"Dimensions", &kDimensions},
                                              {"StartTime", &kTime, true},
                                              {"EndTime", &kTime, true},
                                              {"Period", &kPeriod, true},
                                              {"Statistics", &kStatistics},
                                              {"ExtendedStatistics", &kExtendedStatistics},
                                              {"Unit", &kText}};
constexpr Shape kExtended = Map("DatapointValueMap", &kNumber);
constexpr ShapeMember kPointMembers[] = {{"Timestamp", &kTime}, {"ExtendedStatistics", &kExtended}};
constexpr Shape kPoint = Structure("Datapoint", kPointMembers);
constexpr Shape kPoints = List("Datapoints", &kPoint);
constexpr ShapeMember kStatisticsOutMembers[] = {{"Label", &kText}, {"Datapoints", &kPoints}};

constexpr ShapeMember kListMembers[] = {{"Namespace", &kNamespace},
                                        {"MetricName", &kMetricName},
                                        {"Dimensions", &kDimensionFilters},
                                        {"NextToken", &kToken},
                                        {"RecentlyActive", &kRecentlyActive}};
constexpr Shape kMetrics = List("Metrics", &kMetric);
constexpr ShapeMember kListOutMembers[] = {{"Metrics", &kMetrics}};

}  // namespace

constinit const Shape kGetMetricDataInput = Structure("GetMetricDataInput", kDataMembers);
constinit const Shape kGetMetricDataOutput = Structure("GetMetricDataOutput", kDataOutMembers);
constinit const Shape kGetMetricStatisticsInput = Structure("GetMetricStatisticsInput", kStatisticsMembers);
constinit const Shape kGetMetricStatisticsOutput = Structure("GetMetricStatisticsOutput", kStatisticsOutMembers);
constinit const Shape kListMetricsInput = Structure("ListMetricsInput", kListMembers);
constinit const Shape kListMetricsOutput = Structure("ListMetricsOutput", kListOutMembers);

}  // namespace stator::services::cloudwatch::model
