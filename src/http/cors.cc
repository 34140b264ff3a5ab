// See cors.h; the protocol is the Fetch standard's (https://fetch.spec.whatwg.org/#http-cors-protocol).
#include "http/cors.h"

#include "http/host.h"
#include "http/text.h"

namespace stator::http {
namespace {

constexpr Bytes kExposed =
    "x-amzn-requestid,x-amzn-errortype,x-amzn-errormessage,x-amz-crc32,x-amz-request-id,x-amz-id-2,date";
constexpr Bytes kUsualHeaders =
    "authorization,content-type,content-encoding,x-amz-target,x-amz-date,x-amz-content-sha256,x-amz-security-token,"
    "x-amz-user-agent,amz-sdk-invocation-id,amz-sdk-request";

}  // namespace

OriginPolicy::OriginPolicy(std::vector<std::string> allowed) {
  for (const std::string& origin : allowed) {
    allow_all_ = allow_all_ || origin == "*";
    std::string lower = LowerCase(origin);
    if (lower.ends_with('/')) lower.pop_back();
    allowed_.push_back(std::move(lower));
  }
}

bool OriginPolicy::HostIsOurs(Bytes host) {
  const std::string name = LowerCase(WithoutPort(host));
  return IsLoopbackHost(name) || IsAwsHost(name);
}

bool OriginPolicy::OriginGranted(Bytes origin) const {
  if (allow_all_) return true;
  const std::string lower = LowerCase(origin);
  if (std::find(allowed_.begin(), allowed_.end(), lower) != allowed_.end()) return true;
  Bytes authority = lower;
  if (authority.starts_with("http://")) {
    authority.remove_prefix(7);
  } else if (authority.starts_with("https://")) {
    authority.remove_prefix(8);
  } else {
    return false;
  }
  return IsLoopbackHost(WithoutPort(authority));
}

std::optional<Reply> OriginPolicy::Admit(const RequestHead& head) const {
  const Bytes host = head.Find("host");
  const Bytes origin = head.Find("origin");
  const bool foreign_host = head.loopback_listener && !host.empty() && !HostIsOurs(host);
  if (foreign_host || (!origin.empty() && !OriginGranted(origin))) {
    Reply refusal;
    refusal.status = 403;
    refusal.content_type = "text/plain";
    refusal.body = foreign_host ? "Forbidden: this server answers to names of this machine only.\n"
                                : "Forbidden: this origin is not allowed; see --allow-origin.\n";
    return refusal;
  }
  const bool preflight =
      head.method == "OPTIONS" && !origin.empty() && !head.Find("access-control-request-method").empty();
  if (preflight) return Preflight(head, origin);
  return std::nullopt;
}

Reply OriginPolicy::Preflight(const RequestHead& head, Bytes origin) const {
  const Bytes asked = head.Find("access-control-request-headers");
  Reply reply;
  reply.headers = {{"Access-Control-Allow-Origin", std::string(origin)},
                   {"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, DELETE, OPTIONS"},
                   {"Access-Control-Allow-Headers", std::string(asked.empty() ? kUsualHeaders : asked)},
                   {"Access-Control-Expose-Headers", std::string(kExposed)},
                   {"Access-Control-Max-Age", "172800"},
                   {"Vary", "Origin, Access-Control-Request-Headers"}};
  if (EqualsLower(head.Find("access-control-request-private-network"), "true")) {
    reply.headers.emplace_back("Access-Control-Allow-Private-Network", "true");
  }
  return reply;
}

void OriginPolicy::Grant(const RequestHead& head, Reply* reply) const {
  const Bytes origin = head.Find("origin");
  if (origin.empty() || !OriginGranted(origin)) return;
  reply->headers.emplace_back("Access-Control-Allow-Origin", origin);
  reply->headers.emplace_back("Access-Control-Expose-Headers", kExposed);
  reply->headers.emplace_back("Vary", "Origin");
}

}  // namespace stator::http
