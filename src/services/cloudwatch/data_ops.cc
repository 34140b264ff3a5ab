// GetMetricData and GetMetricStatistics.
#include <algorithm>
#include <cmath>
#include <set>

#include "base/pause.h"
#include "errors/cloudwatch.h"
#include "json/lenient.h"
#include "services/cloudwatch/model.h"
#include "services/cloudwatch/service.h"
#include "services/cloudwatch/statistics.h"

namespace stator::services::cloudwatch {
namespace {

using dispatch::Answer;
using dispatch::Call;
using Series = metrics::MetricStore::Series;

constexpr int64_t kMostPoints = 1440;  // of GetMetricStatistics
constexpr double kLatest = 1e11;       // seconds since 1970
constexpr int64_t kMostRangeMinutes = int64_t{60} * 24 * 500;

// [from, to) in minutes.
struct Span {
  int64_t from = 0, to = 0;
};

Result<Span> ReadSpan(json::Value body) {
  const double start = body.Find("StartTime").real();
  const double end = body.Find("EndTime").real();
  if (!(start < end)) return Fail(errors::kMetricTimes);
  const auto minute = [](double seconds) { return std::clamp(seconds, 0.0, kLatest) / 60; };
  Span span{static_cast<int64_t>(std::floor(minute(start))), static_cast<int64_t>(std::ceil(minute(end)))};
  span.to = std::max(span.to, span.from + 1);
  span.from = std::max(span.from, span.to - kMostRangeMinutes);
  return span;
}

// --- GetMetricData ---

struct DataQuery {
  std::string id, label;
  std::optional<Source> source;
  Statistic statistic;
  int64_t period = 1;  // minutes
};

bool IsId(Bytes id) {
  for (const char c : id) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return !id.empty() && id[0] >= 'a' && id[0] <= 'z';
}

Result<DataQuery> ReadQuery(json::Value value) {
  DataQuery query;
  query.id = value.Find("Id").text();
  const json::Value stat = json::Given(value, "MetricStat");
  if (!stat.valid() || json::Given(value, "Expression").valid()) return Fail(errors::kMetricQuery, query.id);
  if (!IsId(query.id)) return Fail(errors::kMetricQueryId, query.id);
  const json::Value metric = stat.Find("Metric");
  STATOR_TRY(query.source, SourceOf(metric));
  STATOR_TRY(query.statistic, Statistic::Parse(stat.Find("Stat").text()));
  STATOR_TRY(query.period, MinutesOf(stat.Find("Period")));
  if (const json::Value label = json::Given(value, "Label"); label.valid()) {
    query.label = label.text();
  } else if (const json::Value name = json::Given(metric, "MetricName"); name.valid()) {
    query.label = name.text();
  }
  return query;
}

struct DataRequest {
  Span span;
  bool ascending = false;
  std::vector<DataQuery> queries;  // those that return data
};

Result<DataRequest> ReadData(json::Value body) {
  DataRequest request;
  STATOR_TRY(request.span, ReadSpan(body));
  if (json::Given(body, "NextToken").valid()) return Fail(errors::kMetricToken);
  const json::Value order = json::Given(body, "ScanBy");
  request.ascending = order.valid() && order.text() == "TimestampAscending";
  std::set<std::string> ids;
  for (const json::Value value : body.Find("MetricDataQueries").elements()) {
    STATOR_TRY(DataQuery query, ReadQuery(value));
    if (!ids.insert(query.id).second) return Fail(errors::kMetricQueryId, query.id);
    const json::Value wanted = json::Given(value, "ReturnData");
    if (!wanted.valid() || json::Truth(wanted)) request.queries.push_back(std::move(query));
  }
  return request;
}

void WriteResult(const DataQuery& query, bool ascending, const std::map<int64_t, metrics::Point>& points,
                 json::Writer& out) {
  std::vector<std::pair<int64_t, double>> values;
  values.reserve(points.size());
  for (const auto& [minute, point] : points) values.emplace_back(minute, query.statistic.Of(point));
  if (!ascending) std::reverse(values.begin(), values.end());
  out.BeginObject().Key("Id").String(query.id).Key("Label").String(query.label).Key("Timestamps").BeginArray();
  for (const auto& [minute, value] : values) out.Int(minute * 60);
  out.EndArray().Key("Values").BeginArray();
  for (const auto& [minute, value] : values) out.Double(value);
  out.EndArray().Key("StatusCode").String("Complete").EndObject();
}

Answer RunData(Needs needs, const DataRequest& request) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("MetricDataResults").BeginArray();
  for (const DataQuery& query : request.queries) {
    // Periods are whole ones of the calendar.
    const int64_t from = request.span.from / query.period * query.period;
    Series series;
    if (query.source) {
      STATOR_TRY(series, needs.store.Read(query.source->of, query.source->metric, from, request.span.to));
    }
    WriteResult(query, request.ascending, RollUp(series, from, query.period), out);
  }
  out.EndArray().Key("Messages").BeginArray().EndArray().EndObject();
  return reply;
}

Task<Answer> GetMetricData(Needs needs, const Call& call) {
  const Result<DataRequest> request = ReadData(call.body);
  if (!request.ok()) co_return Answer(request.error());
  co_await ToWorker(needs.workers);
  Answer answer = RunData(needs, *request);
  co_await ToLane(call.lane);
  co_return answer;
}

// --- GetMetricStatistics ---

struct StatisticsRequest {
  Span span;
  std::optional<Source> source;
  std::string label;
  int64_t period = 1;
  std::vector<std::pair<std::string, Statistic>> plain, extended;
};

Result<StatisticsRequest> ReadStatistics(json::Value body) {
  StatisticsRequest request;
  STATOR_TRY(request.span, ReadSpan(body));
  STATOR_TRY(request.source, SourceOf(body));
  STATOR_TRY(request.period, MinutesOf(body.Find("Period")));
  request.label = body.Find("MetricName").text();
  const auto read = [body](Bytes name, auto* list) -> Status {
    const json::Value names = json::Given(body, name);
    if (!names.valid()) return {};
    for (const json::Value each : names.elements()) {
      STATOR_TRY(const Statistic statistic, Statistic::Parse(each.text()));
      list->emplace_back(each.text(), statistic);
    }
    return {};
  };
  STATOR_OK(read("Statistics", &request.plain));
  STATOR_OK(read("ExtendedStatistics", &request.extended));
  if (request.plain.empty() && request.extended.empty()) return Fail(errors::kMetricNoStatistics);
  const int64_t points = (request.span.to - request.span.from + request.period - 1) / request.period;
  if (points > kMostPoints) return Fail(errors::kMetricTooManyPoints, points, kMostPoints);
  return request;
}

Answer RunStatistics(Needs needs, const StatisticsRequest& request) {
  Series series;
  if (request.source) {
    const Source& source = *request.source;
    STATOR_TRY(series, needs.store.Read(source.of, source.metric, request.span.from, request.span.to));
  }
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Label").String(request.label).Key("Datapoints").BeginArray();
  for (const auto& [minute, point] : RollUp(series, request.span.from, request.period)) {
    out.BeginObject().Key("Timestamp").Int(minute * 60);
    for (const auto& [name, statistic] : request.plain) out.Key(name).Double(statistic.Of(point));
    if (!request.extended.empty()) {
      out.Key("ExtendedStatistics").BeginObject();
      for (const auto& [name, statistic] : request.extended) out.Key(name).Double(statistic.Of(point));
      out.EndObject();
    }
    out.Key("Unit").String(metrics::UnitOf(request.source->metric)).EndObject();
  }
  out.EndArray().EndObject();
  return reply;
}

Task<Answer> GetMetricStatistics(Needs needs, const Call& call) {
  const Result<StatisticsRequest> request = ReadStatistics(call.body);
  if (!request.ok()) co_return Answer(request.error());
  co_await ToWorker(needs.workers);
  Answer answer = RunStatistics(needs, *request);
  co_await ToLane(call.lane);
  co_return answer;
}

}  // namespace

void RegisterDataOps(dispatch::Registry& registry, Needs needs) {
  AddOperation(registry, needs, "GetMetricData", model::kGetMetricDataInput, model::kGetMetricDataOutput,
               GetMetricData);
  AddOperation(registry, needs, "GetMetricStatistics", model::kGetMetricStatisticsInput,
               model::kGetMetricStatisticsOutput, GetMetricStatistics);
}

}  // namespace stator::services::cloudwatch
