#include "client/client.h"

#include <thread>

#include "client/exchange.h"
#include "errors/client.h"

namespace stator::client {
namespace {

Effort Completed(Effort effort) {
  if (!effort.sleep) effort.sleep = [](Duration time) { std::this_thread::sleep_for(time); };
  if (!effort.now) effort.now = [] { return Clock().Now(); };
  if (effort.seed == 0) effort.seed = ThreadRandom().Next();
  return effort;
}

}  // namespace

Client::Client(Target target, std::unique_ptr<Transport> transport, Effort effort)
    : target_(std::move(target)),
      transport_(std::move(transport)),
      effort_(Completed(std::move(effort))),
      random_(effort_.seed) {}

Result<std::string> Client::Attempt(const ServiceCall& call) {
  STATOR_TRY(const sigv4::Credentials credentials, target_.credentials->Get());
  HttpRequest request = SignedRequest(target_, call, credentials, effort_.now());
  request.timeout = effort_.limit;
  STATOR_TRY(HttpReply reply, transport_->Send(request));
  if (reply.status < 200 || reply.status > 299) return ErrorIn(reply, target_.endpoint.url);
  return std::move(reply.body);
}

Result<std::string> Client::Call(Bytes operation, Bytes body) {
  ServiceCall call;
  call.target = "DynamoDB_20120810." + std::string(operation);
  call.body = body;
  auto answer = Call(call);
  if (answer.ok() && !answer->starts_with('{')) return Fail(errors::kNotDynamoDb, target_.endpoint.url, 200);
  return answer;
}

Result<std::string> Client::Call(const ServiceCall& call) {
  bool renewed = false;
  for (int failures = 0;; ++failures) {
    auto answer = Attempt(call);
    if (answer.ok()) return answer;
    if (!renewed && IsRemote(answer.error(), "ExpiredTokenException")) {
      renewed = true;
      target_.credentials->Forget();
      continue;
    }
    if (failures + 1 >= effort_.attempts || !WorthRetrying(answer.error())) return answer;
    effort_.sleep(Backoff(failures, random_));
  }
}

}  // namespace stator::client
