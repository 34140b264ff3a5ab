#include "client/endpoint.h"

#include <algorithm>

#include "base/check.h"
#include "errors/client.h"

namespace stator::client {
namespace {

bool IsLoopback(Bytes host) { return host == "localhost" || host == "[::1]" || host.starts_with("127."); }

bool HostCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
         c == '_' || c == '[' || c == ']' || c == ':';
}

bool IsPort(Bytes text) {
  if (text.empty() || text.size() > 5) return false;
  int port = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    port = port * 10 + (c - '0');
  }
  return port > 0 && port < 65536;
}

}  // namespace

Result<Endpoint> ParseEndpoint(Bytes url) {
  const auto bad = [&] { return Fail(errors::kBadEndpoint, url.empty() ? Bytes("an empty text") : url); };
  Bytes scheme_port;
  Bytes rest = url;
  if (url.starts_with("http://")) {
    rest.remove_prefix(7);
    scheme_port = ":80";
  } else if (url.starts_with("https://")) {
    rest.remove_prefix(8);
    scheme_port = ":443";
  } else {
    return bad();
  }
  const size_t slash = std::min(rest.find('/'), rest.size());
  Bytes authority = rest.substr(0, slash);
  Bytes path = rest.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (!std::all_of(authority.begin(), authority.end(), HostCharacter)) return bad();
  if (path.find_first_of(Bytes("?# \t\r\n\0", 7)) != Bytes::npos) return bad();

  const size_t bracket = authority.find(']');
  const size_t colon = authority.find(':', bracket == Bytes::npos ? 0 : bracket);
  const Bytes host = authority.substr(0, colon);
  if (host.empty()) return bad();
  if (colon != Bytes::npos && !IsPort(authority.substr(colon + 1))) return bad();
  if (authority.ends_with(scheme_port)) authority.remove_suffix(scheme_port.size());

  Endpoint endpoint;
  endpoint.url = std::string(url.substr(0, url.size() - rest.size() + slash)) + std::string(path);
  endpoint.authority = authority;
  endpoint.path = path.empty() ? "/" : std::string(path);
  endpoint.loopback = IsLoopback(host);
  endpoint.aws = host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn");
  return endpoint;
}

Result<Endpoint> AwsEndpoint(const std::string& service, const std::string& region) {
  return ParseEndpoint("https://" + service + "." + region +
                       (region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com"));
}

}  // namespace stator::client
