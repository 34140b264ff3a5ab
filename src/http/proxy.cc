// See proxy.h. Tested by proxy_test.cc, and through real sockets by connection_proxy_test.cc.
#include "http/proxy.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/base64.h"
#include "http/text.h"

namespace stator::http {
namespace {

constexpr int kHttpPort = 80;
constexpr int kHttpsPort = 443;
constexpr Bytes kBasic = "basic ";

Proxy::Decision Refused(int status, std::string text) {
  Proxy::Decision decision;
  decision.way = Proxy::Way::kRefuse;
  decision.refusal.status = status;
  decision.refusal.content_type = "text/plain";
  decision.refusal.body = std::move(text);
  decision.refusal.close = true;
  return decision;
}

Proxy::Decision NotForYou(const HostPort& host) {
  Proxy::Decision decision = Refused(
      407, "Only this server's functions may reach " + host.host + " through it; AWS hosts are answered here.\n");
  decision.refusal.headers.emplace_back("Proxy-Authenticate", "Basic realm=\"stator functions\"");
  return decision;
}

// Headers between two neighbours, which go no further (RFC 9110, section 7.6.1).
bool IsForNeighbour(Bytes name) {
  static constexpr std::array<Bytes, 8> kNames = {
      "connection",          "host", "keep-alive",       "proxy-authenticate",
      "proxy-authorization", "te",   "proxy-connection", "upgrade"};
  return std::any_of(kNames.begin(), kNames.end(), [&](Bytes each) { return EqualsLower(name, each); });
}

bool IsNamed(Bytes name, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& each) { return EqualsLower(name, each); });
}

std::vector<std::string> NamedByConnection(const RequestHead& head) {
  std::vector<std::string> names;
  for (const Header& header : head.headers) {
    if (!EqualsLower(header.name, "connection")) continue;
    Bytes list = header.value;
    while (const auto option = NextMember(&list)) names.push_back(LowerCase(*option));
  }
  return names;
}

}  // namespace

Proxy::Proxy(CertificateAuthority& authority, Bytes password)
    : authority_(authority), user_("function:" + std::string(password)), credentials_(Base64(user_)) {}

bool Proxy::MayGoOut(const RequestHead& head) const {
  const Bytes given = head.Find("proxy-authorization");
  if (given.size() < kBasic.size() || !EqualsLower(given.substr(0, kBasic.size()), kBasic)) return false;
  const Bytes credentials = Trim(given.substr(kBasic.size()));
  return credentials.size() == credentials_.size() &&
         CRYPTO_memcmp(credentials.data(), credentials_.data(), credentials.size()) == 0;
}

Proxy::Decision Proxy::Decide(const RequestHead& head, int port) const {
  const bool connect = head.method == "CONNECT";
  const bool secure = connect || EqualsLower(head.target.substr(0, 8), "https://");
  const auto host = ParseAuthority(head.authority, secure ? kHttpsPort : kHttpPort);
  if (!host) return Refused(400, "Malformed host in the request line\n");
  Decision decision;
  decision.host = *host;
  if (IsAwsHost(host->host)) {
    decision.way = connect ? Way::kIntercept : Way::kServe;
  } else if (!connect && IsLoopbackHost(host->host) && host->port == port) {
    decision.way = Way::kServe;
  } else if (!MayGoOut(head)) {
    return NotForYou(*host);
  } else if (!connect && !EqualsLower(head.target.substr(0, 7), "http://")) {
    return Refused(400, "Only http: is sent on for a request; for https: ask with CONNECT\n");
  } else {
    decision.way = connect ? Way::kTunnel : Way::kForward;
  }
  return decision;
}

std::string HeadToSendOn(const RequestHead& head) {
  const size_t authority_end = static_cast<size_t>(head.authority.data() + head.authority.size() - head.target.data());
  const Bytes rest = head.target.substr(authority_end);
  const std::vector<std::string> dropped = NamedByConnection(head);
  std::string out(head.method);
  out.append(rest.starts_with('/') ? " " : " /").append(rest);
  out.append(head.version_minor == 0 ? " HTTP/1.0\r\nHost: " : " HTTP/1.1\r\nHost: ").append(head.authority);
  for (const Header& header : head.headers) {
    if (IsForNeighbour(header.name) || IsNamed(header.name, dropped)) continue;
    out.append("\r\n").append(header.name).append(": ").append(header.value);
  }
  return out.append("\r\nConnection: close\r\n\r\n");
}

}  // namespace stator::http
