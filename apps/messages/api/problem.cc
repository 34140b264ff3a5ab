#include "api/problem.h"

#include "base/log.h"
#include "errors/common.h"
#include "json/writer.h"

namespace stator::messages {
namespace {

struct ProblemDetail : ErrorDetail {
  explicit ProblemDetail(const Problem& its_problem) : problem(its_problem) {}
  const Problem problem;
};

}  // namespace

Error Refusal(const Problem& problem) {
  Error error = Fail(errors::kValidation, problem.text);
  error.detail = std::make_shared<ProblemDetail>(problem);
  return error;
}

http::Reply ProblemReply(const Problem& problem) {
  http::Reply reply;
  reply.status = problem.status;
  reply.content_type = "application/json";
  reply.headers = {{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  if (problem.status == 401) reply.headers.emplace_back("WWW-Authenticate", "Bearer");
  json::Writer(&reply.body)
      .BeginObject()
      .Key("error")
      .String(problem.name)
      .Key("message")
      .String(problem.text)
      .EndObject();
  return reply;
}

http::Reply ProblemReply(const Error& error) {
  if (const auto* detail = dynamic_cast<const ProblemDetail*>(error.detail.get())) return ProblemReply(detail->problem);
  LogWarn(error.text);  // names hosts and statements: not for the page
  return ProblemReply(problems::kUnavailable);
}

}  // namespace stator::messages
