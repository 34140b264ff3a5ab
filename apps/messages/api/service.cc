// From a request to the function that answers it. The functions are in routes.cc.
#include "api/service.h"

#include "api/address.h"
#include "api/problem.h"

namespace stator::messages {
namespace {

constexpr Bytes kApi = "/api/";
constexpr size_t kMostBody = size_t{64} << 10;

Error RefusalOf(TokenFault fault) {
  switch (fault) {
    case TokenFault::kMissing:
      return Refusal(problems::kTokenMissing);
    case TokenFault::kExpired:
      return Refusal(problems::kTokenExpired);
    case TokenFault::kNoKeys:
      return Refusal(problems::kUnavailable);
    default:
      return Refusal(problems::kTokenInvalid);
  }
}

}  // namespace

std::optional<http::Reply> Service::Admit(const http::RequestHead& head) {
  std::optional<http::Reply> verdict = policy_.Admit(head);
  if (verdict && verdict->status == 403) return ProblemReply(problems::kForbidden);
  return verdict;
}

size_t Service::BodyLimit(const http::RequestHead& /*head*/, size_t /*usual*/) { return kMostBody; }

http::Reply Service::Refuse(int status, Bytes reason) {
  if (status == 413) return ProblemReply(problems::kBodyTooLarge);
  Problem problem = status >= 500 ? problems::kUnavailable : problems::kBadRequest;
  problem.status = status;
  if (status < 500) problem.text = reason;
  return ProblemReply(problem);
}

Task<http::Reply> Service::Handle(const http::Request& request, Lane& /*lane*/) {
  const http::RequestHead& head = request.head;
  if (head.path.starts_with(kApi) || head.path == "/api") {
    http::Reply reply = co_await HandleApi(request);
    policy_.Grant(head, &reply);
    co_return reply;
  }
  if (head.method != "GET" && head.method != "HEAD") co_return ProblemReply(problems::kMethodNotAllowed);
  co_return parts_.web.Answer(head);
}

Task<http::Reply> Service::HandleApi(const http::Request& request) {
  if (request.body.size() > kMostBody) co_return ProblemReply(problems::kBodyTooLarge);
  const Route* found = nullptr;
  bool path_exists = false;
  Bytes argument;
  for (const Route& route : Routes()) {
    Bytes matched;
    if (!Matches(route.pattern, request.head.path, &matched)) continue;
    path_exists = true;
    if (route.method != request.head.method) continue;
    found = &route;
    argument = matched;
    break;
  }
  if (found == nullptr) co_return ProblemReply(path_exists ? problems::kMethodNotAllowed : problems::kNotFound);
  Ask ask{request, argument, {}, {}};
  auto answer = co_await Run(*found, std::move(ask));
  if (!answer.ok()) co_return ProblemReply(answer.error());
  co_return std::move(answer).value();
}

Task<Result<http::Reply>> Service::Run(const Route& route, Ask ask) {
  if (!route.anybody) {
    auto fault = co_await Identify(&ask);
    if (fault) co_return std::move(*fault);
  }
  co_return co_await (this->*route.run)(ask);
}

// Who asks: by the token, then by the directory.
Task<std::optional<Error>> Service::Identify(Ask* ask) {
  const auto verdict = co_await parts_.verifier.Verify(std::string(ask->request.head.Find("authorization")));
  if (const auto* fault = std::get_if<TokenFault>(&verdict)) co_return RefusalOf(*fault);
  const Bearer& bearer = std::get<Bearer>(verdict);
  auto person = co_await parts_.people.BySub(bearer.subject);
  if (!person.ok()) co_return std::move(person).error();
  if (!*person) co_return Refusal(problems::kUserNotInDirectory);
  ask->me = std::move(**person);
  ask->expires = bearer.expires;
  co_return std::nullopt;
}

}  // namespace stator::messages
