// The one place of the application that names OpenSSL.
#include "tokens/rsa_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

namespace stator::messages {
namespace {

constexpr size_t kLeastBytes = 2048 / 8;
constexpr size_t kMostBytes = 8192 / 8;

template <auto Fn>
struct Freeing {
  template <class T>
  void operator()(T* object) const {
    Fn(object);
  }
};
template <class T, auto Fn>
using Owned = std::unique_ptr<T, Freeing<Fn>>;
using Number = Owned<BIGNUM, BN_free>;
using Key = Owned<EVP_PKEY, EVP_PKEY_free>;

const unsigned char* Data(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

Bytes WithoutZeros(Bytes bytes) {
  while (!bytes.empty() && bytes.front() == '\0') bytes.remove_prefix(1);
  return bytes;
}

Number NumberOf(Bytes bytes) { return Number(BN_bin2bn(Data(bytes), static_cast<int>(bytes.size()), nullptr)); }

Key KeyOf(Bytes modulus, Bytes exponent) {
  const Number n = NumberOf(modulus);
  const Number e = NumberOf(exponent);
  const Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return nullptr;
  }
  const Owned<OSSL_PARAM, OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return Key(key);
}

}  // namespace

struct RsaKey::Impl {
  Key key;
  size_t bytes = 0;
};

std::optional<RsaKey> RsaKey::Make(Bytes modulus, Bytes exponent) {
  modulus = WithoutZeros(modulus);
  exponent = WithoutZeros(exponent);
  if (modulus.size() < kLeastBytes || modulus.size() > kMostBytes) return std::nullopt;
  if ((static_cast<uint8_t>(modulus.front()) & 0x80) == 0 && modulus.size() == kLeastBytes) return std::nullopt;
  if (exponent.empty() || exponent.size() > 4 || (exponent.back() & 1) == 0 || exponent == Bytes("\1", 1)) {
    return std::nullopt;
  }
  Key key = KeyOf(modulus, exponent);
  if (!key) return std::nullopt;
  auto impl = std::make_shared<Impl>();
  impl->key = std::move(key);
  impl->bytes = modulus.size();
  return RsaKey(std::move(impl));
}

bool RsaKey::Verifies(Bytes text, Bytes signature) const {
  if (signature.size() != impl_->bytes) return false;
  const Owned<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  return context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, impl_->key.get()) == 1 &&
         EVP_DigestVerify(context.get(), Data(signature), signature.size(), Data(text), text.size()) == 1;
}

}  // namespace stator::messages
