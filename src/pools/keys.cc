// Tests: tokens_test.cc; format: docs/formats/pools.md.
#include "pools/keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <algorithm>

#include "base/base64.h"
#include "base/check.h"
#include "base/coder.h"
#include "base/random.h"
#include "errors/pools.h"
#include "json/writer.h"
#include "pools/tokens.h"

namespace stator::pools {
namespace {

constexpr size_t kKeyBits = 2048;
constexpr size_t kKidBytes = 32;
constexpr size_t kSecretBytes = 32;

const unsigned char* Unsigned(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* Unsigned(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
};

}  // namespace

struct SigningKey::Impl {
  explicit Impl(EVP_PKEY* given) : key(given) {}
  ~Impl() { EVP_PKEY_free(key); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::string Number(const char* name) const {
    BIGNUM* read = nullptr;
    STATOR_CHECK(EVP_PKEY_get_bn_param(key, name, &read) == 1);
    const std::unique_ptr<BIGNUM, FreeNumber> number(read);
    std::string bytes(static_cast<size_t>(BN_num_bytes(read)), '\0');
    BN_bn2bin(read, Unsigned(bytes));
    return bytes;
  }

  EVP_PKEY* key;
};

SigningKey::SigningKey(std::string kid, Time created, std::unique_ptr<Impl> impl)
    : kid_(std::move(kid)), created_(created), impl_(std::move(impl)) {}
SigningKey::~SigningKey() = default;

Result<SigningKeyRef> SigningKey::Make(Time now) {
  EVP_PKEY* key = EVP_RSA_gen(kKeyBits);
  if (!key) return Fail(errors::kPoolsUnavailable);
  return SigningKeyRef(new SigningKey(Base64(SecureRandom(kKidBytes)), now, std::make_unique<Impl>(key)));
}

SigningKeyRef SigningKey::Read(std::string kid, Bytes der, Time created) {
  const unsigned char* at = Unsigned(der);
  EVP_PKEY* key = d2i_PrivateKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(der.size()));
  if (!key) return nullptr;
  return SigningKeyRef(new SigningKey(std::move(kid), created, std::make_unique<Impl>(key)));
}

std::string SigningKey::Private() const {
  const int size = i2d_PrivateKey(impl_->key, nullptr);
  STATOR_CHECK(size > 0);
  std::string der(static_cast<size_t>(size), '\0');
  unsigned char* at = Unsigned(der);
  STATOR_CHECK(i2d_PrivateKey(impl_->key, &at) == size);
  return der;
}

std::string SigningKey::Sign(Bytes text) const {
  const Context context(EVP_MD_CTX_new());
  size_t size = kKeyBits / 8;
  std::string signature(size, '\0');
  STATOR_CHECK(context && EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, impl_->key) == 1);
  STATOR_CHECK(EVP_DigestSign(context.get(), Unsigned(signature), &size, Unsigned(text), text.size()) == 1);
  return signature;
}

bool SigningKey::Verify(Bytes text, Bytes signature) const {
  const Context context(EVP_MD_CTX_new());
  STATOR_CHECK(context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, impl_->key) == 1);
  return EVP_DigestVerify(context.get(), Unsigned(signature), signature.size(), Unsigned(text), text.size()) == 1;
}

std::string SigningKey::modulus() const { return impl_->Number(OSSL_PKEY_PARAM_RSA_N); }
std::string SigningKey::exponent() const { return impl_->Number(OSSL_PKEY_PARAM_RSA_E); }

// --- The keys of a pool. ---

const SigningKey* Keys::Find(Bytes kid) const {
  if (id->kid() == kid) return id.get();
  if (access->kid() == kid) return access.get();
  const auto found = std::find_if(old.begin(), old.end(), [kid](const auto& key) { return key->kid() == kid; });
  return found == old.end() ? nullptr : found->get();
}

std::string Keys::Jwks() const {
  std::string text;
  json::Writer out(&text);
  out.BeginObject().Key("keys").BeginArray();
  const auto write = [&out](const SigningKey& key) {
    out.BeginObject().Key("alg").String("RS256").Key("e").String(Base64Url(key.exponent()));
    out.Key("kid").String(key.kid()).Key("kty").String("RSA").Key("n").String(Base64Url(key.modulus()));
    out.Key("use").String("sig").EndObject();
  };
  write(*id);
  write(*access);
  for (const SigningKeyRef& key : old) write(*key);
  out.EndArray().EndObject();
  return text;
}

Result<std::shared_ptr<const Keys>> MakeKeys(Time now, const Keys* before) {
  auto keys = std::make_shared<Keys>();
  STATOR_TRY(keys->id, SigningKey::Make(now));
  STATOR_TRY(keys->access, SigningKey::Make(now));
  if (before) {
    keys->secret = before->secret;
    keys->old = {before->id, before->access};
    keys->old.insert(keys->old.end(), before->old.begin(), before->old.end());
    if (keys->old.size() > Keys::kMostOld) keys->old.resize(Keys::kMostOld);
  } else {
    keys->secret = SecureRandom(kSecretBytes);
  }
  return std::shared_ptr<const Keys>(std::move(keys));
}

std::string EncodeKeys(const Keys& keys) {
  std::string out;
  Encoder coder(&out);
  std::vector<SigningKeyRef> all = {keys.id, keys.access};
  all.insert(all.end(), keys.old.begin(), keys.old.end());
  coder.Text(keys.secret);
  coder.List(all, [&coder](const SigningKeyRef& key) {
    coder.Text(key->kid());
    coder.Instant(key->created());
    coder.Text(key->Private());
  });
  return out;
}

std::shared_ptr<const Keys> DecodeKeys(uint8_t format, Bytes bytes) {
  if (format != kKeysFormat) return nullptr;
  Decoder coder(bytes);
  auto keys = std::make_shared<Keys>();
  coder.Text(keys->secret);
  std::vector<SigningKeyRef> all;
  coder.List(all, [&coder](SigningKeyRef& key) {
    std::string kid;
    std::string der;
    Time created;
    coder.Text(kid);
    coder.Instant(created);
    coder.Text(der);
    key = SigningKey::Read(std::move(kid), der, created);
  });
  const bool broken = std::any_of(all.begin(), all.end(), [](const auto& key) { return !key; });
  if (!coder.Finished() || broken || all.size() < 2) return nullptr;
  keys->id = all[0];
  keys->access = all[1];
  keys->old.assign(all.begin() + 2, all.end());
  return keys;
}

}  // namespace stator::pools
