// The Runtime API: which call is allowed when, and its answers.
#include "json/writer.h"
#include "runtime/report.h"
#include "runtime/session.h"

namespace stator::runtime {
namespace {

constexpr Bytes kBase = "/2018-06-01/runtime/";

http::Reply Json(int status, std::string body) {
  http::Reply reply;
  reply.status = status;
  reply.content_type = "application/json";
  reply.body = std::move(body);
  return reply;
}

http::Reply ApiError(int status, Bytes type, Bytes message) {
  std::string body;
  json::Writer(&body).BeginObject().Key("errorMessage").String(message).Key("errorType").String(type).EndObject();
  return Json(status, body + "\n");
}

http::Reply Accepted() { return Json(202, "{\"status\":\"OK\"}\n"); }

http::Reply NotFound() {
  http::Reply reply;
  reply.status = 404;
  reply.content_type = "text/plain; charset=utf-8";
  reply.body = "404 page not found\n";
  return reply;
}

bool Take(Bytes* text, Bytes prefix) {
  if (!text->starts_with(prefix)) return false;
  text->remove_prefix(prefix.size());
  return true;
}

// A runtime that says nothing of its own still gives its caller an error object.
std::string ErrorBody(const http::Request& request, const std::string& type) {
  if (!request.body.empty()) return std::string(request.body);
  return ErrorPayload(type, "");
}

}  // namespace

struct Session::NextAwaiter {
  Session& session;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> task) {
    session.next_ = task;
    if (session.user_) session.user_->OnNext();
  }
  http::Reply await_resume() { return std::move(session.next_reply_); }
};

Task<http::Reply> Session::Handle(const http::Request& request, Lane&) {
  Bytes rest = request.head.path;
  if (!Take(&rest, kBase)) co_return NotFound();
  const bool get = request.head.method == "GET";
  const bool post = request.head.method == "POST";
  if (get && rest == "invocation/next") co_return co_await HandleNext();
  if (post && rest == "init/error") co_return HandleInitError(request);
  if (post && Take(&rest, "invocation/")) co_return HandleInvocation(request, rest);
  if (rest.starts_with("restore/")) co_return Forbidden("Restore");
  co_return NotFound();
}

http::Reply Session::Refuse(int status, Bytes reason) {
  if (status == 413 && state_ == State::kRunning) {
    state_ = State::kAnswered;
    if (user_) user_->OnResponseTooLarge();
  }
  return ApiError(status, status == 413 ? "RequestEntityTooLarge" : "InvalidRequest", reason);
}

http::Reply Session::Forbidden(Bytes to) const {
  static constexpr Bytes kNames[] = {"Started", "Ready", "Running", "InvocationResponse", "InitError"};
  const Bytes from = kNames[static_cast<size_t>(state_)];
  return ApiError(403, "InvalidStateTransition",
                  "State transition from " + std::string(from) + " to " + std::string(to) +
                      " failed for runtime. Error: State transition is not allowed");
}

Task<http::Reply> Session::HandleNext() {
  if (state_ == State::kRunning || state_ == State::kFailed) co_return Forbidden("Ready");
  // Its older request has been given up, or it would not ask again.
  if (next_) {
    http::Reply superseded = Forbidden("Ready");
    superseded.close = true;
    FinishNext(std::move(superseded));
  }
  state_ = State::kReady;
  NextAwaiter next{*this};
  co_return co_await next;
}

void Session::FinishNext(http::Reply reply) {
  next_reply_ = std::move(reply);
  std::exchange(next_, nullptr).resume();
}

void Session::Send(Event event) {
  current_id_ = event.request_id;
  state_ = State::kRunning;
  http::Reply reply = Json(200, std::move(event.payload));
  reply.headers.reserve(5);
  reply.headers.emplace_back("Lambda-Runtime-Aws-Request-Id", std::move(event.request_id));
  reply.headers.emplace_back("Lambda-Runtime-Deadline-Ms", std::to_string(event.deadline_ms));
  reply.headers.emplace_back("Lambda-Runtime-Invoked-Function-Arn", std::move(event.invoked_arn));
  reply.headers.emplace_back("Lambda-Runtime-Trace-Id", std::move(event.trace_id));
  if (!event.client_context.empty()) {
    reply.headers.emplace_back("Lambda-Runtime-Client-Context", std::move(event.client_context));
  }
  FinishNext(std::move(reply));
}

// `rest`: "<id>/response" or "<id>/error".
http::Reply Session::HandleInvocation(const http::Request& request, Bytes rest) {
  const size_t slash = rest.find('/');
  if (slash == Bytes::npos) return NotFound();
  const Bytes id = rest.substr(0, slash);
  const Bytes what = rest.substr(slash + 1);
  const bool error = what == "error";
  if (!error && what != "response") return NotFound();
  if (current_id_.empty() || state_ == State::kFailed) {
    return Forbidden(error ? "InvocationErrorResponse" : "InvocationResponse");
  }
  if (id != current_id_ || state_ != State::kRunning) return ApiError(400, "InvalidRequestID", "Invalid request ID");
  state_ = State::kAnswered;
  if (request.body.size() > kMaxResponse) {
    if (user_) user_->OnResponseTooLarge();
    return ApiError(413, "RequestEntityTooLarge",
                    "Exceeded maximum allowed payload size (" + std::to_string(kMaxResponse) + " bytes).");
  }
  if (!user_) return Accepted();
  if (error) {
    const std::string type = NormalizedType(request.head.Find("lambda-runtime-function-error-type"));
    user_->OnError(type, ErrorBody(request, type));
  } else {
    user_->OnResponse(std::string(request.body));
  }
  return Accepted();
}

http::Reply Session::HandleInitError(const http::Request& request) {
  if (state_ != State::kStarted) return Forbidden("InitError");
  state_ = State::kFailed;
  const std::string type = NormalizedType(request.head.Find("lambda-runtime-function-error-type"));
  if (user_) user_->OnInitError(type, ErrorBody(request, type));
  return Accepted();
}

}  // namespace stator::runtime
