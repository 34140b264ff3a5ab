#include "client/exchange.h"

#include "client/json_text.h"
#include "errors/client.h"
#include "json/value.h"

namespace stator::client {
namespace {

// The first that says something: a header of REST services, a member of the JSON ones. A namespace before the name, or
// a place for more after it, is left out: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException".
Bytes NameIn(const HttpReply& reply, Bytes member) {
  Bytes name = reply.Find("x-amzn-errortype");
  if (name.empty()) name = member;
  const size_t hash = name.rfind('#');
  if (hash != Bytes::npos) name.remove_prefix(hash + 1);
  return name.substr(0, name.find(':'));
}

}  // namespace

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

HttpRequest SignedRequest(const Target& target, const ServiceCall& call, const sigv4::Credentials& credentials,
                          Time now) {
  const Endpoint& endpoint = target.endpoint;
  const std::string path = endpoint.path == "/" ? call.path
                           : call.path == "/"   ? endpoint.path
                                                : endpoint.path + call.path;
  HttpRequest request;
  request.method = call.method;
  request.url = endpoint.url;
  if (endpoint.path == "/" || call.path != "/") request.url += call.path;
  if (!call.query.empty()) request.url += "?" + call.query;
  request.body = call.body;
  request.direct = endpoint.loopback;
  request.headers = {{"Host", endpoint.authority}, {"Content-Type", call.content_type}};
  if (!call.target.empty()) request.headers.emplace_back("X-Amz-Target", call.target);
  std::vector<sigv4::Field> fields;
  fields.reserve(request.headers.size());
  for (const auto& [name, value] : request.headers) fields.push_back({name, value});
  const sigv4::Request to_sign{request.method, path, call.query, fields};
  auto signature = sigv4::SignRequest(to_sign, call.body, credentials, target.region, call.service, now);
  for (auto& header : signature) request.headers.push_back(std::move(header));
  return request;
}

}  // namespace stator::client
