// From minutes to what was asked for: which series, statistics, periods.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "errors/result.h"
#include "json/value.h"
#include "metrics/metric_store.h"

namespace stator::services::cloudwatch {

// "Sum", "Average", "Minimum", "Maximum", "SampleCount", or a percentile "p99.9".
class Statistic {
 public:
  // kMetricStatistic for any other name.
  static Result<Statistic> Parse(Bytes name);
  double Of(const metrics::Point& point) const;

 private:
  enum class Kind : uint8_t { kSum, kAverage, kMinimum, kMaximum, kCount, kPercentile };
  Kind kind_ = Kind::kSum;
  double percent_ = 0;
};

// What a request names. Not set: nothing is known under that name, and there are no figures.
struct Source {
  metrics::Metric metric{};
  std::string of;  // as the store names it; empty: all functions
};
// `metric` has Namespace, MetricName and Dimensions: of AWS/Lambda FunctionName, or FunctionName and
// Resource, or none; of AWS/DynamoDB TableName.
Result<std::optional<Source>> SourceOf(json::Value metric);

// A positive multiple of 60, in minutes; kMetricPeriod.
Result<int64_t> MinutesOf(json::Value period);

// Sums minutes up into periods that begin at `origin` and every `period` minutes.
std::map<int64_t, metrics::Point> RollUp(const metrics::MetricStore::Series& series, int64_t origin, int64_t period);

}  // namespace stator::services::cloudwatch
