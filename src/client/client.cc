#include "client/client.h"

#include <thread>

#include "client/json_text.h"
#include "errors/client.h"
#include "json/value.h"

namespace stator::client {
namespace {

Effort Completed(Effort effort) {
  if (!effort.sleep) effort.sleep = [](Duration time) { std::this_thread::sleep_for(time); };
  if (!effort.now) effort.now = [] { return Clock().Now(); };
  if (effort.seed == 0) effort.seed = ThreadRandom().Next();
  return effort;
}

// The first that says something: a header of REST services, a member of the JSON ones. A namespace before the name, or
// a place for more after it, is left out: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException".
Bytes NameIn(const HttpReply& reply, Bytes member) {
  Bytes name = reply.Find("x-amzn-errortype");
  if (name.empty()) name = member;
  const size_t hash = name.rfind('#');
  if (hash != Bytes::npos) name.remove_prefix(hash + 1);
  return name.substr(0, name.find(':'));
}

// {"__type": "...", "message": "..."}; some say "Message".
Error ErrorIn(const HttpReply& reply, const std::string& url) {
  json::Document document;
  const auto root = document.Parse(reply.body);
  Bytes type = NameIn(reply, root.ok() && root->is_object() ? TextOf(*root, "__type") : Bytes());
  if (type.empty()) {
    if (reply.status < 500 && reply.status != 429) return Fail(errors::kNotDynamoDb, url, reply.status);
    type = "InternalFailure";  // a gateway in between, or a fault before the service could speak
  }
  auto remote = std::make_shared<RemoteError>();
  remote->status = reply.status;
  remote->name = type;
  if (root.ok() && root->is_object()) {
    remote->message = TextOf(*root, "message");
    if (remote->message.empty()) remote->message = TextOf(*root, "Message");
  }
  remote->body = reply.body;
  Error error = Fail(errors::kRemoteError, remote->name,
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

Result<std::string> Client::Attempt(const ServiceCall& call) {
  STATOR_TRY(const sigv4::Credentials credentials, target_.credentials->Get());
  const std::string path = target_.endpoint.path == "/" ? call.path
                           : call.path == "/"           ? target_.endpoint.path
                                                        : target_.endpoint.path + call.path;
  HttpRequest request;
  request.method = call.method;
  request.url = target_.endpoint.url;
  if (target_.endpoint.path == "/" || call.path != "/") request.url += call.path;
  if (!call.query.empty()) request.url += "?" + call.query;
  request.body = call.body;
  request.direct = target_.endpoint.loopback;
  request.headers = {{"Host", target_.endpoint.authority}, {"Content-Type", call.content_type}};
  if (!call.target.empty()) request.headers.emplace_back("X-Amz-Target", call.target);
  std::vector<sigv4::Field> fields;
  fields.reserve(request.headers.size());
  for (const auto& [name, value] : request.headers) fields.push_back({name, value});
  const sigv4::Request to_sign{request.method, path, call.query, fields};
  auto signature = sigv4::SignRequest(to_sign, call.body, credentials, target_.region, call.service, effort_.now());
  for (auto& header : signature) request.headers.push_back(std::move(header));

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
