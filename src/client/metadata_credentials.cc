// Credentials from the services that AWS runs beside containers and instances. Both answer the same JSON.
// Sources: "Container credential provider" and "IMDS credential provider" in the SDK reference guide.
#include <algorithm>
#include <array>

#include "client/credentials.h"
#include "client/endpoint.h"
#include "client/iso_time.h"
#include "client/json_text.h"
#include "errors/client.h"
#include "json/value.h"

namespace stator::client {
namespace {

constexpr Duration kWait = std::chrono::seconds(1);

using None = std::optional<FoundCredentials>;

Find ParseAnswer(const HttpReply& reply, const std::string& source) {
  if (reply.status != 200) {
    return Fail(errors::kCredentialService, source, "it answered HTTP " + std::to_string(reply.status));
  }
  json::Document document;
  const auto root = document.Parse(reply.body);
  if (!root.ok() || !root->is_object()) return Fail(errors::kCredentialService, source, "its answer is not JSON");
  FoundCredentials found{{std::string(TextOf(*root, "AccessKeyId")), std::string(TextOf(*root, "SecretAccessKey")),
                          std::string(TextOf(*root, "Token"))},
                         ParseIso(TextOf(*root, "Expiration")),
                         source};
  if (found.credentials.key_id.empty() || found.credentials.secret.empty()) {
    return Fail(errors::kCredentialService, source, "its answer holds no keys");
  }
  return None(std::move(found));
}

HttpRequest Ask(std::string method, std::string url) {
  HttpRequest request;
  request.method = std::move(method);
  request.url = std::move(url);
  request.connect_timeout = kWait;
  request.timeout = kWait;
  request.direct = true;
  return request;
}

// Keys must not be fetched in the clear from anywhere but this machine and AWS's own link-local addresses.
bool MayServeCredentials(const Endpoint& endpoint) {
  constexpr std::array<Bytes, 3> kHosts = {"169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"};
  const Bytes authority = endpoint.authority;
  const bool known = std::any_of(kHosts.begin(), kHosts.end(), [&](Bytes host) {
    return authority == host || (authority.starts_with(host) && authority[host.size()] == ':');
  });
  return endpoint.loopback || endpoint.url.starts_with("https://") || known;
}

std::optional<std::string> ContainerToken(const Surroundings& around) {
  const auto path = around.env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  auto token = path ? around.file(*path) : around.env("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  while (token && (token->ends_with('\n') || token->ends_with('\r'))) token->pop_back();
  return token;
}

}  // namespace

Find FromContainer(const Surroundings& around) {
  const std::string source = "the container's credential service";
  std::string url;
  if (const auto relative = around.env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    url = "http://169.254.170.2" + *relative;
  } else if (const auto full = around.env("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
    url = *full;
  } else {
    return None();
  }
  STATOR_TRY(const Endpoint endpoint, ParseEndpoint(url.substr(0, url.find('?'))));
  if (!MayServeCredentials(endpoint)) {
    return Fail(errors::kCredentialService, url, "it is neither https nor an address of this machine");
  }
  HttpRequest request = Ask("GET", url);
  request.timeout = 5 * kWait;
  if (const auto token = ContainerToken(around)) request.headers.emplace_back("Authorization", *token);
  STATOR_TRY(const HttpReply reply, around.http(request));
  return ParseAnswer(reply, source);
}

Find FromInstance(const Surroundings& around) {
  const std::string disabled = around.env("AWS_EC2_METADATA_DISABLED").value_or("false");
  if (disabled == "true" || disabled == "True" || disabled == "TRUE") return None();
  const bool v6 = around.env("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or("") == "IPv6";
  const std::string base = v6 ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
  STATOR_TRY(const Endpoint endpoint, ParseEndpoint(around.env("AWS_EC2_METADATA_SERVICE_ENDPOINT").value_or(base)));

  HttpRequest for_token = Ask("PUT", endpoint.url + "/latest/api/token");
  for_token.headers.emplace_back("X-aws-ec2-metadata-token-ttl-seconds", "21600");
  const auto token = around.http(for_token);
  if (!token.ok() || token->status != 200) return None();  // not on an instance

  const std::string roles = endpoint.url + "/latest/meta-data/iam/security-credentials/";
  HttpRequest for_role = Ask("GET", roles);
  for_role.headers.emplace_back("X-aws-ec2-metadata-token", token->body);
  STATOR_TRY(const HttpReply role, around.http(for_role));
  if (role.status == 404) return None();  // an instance without a role
  const std::string name = role.body.substr(0, role.body.find_first_of("\r\n"));
  HttpRequest for_keys = Ask("GET", roles + name);
  for_keys.headers = for_role.headers;
  STATOR_TRY(const HttpReply keys, around.http(for_keys));
  return ParseAnswer(keys, "the instance metadata service");
}

}  // namespace stator::client
