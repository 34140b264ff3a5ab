#include "cli/logs.h"

#include <algorithm>

#include "client/json_text.h"
#include "errors/client.h"
#include "json/value.h"
#include "json/writer.h"

namespace stator::cli {
namespace {

constexpr int64_t kOverlapMillis = 10'000;

// "2026-11-20T10:00:00.123Z text": a text of several lines stays so.
void AppendLine(std::string* out, int64_t millis, Bytes message) {
  while (message.ends_with('\n') || message.ends_with('\r')) message.remove_suffix(1);
  out->append(FormatIso(Time{millis * 1000})).append(" ").append(message).append("\n");
}

}  // namespace

std::string GroupOfFunction(const std::string& name) {
  return name.find('/') == std::string::npos ? "/aws/lambda/" + name : name;
}

// Gives the token of the next page, empty at the end.
Result<std::string> LogTail::ReadPage(const std::string& token, std::string* lines) {
  std::string body;
  json::Writer out(&body);
  out.BeginObject().Key("logGroupName").String(options_.group);
  out.Key("startTime").Int(std::max(from_, newest_ - kOverlapMillis));
  if (!options_.filter.empty()) out.Key("filterPattern").String(options_.filter);
  if (!token.empty()) out.Key("nextToken").String(token);
  out.EndObject();
  client::ServiceCall call;
  call.service = "logs";
  call.target = "Logs_20140328.FilterLogEvents";
  call.content_type = "application/x-amz-json-1.1";
  call.body = body;
  STATOR_TRY(const std::string answer, client_.Call(call));
  json::Document document;
  STATOR_TRY(const json::Value root, document.Parse(answer));
  const json::Value events = root.is_object() ? root.Find("events") : json::Value();
  if (!events.valid() || !events.is_array()) return Fail(errors::kNotDynamoDb, client_.target().endpoint.url, 200);
  for (const json::Value event : events.elements()) {
    const json::Value time = event.is_object() ? event.Find("timestamp") : json::Value();
    if (!time.valid() || time.kind() != json::Kind::kInteger) continue;
    if (!seen_.emplace(time.integer(), client::TextOf(event, "eventId")).second) continue;
    if (options_.json) {
      client::AppendJson(lines, event);
      lines->push_back('\n');
    } else {
      AppendLine(lines, time.integer(), client::TextOf(event, "message"));
    }
  }
  return std::string(client::TextOf(root, "nextToken"));
}

Status LogTail::Read(const std::function<void(Bytes lines)>& print) {
  std::string token;
  do {
    std::string lines;
    STATOR_TRY(token, ReadPage(token, &lines));
    if (!lines.empty()) print(lines);
  } while (!token.empty());
  // Only now: all pages are of one question.
  if (!seen_.empty()) newest_ = std::max(newest_, seen_.rbegin()->first);
  seen_.erase(seen_.begin(), seen_.lower_bound({newest_ - kOverlapMillis, ""}));
  return {};
}

}  // namespace stator::cli
