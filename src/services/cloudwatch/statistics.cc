#include "services/cloudwatch/statistics.h"

#include <charconv>

#include "errors/cloudwatch.h"
#include "json/lenient.h"

namespace stator::services::cloudwatch {

Result<Statistic> Statistic::Parse(Bytes name) {
  struct Named {
    Bytes name;
    Kind kind;
  };
  constexpr Named kNamed[] = {{"Sum", Kind::kSum},
                              {"Average", Kind::kAverage},
                              {"Minimum", Kind::kMinimum},
                              {"Maximum", Kind::kMaximum},
                              {"SampleCount", Kind::kCount}};
  Statistic statistic;
  for (const Named& named : kNamed) {
    if (named.name != name) continue;
    statistic.kind_ = named.kind;
    return statistic;
  }
  statistic.kind_ = Kind::kPercentile;
  const char* end = name.data() + name.size();
  if (name.size() > 1 && name[0] == 'p') {
    const auto read = std::from_chars(name.data() + 1, end, statistic.percent_, std::chars_format::fixed);
    if (read.ec == std::errc() && read.ptr == end && statistic.percent_ >= 0 && statistic.percent_ <= 100) {
      return statistic;
    }
  }
  return Fail(errors::kMetricStatistic, name);
}

double Statistic::Of(const metrics::Point& point) const {
  switch (kind_) {
    case Kind::kSum:
      return point.sum();
    case Kind::kAverage:
      return point.average();
    case Kind::kMinimum:
      return point.min();
    case Kind::kMaximum:
      return point.max();
    case Kind::kCount:
      return static_cast<double>(point.count());
    case Kind::kPercentile:
      return point.Percentile(percent_);
  }
  return 0;
}

namespace {

// What the dimensions say; of each that is known there is one at most.
struct Dimensions {
  std::string function, table;
  bool resource = false;
  bool unknown = false;
};

Result<Dimensions> ReadDimensions(json::Value metric) {
  Dimensions read;
  const json::Value dimensions = json::Given(metric, "Dimensions");
  if (!dimensions.valid()) return read;
  for (const json::Value dimension : dimensions.elements()) {
    const Bytes key = dimension.Find("Name").text();
    if (key == "FunctionName" || key == "TableName") {
      std::string& value = key == "TableName" ? read.table : read.function;
      if (!value.empty()) return Fail(errors::kMetricDimensions, key);
      value = dimension.Find("Value").text();
    } else if (key == "Resource") {
      if (read.resource) return Fail(errors::kMetricDimensions, key);
      read.resource = true;
    } else {
      read.unknown = true;
    }
  }
  return read;
}

}  // namespace

Result<std::optional<Source>> SourceOf(json::Value metric) {
  STATOR_TRY(const Dimensions dimensions, ReadDimensions(metric));
  const json::Value name_space = json::Given(metric, "Namespace");
  const json::Value name = json::Given(metric, "MetricName");
  Source source;
  const bool known = name_space.valid() && name.valid() && !dimensions.unknown &&
                     metrics::MetricNamed(name_space.text(), name.text(), &source.metric);
  if (!known) return std::optional<Source>();
  if (metrics::NamespaceOf(source.metric) == "AWS/DynamoDB") {
    if (dimensions.table.empty() || !dimensions.function.empty() || dimensions.resource) {
      return std::optional<Source>();
    }
    source.of = metrics::OfTable(dimensions.table);
    return std::optional<Source>(std::move(source));
  }
  // A resource alone names no series.
  if (!dimensions.table.empty() || (dimensions.resource && dimensions.function.empty())) {
    return std::optional<Source>();
  }
  // A table's name is none of a function.
  if (dimensions.function.find('/') != std::string::npos) return std::optional<Source>();
  source.of = dimensions.function;
  return std::optional<Source>(std::move(source));
}

Result<int64_t> MinutesOf(json::Value period) {
  const int64_t seconds = json::WholeNumber(period);
  if (seconds <= 0 || seconds % 60 != 0) return Fail(errors::kMetricPeriod);
  return seconds / 60;
}

std::map<int64_t, metrics::Point> RollUp(const metrics::MetricStore::Series& series, int64_t origin, int64_t period) {
  std::map<int64_t, metrics::Point> periods;
  for (const auto& [minute, point] : series) periods[origin + (minute - origin) / period * period].Merge(point);
  return periods;
}

}  // namespace stator::services::cloudwatch
