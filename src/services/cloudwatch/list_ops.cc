// ListMetrics: the series there are, of each function and of all together.
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

struct Wanted {
  std::string name_space, metric;
  std::vector<std::pair<std::string, std::optional<std::string>>> dimensions;
  int64_t minutes = kListedMinutes;  // with figures this recent
  size_t skip = 0;

  bool Matches(Bytes name, Bytes function) const {
    if (!name_space.empty() && name_space != "AWS/Lambda") return false;
    if (!metric.empty() && metric != name) return false;
    for (const auto& [dimension, value] : dimensions) {
      if (function.empty() || dimension != "FunctionName" || (value && *value != function)) return false;
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

void WriteMetric(Bytes name, Bytes function, json::Writer& out) {
  out.BeginObject().Key("Namespace").String("AWS/Lambda").Key("MetricName").String(name);
  out.Key("Dimensions").BeginArray();
  if (!function.empty()) {
    out.BeginObject().Key("Name").String("FunctionName").Key("Value").String(function).EndObject();
  }
  out.EndArray().EndObject();
}

Answer RunList(Needs needs, const Wanted& wanted, int64_t now) {
  std::vector<std::string> functions = needs.store.Functions();
  functions.insert(functions.begin(), "");  // all together
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Metrics").BeginArray();
  size_t at = 0;
  size_t listed = 0;
  bool more = false;
  for (size_t i = 0; i < metrics::kFunctionMetrics && !more; ++i) {
    const auto metric = static_cast<metrics::FunctionMetric>(i);
    for (const std::string& function : functions) {
      if (!wanted.Matches(metrics::NameOf(metric), function)) continue;
      STATOR_TRY(const auto series, needs.store.Read(function, metric, now - wanted.minutes, now + 1));
      if (series.empty() || at++ < wanted.skip) continue;
      more = listed == kPage;
      if (more) break;
      WriteMetric(metrics::NameOf(metric), function, out);
      ++listed;
    }
  }
  out.EndArray();
  if (more) out.Key("NextToken").String(std::to_string(wanted.skip + listed));
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
