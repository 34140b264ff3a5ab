// Tests: pools_test.cc; format: docs/formats/pools.md.
#include "pools/pool_codec.h"

#include "base/coder.h"

namespace stator::pools {
namespace {

template <class Coder>
void CodeBound(Coder& coder, Of<Coder, std::optional<int64_t>> bound) {
  coder.Optional(bound, [&coder](auto& number) {
    auto bits = static_cast<uint64_t>(number);
    coder.Fixed(bits);
    if constexpr (Coder::kReads) number = static_cast<int64_t>(bits);
  });
}

template <class Coder>
void CodeAttributes(Coder& coder, Of<Coder, std::vector<Attribute>> attributes) {
  coder.List(attributes, [&coder](auto& attribute) {
    coder.Text(attribute.name);
    coder.Number(attribute.type);
    coder.Number(attribute.required);
    coder.Number(attribute.is_mutable);
    coder.Number(attribute.developer_only);
    CodeBound<Coder>(coder, attribute.min);
    CodeBound<Coder>(coder, attribute.max);
  });
}

template <class Coder>
void CodePolicy(Coder& coder, Of<Coder, PasswordPolicy> policy) {
  coder.Number(policy.min_length);
  coder.Number(policy.uppercase);
  coder.Number(policy.lowercase);
  coder.Number(policy.numbers);
  coder.Number(policy.symbols);
  coder.Number(policy.temporary_days);
}

template <class Coder>
void CodeTriggers(Coder& coder, Of<Coder, Triggers> triggers) {
  coder.Text(triggers.pre_sign_up);
  coder.Text(triggers.post_confirmation);
  coder.Text(triggers.pre_authentication);
  coder.Text(triggers.post_authentication);
  coder.Text(triggers.pre_token_generation);
  coder.Text(triggers.pre_token_generation_version);
  coder.Text(triggers.custom_message);
  coder.Text(triggers.user_migration);
}

template <class Coder>
void CodePool(Coder& coder, Of<Coder, Pool> pool) {
  coder.Text(pool.id);
  coder.Text(pool.name);
  coder.Text(pool.arn);
  coder.Text(pool.region);
  coder.Text(pool.account);
  coder.Instant(pool.created);
  coder.Instant(pool.modified);
  CodePolicy<Coder>(coder, pool.policy);
  CodeTriggers<Coder>(coder, pool.triggers);
  CodeTexts<Coder>(coder, pool.alias_attributes);
  CodeTexts<Coder>(coder, pool.username_attributes);
  CodeTexts<Coder>(coder, pool.auto_verified);
  CodeAttributes<Coder>(coder, pool.custom);
  CodeAttributes<Coder>(coder, pool.changed_standard);
  coder.Number(pool.case_sensitive);
  coder.Number(pool.admin_only);
  coder.Number(pool.deletion_protection);
  coder.Text(pool.mfa);
  CodePairs<Coder>(coder, pool.tags);
  CodePairs<Coder>(coder, pool.shown);
}

template <class Coder>
void CodeClient(Coder& coder, Of<Coder, Client> client) {
  coder.Text(client.id);
  coder.Text(client.name);
  coder.Text(client.pool_id);
  coder.Text(client.secret);
  coder.Instant(client.created);
  coder.Instant(client.modified);
  CodeTexts<Coder>(coder, client.flows);
  CodeTexts<Coder>(coder, client.shown_flows);
  coder.Number(client.access_seconds);
  coder.Number(client.id_seconds);
  coder.Number(client.refresh_seconds);
  coder.Number(client.session_minutes);
  coder.Number(client.prevent_existence_errors);
  coder.Number(client.revocation);
  coder.Number(client.rotation);
  coder.Number(client.rotation_grace_seconds);
  CodeTexts<Coder>(coder, client.read_attributes);
  CodeTexts<Coder>(coder, client.write_attributes);
  CodePairs<Coder>(coder, client.shown);
}

template <class T, class Code>
std::optional<T> Decode(Bytes bytes, Code code) {
  T read;
  Decoder coder(bytes);
  code(coder, read);
  if (!coder.Finished()) return std::nullopt;
  return read;
}

}  // namespace

std::string EncodePool(const Pool& pool) {
  std::string out;
  Encoder coder(&out);
  CodePool<Encoder>(coder, pool);
  return out;
}

std::optional<Pool> DecodePool(uint8_t format, Bytes bytes) {
  if (format != kPoolFormat) return std::nullopt;
  return Decode<Pool>(bytes, CodePool<Decoder>);
}

std::string EncodeClient(const Client& client) {
  std::string out;
  Encoder coder(&out);
  CodeClient<Encoder>(coder, client);
  return out;
}

std::optional<Client> DecodeClient(uint8_t format, Bytes bytes) {
  if (format != kClientFormat) return std::nullopt;
  return Decode<Client>(bytes, CodeClient<Decoder>);
}

}  // namespace stator::pools
