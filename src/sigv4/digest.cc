#include "sigv4/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/check.h"

namespace stator::sigv4 {
namespace {

constexpr size_t kDigestBytes = 32;

const unsigned char* Unsigned(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* Unsigned(std::string* bytes) { return reinterpret_cast<unsigned char*>(bytes->data()); }

}  // namespace

std::string Sha256(Bytes bytes) {
  std::string digest(kDigestBytes, '\0');
  unsigned size = 0;
  STATOR_CHECK(EVP_Digest(bytes.data(), bytes.size(), Unsigned(&digest), &size, EVP_sha256(), nullptr) == 1);
  return digest;
}

std::string HmacSha256(Bytes key, Bytes text) {
  std::string digest(kDigestBytes, '\0');
  unsigned size = 0;
  STATOR_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), Unsigned(text), text.size(),
                    Unsigned(&digest), &size) != nullptr);
  return digest;
}

std::string Hex(Bytes bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 15]);
  }
  return hex;
}

}  // namespace stator::sigv4
