#include "sigv4/sign.h"

#include "sigv4/digest.h"

namespace stator::sigv4 {
namespace {

constexpr Bytes kAlgorithm = "AWS4-HMAC-SHA256";
constexpr Bytes kTerminator = "aws4_request";

// This thread's last key: who signs does so for one place for a day, and the key costs four of the five HMACs.
const std::string& KeptSigningKey(Bytes secret, const Scope& scope) {
  struct Kept {
    std::string secret, scope, key;
  };
  thread_local Kept kept;
  std::string text = scope.Text();
  if (kept.key.empty() || kept.secret != secret || kept.scope != text) {
    kept = {std::string(secret), std::move(text), SigningKey(secret, scope)};
  }
  return kept.key;
}

}  // namespace

std::string Scope::Text() const { return date + "/" + region + "/" + service + "/" + std::string(kTerminator); }

std::string AmzDate(Time time) {
  std::string date;
  // "2026-11-20T10:00:00.123Z" without its separators and fraction
  for (const char c : FormatIso(time).substr(0, 19)) {
    if (c != '-' && c != ':') date.push_back(c);
  }
  return date + "Z";
}

std::string StringToSign(Bytes amz_date, const Scope& scope, Bytes canonical_request) {
  std::string out(kAlgorithm);
  out.append("\n").append(amz_date);
  out.append("\n").append(scope.Text());
  out.append("\n").append(Sha256Hex(canonical_request));
  return out;
}

std::string SigningKey(Bytes secret, const Scope& scope) {
  const std::string day = HmacSha256("AWS4" + std::string(secret), scope.date);
  const std::string region = HmacSha256(day, scope.region);
  const std::string service = HmacSha256(region, scope.service);
  return HmacSha256(service, kTerminator);
}

std::string Signature(Bytes signing_key, Bytes string_to_sign) { return Hex(HmacSha256(signing_key, string_to_sign)); }

Headers SignRequest(const Request& request, Bytes body, const Credentials& credentials, Bytes region, Bytes service,
                    Time now, PathRule rule) {
  Headers added;
  added.emplace_back("X-Amz-Date", AmzDate(now));
  if (!credentials.token.empty()) added.emplace_back("X-Amz-Security-Token", credentials.token);

  std::vector<Field> fields(request.headers.begin(), request.headers.end());
  for (const auto& [name, value] : added) fields.push_back({name, value});
  const std::vector<std::string> names = HeaderNames(fields);
  const Request complete{request.method, request.path, request.query, fields};
  const std::string canonical = CanonicalRequest(complete, names, Sha256Hex(body), rule);

  const std::string amz_date = added.front().second;
  const Scope scope{amz_date.substr(0, 8), std::string(region), std::string(service)};
  const std::string signature =
      Signature(KeptSigningKey(credentials.secret, scope), StringToSign(amz_date, scope, canonical));
  std::string authorization(kAlgorithm);
  authorization.append(" Credential=").append(credentials.key_id).append("/").append(scope.Text());
  authorization.append(", SignedHeaders=").append(JoinNames(names));
  authorization.append(", Signature=").append(signature);
  added.emplace_back("Authorization", std::move(authorization));
  return added;
}

}  // namespace stator::sigv4
