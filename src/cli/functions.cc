#include "cli/functions.h"

#include <algorithm>
#include <cmath>

#include "cli/columns.h"
#include "cli/span.h"
#include "client/json_text.h"
#include "client/progress.h"
#include "client/retry.h"
#include "errors/client.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::cli {
namespace {

constexpr int64_t kRecentHours = 3;
constexpr int64_t kKeptHours = 15 * 24;

Error NotOurs(const client::Client& client) { return Fail(errors::kNotDynamoDb, client.target().endpoint.url, 200); }

Result<std::string> Get(client::Client& client, std::string path, std::string query) {
  client::ServiceCall call;
  call.service = "lambda";
  call.method = "GET";
  call.path = std::move(path);
  call.query = std::move(query);
  return client.Call(call);
}

Result<std::string> AskCloudWatch(client::Client& client, const std::string& operation, Bytes body) {
  client::ServiceCall call;
  call.service = "monitoring";
  call.target = "GraniteServiceVersion20100801." + operation;
  call.body = body;
  return client.Call(call);
}

// What is asked for of something that is no object is not there.
json::Value MemberOf(json::Value value, Bytes name) { return value.is_object() ? value.Find(name) : json::Value(); }

// Letters, digits, - and _ are what names are made of; anything else would have been refused.
std::string Path(const std::string& name) { return "/2015-03-31/functions/" + name; }

// A page of functions; gives the marker of the next one, empty at the end.
Result<std::string> ReadPage(client::Client& client, const std::string& marker, std::vector<FunctionRow>* rows) {
  const std::string query = marker.empty() ? "MaxItems=50" : "Marker=" + marker + "&MaxItems=50";
  STATOR_TRY(const std::string answer, Get(client, "/2015-03-31/functions/", query));
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answer));
  const json::Value list = MemberOf(root, "Functions");
  if (!list.valid() || !list.is_array()) return NotOurs(client);
  for (const json::Value each : list.elements()) {
    if (!each.is_object()) return NotOurs(client);
    FunctionRow& row = rows->emplace_back();
    row.name = client::TextOf(each, "FunctionName");
    row.runtime = client::TextOf(each, "Runtime");
    const json::Value logging = each.Find("LoggingConfig");
    if (logging.valid() && logging.is_object()) row.log_group = client::TextOf(logging, "LogGroup");
  }
  return std::string(client::TextOf(root, "NextMarker"));
}

// False: the function is gone meanwhile.
Result<bool> ReadState(client::Client& client, FunctionRow* row) {
  const auto answer = Get(client, Path(row->name) + "/configuration", "");
  if (!answer.ok()) {
    if (client::IsRemote(answer.error(), "ResourceNotFoundException")) return false;
    return answer.error();
  }
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(*answer));
  if (!root.is_object()) return NotOurs(client);
  row->state = client::TextOf(root, "State");
  if (client::TextOf(root, "LastUpdateStatus") == "InProgress") row->state = "Updating";
  if (client::TextOf(root, "LastUpdateStatus") == "Failed") row->state = "Update failed";
  return true;
}

void WriteMetric(json::Writer& out, const std::string& function, Bytes metric) {
  out.Key("Namespace").String("AWS/Lambda").Key("MetricName").String(metric).Key("Dimensions").BeginArray();
  out.BeginObject().Key("Name").String("FunctionName").Key("Value").String(function).EndObject().EndArray();
}

struct Figures {
  bool any = false;
  double sum = 0, average = 0, maximum = 0, p99 = 0;
};

double NumberOf(json::Value object, Bytes name) {
  const json::Value value = object.Find(name);
  return value.valid() && value.is_number() ? value.real() : 0;
}

