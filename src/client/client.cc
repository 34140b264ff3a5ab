#include "client/client.h"

#include <thread>

#include "client/json_text.h"
#include "json/value.h"

namespace stator::client {
namespace {

Effort Completed(Effort effort) {
  if (!effort.sleep) effort.sleep = [](Duration time) { std::this_thread::sleep_for(time); };
  if (!effort.now) effort.now = [] { return Clock().Now(); };
  if (effort.seed == 0) effort.seed = ThreadRandom().Next();
  return effort;
}

// {"__type": "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", "message": "..."}; some say "Message".
Error ErrorIn(const HttpReply& reply, const std::string& url) {
  json::Document document;
  const auto root = document.Parse(reply.body);
  Bytes type = root.ok() && root->is_object() ? TextOf(*root, "__type") : Bytes();
  if (type.empty()) {
    if (reply.status < 500 && reply.status != 429) return Fail(ErrorId::kNotDynamoDb, url, reply.status);
    type = "InternalFailure";  // a gateway in between, or a fault before the service could speak
  }
  const size_t hash = type.rfind('#');
  if (hash != Bytes::npos) type.remove_prefix(hash + 1);
  auto remote = std::make_shared<RemoteError>();
  remote->status = reply.status;
  remote->name = type;
  if (root.ok() && root->is_object()) {
    remote->message = TextOf(*root, "message");
    if (remote->message.empty()) remote->message = TextOf(*root, "Message");
  }
  remote->body = reply.body;
  Error error = Fail(ErrorId::kRemoteError, remote->name,
                     remote->message.empty() ? "HTTP " + std::to_string(reply.status) : remote->message);
  error.detail = std::move(remote);
  return error;
}

}  // namespace

Client::Client(Target target, std::unique_ptr<Transport> transport, Effort effort)
    : target_(std::move(target)),
      transport_(std::move(transport)),
      effort_(Completed(std::move(effort))),
      random_(effort_.seed) {}

Result<std::string> Client::Attempt(Bytes operation, Bytes body) {
  STATOR_TRY(const sigv4::Credentials credentials, target_.credentials->Get());
  HttpRequest request;
  request.url = target_.endpoint.url;
  if (target_.endpoint.path == "/") request.url += "/";
  request.body = body;
  request.direct = target_.endpoint.loopback;
  request.headers = {{"Host", target_.endpoint.authority},
                     {"Content-Type", "application/x-amz-json-1.0"},
                     {"X-Amz-Target", "DynamoDB_20120810." + std::string(operation)}};
  std::vector<sigv4::Field> fields;
  fields.reserve(request.headers.size());
  for (const auto& [name, value] : request.headers) fields.push_back({name, value});
  const sigv4::Request to_sign{request.method, target_.endpoint.path, "", fields};
  auto signature = sigv4::SignRequest(to_sign, body, credentials, target_.region, "dynamodb", effort_.now());
  for (auto& header : signature) request.headers.push_back(std::move(header));

  STATOR_TRY(HttpReply reply, transport_->Send(request));
  if (reply.status != 200) return ErrorIn(reply, target_.endpoint.url);
  if (!Bytes(reply.body).starts_with('{')) return Fail(ErrorId::kNotDynamoDb, target_.endpoint.url, reply.status);
  return std::move(reply.body);
}

Result<std::string> Client::Call(Bytes operation, Bytes body) {
  bool renewed = false;
  for (int failures = 0;; ++failures) {
    auto answer = Attempt(operation, body);
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
