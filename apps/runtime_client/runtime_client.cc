#include "runtime_client/runtime_client.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "runtime_client/http.h"

namespace runtime_client {
namespace {

constexpr char kBase[] = "/2018-06-01/runtime/";

std::string ApiFromEnvironment() {
  const char* api = std::getenv("AWS_LAMBDA_RUNTIME_API");
  return api ? api : "";
}

std::string ErrorJson(std::string_view type, std::string_view message) {
  return "{\"errorMessage\":" + Quoted(message) + ",\"errorType\":" + Quoted(type) + ",\"stackTrace\":[]}";
}

std::string ErrorHeaders(std::string_view type) {
  std::string headers = "Content-Type: application/json\r\nLambda-Runtime-Function-Error-Type: ";
  for (const char c : type) headers.push_back(static_cast<unsigned char>(c) < ' ' ? ' ' : c);
  return headers + "\r\n";
}

Answer Handle(const Handler& handler, const Event& event) {
  try {
    return handler(event);
  } catch (const std::exception& e) {
    return Answer::Failed("Runtime.UnhandledException", e.what());
  } catch (...) {
    return Answer::Failed("Runtime.UnhandledException", "an exception of unknown type");
  }
}

}  // namespace

int64_t Event::RemainingMs() const {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return deadline_ms - std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < ' ') {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out.append(escape);
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

int Run(const Handler& handler) {
  Connection api(ApiFromEnvironment());
  Reply next;
  Reply done;
  std::string path;
  while (true) {
    api.Call("GET", std::string(kBase) + "invocation/next", "", "", &next);
    if (next.status != 200) return 1;
    Event event;
    event.payload = next.body;
    event.request_id = next.Header("lambda-runtime-aws-request-id");
    event.function_arn = next.Header("lambda-runtime-invoked-function-arn");
    event.client_context = next.Header("lambda-runtime-client-context");
    event.trace_id = next.Header("lambda-runtime-trace-id");
    event.deadline_ms = std::strtoll(std::string(next.Header("lambda-runtime-deadline-ms")).c_str(), nullptr, 10);
    const Answer answer = Handle(handler, event);
    std::fflush(stdout);
    path.assign(kBase).append("invocation/").append(event.request_id);
    if (answer.ok) {
      path.append("/response");
      api.Call("POST", path, "Content-Type: application/json\r\n", answer.json.empty() ? "null" : answer.json, &done);
    } else {
      path.append("/error");
      api.Call("POST", path, ErrorHeaders(answer.error_type), ErrorJson(answer.error_type, answer.error_message),
               &done);
    }
    if (done.status == 0 || done.status >= 500) return 1;
  }
}

int FailInit(std::string_view type, std::string_view message) {
  Connection api(ApiFromEnvironment());
  Reply done;
  api.Call("POST", std::string(kBase) + "init/error", ErrorHeaders(type), ErrorJson(type, message), &done);
  return 1;
}

}  // namespace runtime_client