// Everything since `since` as one point: the period is the whole time.
Result<Figures> ReadFigures(client::Client& client, const std::string& function, Bytes metric, Time now,
                            Duration since) {
  const int64_t minutes = since.count() / 60'000'000 + 1;
  const int64_t end = (now.seconds() / 60 + 1) * 60;
  std::string body;
  json::Writer out(&body);
  out.BeginObject();
  WriteMetric(out, function, metric);
  out.Key("StartTime").Int(end - minutes * 60).Key("EndTime").Int(end).Key("Period").Int(minutes * 60);
  out.Key("Statistics").BeginArray().String("Sum").String("Average").String("Maximum").EndArray();
  out.Key("ExtendedStatistics").BeginArray().String("p99").EndArray().EndObject();
  STATOR_TRY(const std::string answer, AskCloudWatch(client, "GetMetricStatistics", body));
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answer));
  const json::Value points = MemberOf(root, "Datapoints");
  if (!points.valid() || !points.is_array()) return NotOurs(client);
  Figures figures;
  for (const json::Value point : points.elements()) {
    if (!point.is_object()) return NotOurs(client);
    figures = {true, NumberOf(point, "Sum"), NumberOf(point, "Average"), NumberOf(point, "Maximum"), 0};
    const json::Value extended = point.Find("ExtendedStatistics");
    if (extended.valid() && extended.is_object()) figures.p99 = NumberOf(extended, "p99");
  }
  return figures;
}

// When the newest period of the last `hours` with an invocation began.
Result<std::optional<int64_t>> NewestInvocation(client::Client& client, const std::string& function, Time now,
                                                int64_t hours, int64_t period) {
  std::string body;
  json::Writer out(&body);
  out.BeginObject().Key("StartTime").Int(now.seconds() - hours * 3600).Key("EndTime").Int(now.seconds() + 60);
  out.Key("MetricDataQueries").BeginArray().BeginObject().Key("Id").String("last");
  out.Key("MetricStat").BeginObject().Key("Metric").BeginObject();
  WriteMetric(out, function, "Invocations");
  out.EndObject().Key("Period").Int(period).Key("Stat").String("Sum").EndObject().EndObject().EndArray().EndObject();
  STATOR_TRY(const std::string answer, AskCloudWatch(client, "GetMetricData", body));
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answer));
  const json::Value results = MemberOf(root, "MetricDataResults");
  if (!results.valid() || !results.is_array()) return NotOurs(client);
  for (const json::Value result : results.elements()) {
    const json::Value times = result.is_object() ? result.Find("Timestamps") : json::Value();
    if (!times.valid() || !times.is_array()) return NotOurs(client);
    for (const json::Value time : times.elements()) {
      if (time.is_number()) return std::optional<int64_t>(static_cast<int64_t>(time.real()));
    }
  }
  return std::optional<int64_t>();
}

// When the function's log got its newest line; its streams are its own only in the group that bears its name.
Result<std::optional<int64_t>> NewestLine(client::Client& client, const FunctionRow& row) {
  if (row.log_group != "/aws/lambda/" + row.name) return std::optional<int64_t>();
  std::string body;
  json::Writer out(&body);
  out.BeginObject().Key("logGroupName").String(row.log_group).Key("orderBy").String("LastEventTime");
  out.Key("descending").Bool(true).Key("limit").Int(1).EndObject();
  client::ServiceCall call;
  call.service = "logs";
  call.target = "Logs_20140328.DescribeLogStreams";
  call.content_type = "application/x-amz-json-1.1";
  call.body = body;
  const auto answer = client.Call(call);
  if (!answer.ok()) {
    if (client::IsRemote(answer.error(), "ResourceNotFoundException")) return std::optional<int64_t>();
    return answer.error();
  }
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(*answer));
  const json::Value streams = MemberOf(root, "logStreams");
  if (!streams.valid() || !streams.is_array()) return NotOurs(client);
  for (const json::Value stream : streams.elements()) {
    const json::Value time = MemberOf(stream, "lastEventTimestamp");
    if (time.valid() && time.kind() == json::Kind::kInteger) return std::optional<int64_t>(time.integer() / 1000);
  }
  return std::optional<int64_t>();
}

