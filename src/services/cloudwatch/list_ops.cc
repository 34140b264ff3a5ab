// ListMetrics: the series there are, of each function and of all together, and of each table.
#include <charconv>

#include "base/pause.h"
#include "errors/cloudwatch.h"
#include "json/lenient.h"
#include "services/cloudwatch/model.h"
#include "services/cloudwatch/service.h"

namespace stator::services::cloudwatch {
namespace {

using dispatch::Answer;
using dispatch::Call;

constexpr size_t kPage = 500;
constexpr int64_t kListedMinutes = int64_t{60} * 24 * 14;
constexpr int64_t kRecentMinutes = 180;

// Of a function, of all of them (no value), or of a table.
struct Listed {
  metrics::Metric metric;
  Bytes dimension;
  std::string value;
  std::string of;  // as the store names it
};

struct Wanted {
  std::string name_space, metric;
  std::vector<std::pair<std::string, std::optional<std::string>>> dimensions;
  int64_t minutes = kListedMinutes;  // with figures this recent
  size_t skip = 0;

  bool Matches(const Listed& listed) const {
    if (!name_space.empty() && name_space != metrics::NamespaceOf(listed.metric)) return false;
    if (!metric.empty() && metric != metrics::NameOf(listed.metric)) return false;
    for (const auto& [dimension, value] : dimensions) {
      if (listed.value.empty() || dimension != listed.dimension || (value && *value != listed.value)) return false;
    }
    return true;
  }
};

std::string Text(json::Value body, Bytes name) {
  const json::Value value = json::Given(body, name);
  return value.valid() ? std::string(value.text()) : std::string();
}

Result<Wanted> ReadList(json::Value body) {
  Wanted wanted{Text(body, "Namespace"), Text(body, "MetricName"), {}};
  if (const json::Value dimensions = json::Given(body, "Dimensions"); dimensions.valid()) {
    for (const json::Value dimension : dimensions.elements()) {
      auto& [name, value] = wanted.dimensions.emplace_back();
      name = dimension.Find("Name").text();
      if (const json::Value given = json::Given(dimension, "Value"); given.valid()) value = std::string(given.text());
    }
  }
  if (json::Given(body, "RecentlyActive").valid()) wanted.minutes = kRecentMinutes;
  const std::string token = Text(body, "NextToken");
  const char* end = token.data() + token.size();
  if (!token.empty()) {
    const auto read = std::from_chars(token.data(), end, wanted.skip);
    if (read.ec != std::errc() || read.ptr != end) return Fail(errors::kMetricToken);
  }
  return wanted;
}

// Every series that there may be, metric by metric.
std::vector<Listed> All(const metrics::MetricStore& store) {
  const std::vector<std::string> functions = store.Functions();
  const std::vector<std::string> tables = store.Tables();
  std::vector<Listed> all;
  for (size_t i = 0; i < metrics::kMetrics; ++i) {
    const auto metric = static_cast<metrics::Metric>(i);
    if (metrics::NamespaceOf(metric) == "AWS/DynamoDB") {
      for (const std::string& table : tables) all.push_back({metric, "TableName", table, metrics::OfTable(table)});
      continue;
    }
    all.push_back({metric, "FunctionName", "", ""});
    for (const std::string& function : functions) all.push_back({metric, "FunctionName", function, function});
  }
  return all;
}

void WriteMetric(const Listed& listed, json::Writer& out) {
  out.BeginObject().Key("Namespace").String(metrics::NamespaceOf(listed.metric));
  out.Key("MetricName").String(metrics::NameOf(listed.metric)).Key("Dimensions").BeginArray();
  if (!listed.value.empty()) {
    out.BeginObject().Key("Name").String(listed.dimension).Key("Value").String(listed.value).EndObject();
  }
  out.EndArray().EndObject();
}

Answer RunList(Needs needs, const Wanted& wanted, int64_t now) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Metrics").BeginArray();
  size_t at = 0;
  size_t written = 0;
  bool more = false;
  for (const Listed& listed : All(needs.store)) {
    if (!wanted.Matches(listed)) continue;
    STATOR_TRY(const auto series, needs.store.Read(listed.of, listed.metric, now - wanted.minutes, now + 1));
    if (series.empty() || at++ < wanted.skip) continue;
    more = written == kPage;
    if (more) break;
    WriteMetric(listed, out);
    ++written;
  }
  out.EndArray();
  if (more) out.Key("NextToken").String(std::to_string(wanted.skip + written));
  out.EndObject();
  return reply;
}

Task<Answer> ListMetrics(Needs needs, const Call& call) {
  const Result<Wanted> wanted = ReadList(call.body);
  if (!wanted.ok()) co_return Answer(wanted.error());
  const int64_t now = call.now.seconds() / 60;
  co_await ToWorker(needs.workers);
  Answer answer = RunList(needs, *wanted, now);
  co_await ToLane(call.lane);
  co_return answer;
}

}  // namespace

void RegisterListOps(dispatch::Registry& registry, Needs needs) {
  AddOperation(registry, needs, "ListMetrics", model::kListMetricsInput, model::kListMetricsOutput, ListMetrics);
}

}  // namespace stator::services::cloudwatch
