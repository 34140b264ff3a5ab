#include "tokens/jwt.h"

#include "base/base64.h"
#include "client/json_text.h"
#include "json/value.h"

namespace stator::messages {

std::optional<std::string> FromBase64Url(Bytes text) {
  std::string usual;
  usual.reserve(text.size() + 3);
  for (const char c : text) {
    if (c == '+' || c == '/' || c == '=') return std::nullopt;
    usual.push_back(c == '-' ? '+' : c == '_' ? '/' : c);
  }
  while (usual.size() % 4 != 0) usual.push_back('=');
  std::string bytes;
  if (!AppendFromBase64(&bytes, usual)) return std::nullopt;
  return bytes;
}

std::optional<Jwt> SplitJwt(Bytes token) {
  const size_t first = token.find('.');
  const size_t second = first == Bytes::npos ? first : token.find('.', first + 1);
  if (second == Bytes::npos || token.find('.', second + 1) != Bytes::npos) return std::nullopt;
  const auto header = FromBase64Url(token.substr(0, first));
  auto payload = FromBase64Url(token.substr(first + 1, second - first - 1));
  auto signature = FromBase64Url(token.substr(second + 1));
  if (!header || !payload || !signature) return std::nullopt;
  json::Document document;
  const auto root = document.Parse(*header);
  if (!root.ok() || !root->is_object()) return std::nullopt;
  // Extensions that must be understood (RFC 7515, section 4.1.11): we understand none.
  if (root->Find("crit").valid()) return std::nullopt;
  return Jwt{std::string(client::TextOf(*root, "alg")), std::string(client::TextOf(*root, "kid")), std::move(*payload),
             token.substr(0, second), std::move(*signature)};
}

std::optional<Claims> ReadClaims(Bytes payload) {
  json::Document document;
  const auto root = document.Parse(payload);
  if (!root.ok() || !root->is_object()) return std::nullopt;
  const json::Value expires = root->Find("exp");
  Claims claims;
  if (!expires.valid() || expires.kind() != json::Kind::kInteger) return std::nullopt;
  claims.expires = expires.integer();
  claims.subject = client::TextOf(*root, "sub");
  claims.username = client::TextOf(*root, "username");
  claims.issuer = client::TextOf(*root, "iss");
  claims.client_id = client::TextOf(*root, "client_id");
  claims.use = client::TextOf(*root, "token_use");
  if (claims.subject.empty()) return std::nullopt;
  return claims;
}

}  // namespace stator::messages