// Figures know the minute only, the log the second.
Result<std::optional<int64_t>> LastInvoked(client::Client& client, const FunctionRow& row, Time now) {
  STATOR_TRY(const std::optional<int64_t> line, NewestLine(client, row));
  if (line) return line;
  STATOR_TRY(const std::optional<int64_t> minute, NewestInvocation(client, row.name, now, kRecentHours, 60));
  if (minute) return minute;
  return NewestInvocation(client, row.name, now, kKeptHours, 3600);
}

Status FillIn(client::Client& client, Time now, Duration since, FunctionRow* row) {
  const auto read = [&](Bytes metric) { return ReadFigures(client, row->name, metric, now, since); };
  STATOR_TRY(const Figures invocations, read("Invocations"));
  STATOR_TRY(const Figures errors, read("Errors"));
  STATOR_TRY(const Figures throttles, read("Throttles"));
  STATOR_TRY(const Figures duration, read("Duration"));
  STATOR_TRY(const Figures age, read("IteratorAge"));
  row->invocations = invocations.sum;
  row->errors = errors.sum;
  row->throttles = throttles.sum;
  if (duration.any) row->average = duration.average;
  if (duration.any) row->p99 = duration.p99;
  if (age.any) row->iterator_age = age.maximum;
  STATOR_TRY(row->last_invoked, LastInvoked(client, *row, now));
  return {};
}

std::string Count(double number) { return client::Grouped(static_cast<uint64_t>(std::llround(number))); }
std::string MaybeMillis(const std::optional<double>& millis) { return millis ? Millis(*millis) : "-"; }

}  // namespace

Result<std::vector<FunctionRow>> ReadFunctions(client::Client& client, Time now, Duration since) {
  std::vector<FunctionRow> all;
  std::string marker;
  do {
    STATOR_TRY(marker, ReadPage(client, marker, &all));
  } while (!marker.empty());
  std::vector<FunctionRow> rows;
  for (FunctionRow& row : all) {
    STATOR_TRY(const bool there, ReadState(client, &row));
    if (!there) continue;
    STATOR_OK(FillIn(client, now, since, &row));
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(), [](const FunctionRow& a, const FunctionRow& b) { return a.name < b.name; });
  return rows;
}

std::string FunctionsTable(const std::vector<FunctionRow>& rows, Time now) {
  if (rows.empty()) return "no functions\n";
  std::vector<Cells> lines{{"FUNCTION", "RUNTIME", "STATE", "INVOCATIONS", "ERRORS", "THROTTLES", "AVERAGE", "P99",
                            "ITERATOR AGE", "LAST INVOKED"}};
  for (const FunctionRow& row : rows) {
    const std::string last = row.last_invoked ? Ago(now - Time{*row.last_invoked * 1'000'000}) : std::string("never");
    lines.push_back({row.name, row.runtime, row.state, Count(row.invocations), Count(row.errors), Count(row.throttles),
                     MaybeMillis(row.average), MaybeMillis(row.p99), MaybeMillis(row.iterator_age), last});
  }
  return Align(lines, 3);
}

std::string FunctionsJson(const std::vector<FunctionRow>& rows) {
  std::string text;
  json::Writer out(&text);
  const auto maybe = [&out](Bytes name, const std::optional<double>& value) {
    if (value) out.Key(name).Double(*value);
  };
  out.BeginObject().Key("Functions").BeginArray();
  for (const FunctionRow& row : rows) {
    out.BeginObject().Key("FunctionName").String(row.name).Key("Runtime").String(row.runtime);
    out.Key("State").String(row.state).Key("Invocations").Int(std::llround(row.invocations));
    out.Key("Errors").Int(std::llround(row.errors)).Key("Throttles").Int(std::llround(row.throttles));
    maybe("DurationAverage", row.average);
    maybe("DurationP99", row.p99);
    maybe("IteratorAge", row.iterator_age);
    if (row.last_invoked) out.Key("LastInvoked").Int(*row.last_invoked);
    out.EndObject();
  }
  out.EndArray().EndObject();
  return text + "\n";
}

}  // namespace stator::cli
