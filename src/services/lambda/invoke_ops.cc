// Invoke: notes/lambda.md, section 1.6.
#include "base/base64.h"
#include "base/random.h"
#include "errors/dispatch.h"
#include "errors/functions.h"
#include "services/lambda/describe.h"
#include "services/lambda/lookup.h"
#include "services/lambda/model.h"

namespace stator::services::lambda {
namespace {

using dispatch::Answer;
using dispatch::Call;
using functions::FunctionRef;
using runtime::Invoked;

constexpr size_t kSyncBytes = 6'291'456;
constexpr size_t kEventBytes = 1'048'576;
constexpr char kRequestId[] = "x-amzn-RequestId";

enum class Type : uint8_t { kRequestResponse, kEvent, kDryRun };

struct ThrottleDetail : ErrorDetail {
  explicit ThrottleDetail(const char* why) : reason(why) {}
  std::string reason;
};

// --- Act. ---

Result<Type> ReadType(const http::RequestHead& head) {
  const Bytes type = head.Find("x-amz-invocation-type");
  if (type.empty() || type == "RequestResponse") return Type::kRequestResponse;
  if (type == "Event") return Type::kEvent;
  if (type == "DryRun") return Type::kDryRun;
  const std::string piece = Fail(errors::kMemberNotInEnum, "Event, RequestResponse, DryRun").text;
  const std::string fault = Fail(errors::kConstraintAt, " '" + std::string(type) + "'", "invocationType", piece).text;
  return Fail(errors::kConstraints, 1, "", fault);
}

// The payload is handed on as it came, once it is known to be JSON.
Result<std::string> ReadPayload(Bytes body, Type type) {
  if (type == Type::kEvent && body.size() > kEventBytes) {
    return Fail(errors::kPayloadTooLarge, body.size(), "Event", kEventBytes);
  }
  if (body.empty()) return std::string("{}");
  thread_local json::Document document;
  if (!document.Parse(body).ok()) return Fail(errors::kPayloadNotJson, "the payload is malformed");
  return std::string(body);
}

Result<std::string> ReadClientContext(const http::RequestHead& head) {
  std::string context;
  const Bytes header = head.Find("x-amz-client-context");
  if (header.empty()) return context;
  json::Document document;
  if (!AppendFromBase64(&context, header)) return Fail(errors::kClientContextInvalid);
  const auto parsed = document.Parse(context);
  if (!parsed.ok() || !parsed->is_object()) return Fail(errors::kClientContextInvalid);
  return context;
}

struct Request {
  Type type;
  functions::Name name;
  FunctionRef function;
  std::string arn;  // with the qualifier the caller used
  std::string payload;
  std::string client_context;
  bool tail;
};

Result<Request> ReadRequest(const Needs& needs, const Call& call) {
  const http::RequestHead& head = call.request->head;
  Request request{};
  STATOR_TRY(request.type, ReadType(head));
  STATOR_TRY(request.name, NameOf(needs, call));
  const functions::Name& name = request.name;
  request.function = needs.functions.Resolve(name.name, name.qualifier);
  if (!request.function) {
    functions::Name missing = name;
    if (missing.qualifier.empty()) missing.qualifier = "$LATEST";
    return NotFound(call, missing);
  }
  STATOR_TRY(request.payload, ReadPayload(call.request->body, request.type));
  STATOR_TRY(request.client_context, ReadClientContext(head));
  if (!request.function->updated && IsChanging(*request.function, call.now)) return Fail(errors::kFunctionPending);
  request.arn = request.function->arn;
  if (!name.qualifier.empty()) request.arn.append(":").append(name.qualifier);
  request.tail = head.Find("x-amz-log-type") == "Tail";
  return request;
}

Error Throttled(const Invoked& invoked) {
  Error error = Fail(errors::kThrottled);
  error.detail = std::make_shared<ThrottleDetail>(invoked.throttle_reason);
  return error;
}

void WriteDetail(const ErrorDetail& detail, json::Writer& out) {
  if (const auto* throttle = dynamic_cast<const ThrottleDetail*>(&detail)) out.Key("Reason").String(throttle->reason);
}

// --- Read fields, run, reply. ---

Task<Answer> RunNow(Needs needs, const Call& call, Request request) {
  runtime::Invocation invocation{.function = request.function,
                                 .invoked_arn = std::move(request.arn),
                                 .payload = std::move(request.payload),
                                 .request_id = NewUuid(),
                                 .client_context = std::move(request.client_context),
                                 .log_tail = request.tail};
  Invoked invoked = co_await needs.invoker.Invoke(std::move(invocation), call.lane);
  if (invoked.kind == Invoked::Kind::kThrottled) co_return Answer(Throttled(invoked));
  auto& headers = call.reply->headers;
  headers.emplace_back(kRequestId, invoked.request_id);
  headers.emplace_back("X-Amz-Executed-Version", invoked.executed_version);
  if (invoked.kind == Invoked::Kind::kFailed) headers.emplace_back("X-Amz-Function-Error", "Unhandled");
  if (request.tail) headers.emplace_back("X-Amz-Log-Result", Base64(invoked.log_tail));
  co_return std::move(invoked.payload);
}

Task<Answer> RunLater(Needs needs, const Call& call, Request request) {
  const std::string request_id = NewUuid();
  runtime::AsyncEvent event{.function = request.name.name,
                            .qualifier = request.name.qualifier,
                            .payload = std::move(request.payload),
                            .request_id = request_id,
                            .client_context = std::move(request.client_context)};
  const Status accepted = co_await needs.events.Accept(std::move(event), call.lane);
  if (!accepted.ok()) co_return Answer(accepted.error());
  call.reply->status = 202;
  call.reply->headers.emplace_back(kRequestId, request_id);
  co_return std::string();
}

Task<Answer> Invoke(Needs needs, const Call& call) {
  Result<Request> read = ReadRequest(needs, call);
  if (!read.ok()) co_return Answer(read.error());
  const Type type = read->type;
  if (type == Type::kDryRun) {
    call.reply->status = 204;
    co_return std::string();
  }
  Request request = *std::move(read);
  if (type == Type::kEvent) {
    Answer answer = co_await RunLater(needs, call, std::move(request));
    co_return answer;
  }
  Answer answer = co_await RunNow(needs, call, std::move(request));
  co_return answer;
}

}  // namespace

// --- Register. ---

void RegisterInvokeOps(dispatch::Registry& registry, const Needs& needs) {
  registry.Add({.target_prefix = "Lambda",
                .name = "Invoke",
                .input = &model::kQualified,
                .writes = true,
                .run = [needs](const Call& call) { return Invoke(needs, call); },
                .write_detail = WriteDetail,
                .protocol = dispatch::Protocol::kRest,
                .route = {.method = "POST",
                          .path = "/2015-03-31/functions/{FunctionName}/invocations",
                          .raw_body = true,
                          .body_limit = kSyncBytes,
                          .limit_name = "InvokeFunction"}});
}

}  // namespace stator::services::lambda
