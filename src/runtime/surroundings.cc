#include "runtime/surroundings.h"

namespace stator::runtime {
namespace {

// The Runtime API and what else runs on this machine is reached directly.
constexpr char kDirect[] = "127.0.0.1,localhost,::1";

}  // namespace

std::vector<std::pair<std::string, std::string>> VariablesOf(const Surroundings& surroundings) {
  std::vector<std::pair<std::string, std::string>> variables;
  if (!surroundings.endpoint.empty()) variables.emplace_back("AWS_ENDPOINT_URL", surroundings.endpoint);
  if (!surroundings.proxy.empty()) {
    for (const char* name : {"http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"}) {
      variables.emplace_back(name, surroundings.proxy);
    }
    for (const char* name : {"no_proxy", "NO_PROXY"}) variables.emplace_back(name, kDirect);
  }
  if (!surroundings.ca_bundle.empty()) {
    // botocore; requests; OpenSSL and what trusts its defaults; curl; Node, beside its own list.
    for (const char* name :
         {"AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"}) {
      variables.emplace_back(name, surroundings.ca_bundle);
    }
  }
  return variables;
}

}  // namespace stator::runtime
