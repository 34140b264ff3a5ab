#include "runtime/async_event.h"

#include "base/coding.h"
#include "errors/runtime.h"
#include "json/writer.h"

namespace stator::runtime {
namespace {

constexpr uint8_t kFormat = 1;

}  // namespace

std::string Encode(const StoredEvent& stored) {
  std::string out;
  out.push_back(static_cast<char>(kFormat));
  PutFixed64(&out, static_cast<uint64_t>(stored.accepted.micros));
  PutFixed64(&out, static_cast<uint64_t>(stored.next.micros));
  PutVarint(&out, static_cast<uint64_t>(stored.attempts));
  const AsyncEvent& e = stored.event;
  for (const std::string* text : {&e.function, &e.qualifier, &e.request_id, &e.client_context, &e.payload}) {
    PutLengthPrefixed(&out, *text);
  }
  return out;
}

Result<StoredEvent> Decode(Bytes bytes) {
  StoredEvent stored;
  uint8_t format = 0;
  uint64_t accepted = 0;
  uint64_t next = 0;
  uint64_t attempts = 0;
  bool good = GetByte(&bytes, &format) && format == kFormat && GetFixed64(&bytes, &accepted) &&
              GetFixed64(&bytes, &next) && GetVarint(&bytes, &attempts);
  AsyncEvent& e = stored.event;
  for (std::string* text : {&e.function, &e.qualifier, &e.request_id, &e.client_context, &e.payload}) {
    Bytes part;
    good = good && GetLengthPrefixed(&bytes, &part);
    if (good) text->assign(part);
  }
  if (!good || !bytes.empty()) return Fail(errors::kAsyncEventDamaged);
  stored.accepted.micros = static_cast<int64_t>(accepted);
  stored.next.micros = static_cast<int64_t>(next);
  stored.attempts = static_cast<int>(attempts);
  return stored;
}

std::string RecordOf(const StoredEvent& stored, const functions::Function& function, const Outcome& outcome, Time now) {
  std::string out;
  json::Writer writer(&out);
  writer.BeginObject().Key("version").String("1.0").Key("timestamp").String(FormatIso(now));
  writer.Key("requestContext").BeginObject();
  writer.Key("requestId").String(stored.event.request_id).Key("functionArn").String(function.qualified_arn());
  writer.Key("condition").String(outcome.condition).Key("approximateInvokeCount").Int(outcome.invocations).EndObject();
  writer.Key("requestPayload").Raw(stored.event.payload.empty() ? "{}" : Bytes(stored.event.payload));
  if (!outcome.version.empty()) {
    writer.Key("responseContext").BeginObject().Key("statusCode").Int(200);
    writer.Key("executedVersion").String(outcome.version);
    if (outcome.failed) writer.Key("functionError").String("Unhandled");
    writer.EndObject().Key("responsePayload").Raw(outcome.response.empty() ? "null" : Bytes(outcome.response));
  }
  writer.EndObject();
  return out;
}

}  // namespace stator::runtime
