#include "triggers/events.h"

#include "json/writer.h"

namespace stator::triggers {
namespace {

// "2026-11-20T10:00:00Z"
std::string IsoSeconds(Time time) { return FormatIso(time).substr(0, 19) + "Z"; }

void AppendRecords(std::string* out, const EventBatch& batch, size_t begin, size_t end) {
  out->append(R"("Records":[)").append(batch.Json(begin, end)).push_back(']');
}

void WriteBatchInfo(json::Writer& out, const EventBatch& batch, size_t begin, size_t end, Bytes shard_id,
                    Bytes stream_arn) {
  const EventBatch::Record& first = batch[begin];
  const EventBatch::Record& last = batch[end - 1];
  out.BeginObject();
  out.Key("shardId").String(shard_id);
  out.Key("startSequenceNumber").String(streams::SequenceNumber(first.position));
  out.Key("endSequenceNumber").String(streams::SequenceNumber(last.position));
  out.Key("approximateArrivalOfFirstRecord").String(IsoSeconds(first.time));
  out.Key("approximateArrivalOfLastRecord").String(IsoSeconds(last.time));
  out.Key("batchSize").Int(static_cast<int64_t>(end - begin));
  out.Key("streamArn").String(stream_arn);
  out.EndObject();
}

void WriteContexts(json::Writer& out, const GivenUp& given_up) {
  const bool too_old = given_up.why == GivenUp::Why::kTooOld;
  out.Key("requestContext").BeginObject();
  out.Key("requestId").String(given_up.request_id);
  out.Key("functionArn").String(given_up.function_arn);
  out.Key("condition").String(too_old ? "RecordAgeExceeded" : "RetryAttemptsExhausted");
  out.Key("approximateInvokeCount").Int(given_up.calls);
  out.EndObject();
  if (too_old) return;
  out.Key("responseContext").BeginObject();
  out.Key("statusCode").Int(200);
  out.Key("executedVersion").String(given_up.executed_version);
  out.Key("functionError").Raw(given_up.function_error ? R"("Unhandled")" : "null");
  out.EndObject();
}

}  // namespace

std::string EventOf(const EventBatch& batch, size_t begin, size_t end) {
  std::string out;
  out.reserve(batch.Json(begin, end).size() + 16);
  out.push_back('{');
  AppendRecords(&out, batch, begin, end);
  out.push_back('}');
  return out;
}

std::string WindowEventOf(const EventBatch& batch, size_t begin, size_t end, const WindowCall& window) {
  std::string text;
  text.push_back('{');
  AppendRecords(&text, batch, begin, end);
  text.push_back(',');
  json::Writer out(&text);
  out.Key("window").BeginObject();
  out.Key("start").String(IsoSeconds(window.start));
  out.Key("end").String(IsoSeconds(window.start + std::chrono::seconds(window.seconds)));
  out.EndObject();
  out.Key("state").Raw(window.state);
  out.Key("shardId").String(window.shard_id);
  out.Key("eventSourceARN").String(window.stream_arn);
  out.Key("isFinalInvokeForWindow").Bool(window.final);
  out.Key("isWindowTerminatedEarly").Bool(window.early);
  text.push_back('}');
  return text;
}

std::string FailureRecord(const GivenUp& given_up, const EventBatch& batch, size_t begin, size_t end, Bytes shard_id,
                          Bytes stream_arn, Time now, bool with_payload) {
  std::string text;
  json::Writer out(&text);
  out.BeginObject();
  WriteContexts(out, given_up);
  out.Key("version").String("1.0");
  out.Key("timestamp").String(FormatIso(now));
  out.Key("DDBStreamBatchInfo");
  WriteBatchInfo(out, batch, begin, end, shard_id, stream_arn);
  if (with_payload) out.Key("payload").Raw(EventOf(batch, begin, end));
  out.EndObject();
  return text;
}

std::string FailureKey(const Mapping& mapping, Bytes shard_id, Time now, Bytes id) {
  std::string second = FormatIso(now).substr(0, 19);  // 2026-11-20T10:00:00
  std::string day = second.substr(0, 10);
  for (char& c : day) c = c == '-' ? '/' : c;
  for (char& c : second) c = c == ':' ? '.' : c;
  std::string key = "aws/lambda/" + mapping.uuid + "/";
  key.append(shard_id).append("/").append(day).append("/").append(second).append("-").append(id);
  return key;
}

}  // namespace stator::triggers
