#include "tokens/key_set.h"

#include "client/json_text.h"
#include "json/value.h"
#include "tokens/jwt.h"

namespace stator::messages {
namespace {

constexpr size_t kMostKeys = 64;

bool Signs(const json::Value& key) {
  const Bytes use = client::TextOf(key, "use");
  const Bytes algorithm = client::TextOf(key, "alg");
  return client::TextOf(key, "kty") == "RSA" && (use.empty() || use == "sig") &&
         (algorithm.empty() || algorithm == "RS256");
}

}  // namespace

std::optional<KeySet> ReadKeySet(Bytes json) {
  json::Document document;
  const auto root = document.Parse(json);
  if (!root.ok() || !root->is_object()) return std::nullopt;
  const json::Value keys = root->Find("keys");
  if (!keys.valid() || !keys.is_array()) return std::nullopt;
  KeySet set;
  for (const json::Value key : keys.elements()) {
    if (!key.is_object() || !Signs(key) || set.size() == kMostKeys) continue;
    const std::string id(client::TextOf(key, "kid"));
    const auto modulus = FromBase64Url(client::TextOf(key, "n"));
    const auto exponent = FromBase64Url(client::TextOf(key, "e"));
    if (id.empty() || !modulus || !exponent) continue;
    if (auto made = RsaKey::Make(*modulus, *exponent)) set.insert_or_assign(id, std::move(*made));
  }
  return set;
}

}  // namespace stator::messages
