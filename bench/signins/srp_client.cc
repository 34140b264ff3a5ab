#include "signins/srp_client.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <ctime>
#include <memory>
#include <vector>

namespace signins {
namespace {

struct Free {
  void operator()(BIGNUM* n) const { BN_free(n); }
  void operator()(BN_CTX* c) const { BN_CTX_free(c); }
};
using Number = std::unique_ptr<BIGNUM, Free>;
using Context = std::unique_ptr<BN_CTX, Free>;

Number Prime() { return Number(BN_get_rfc3526_prime_3072(nullptr)); }
Number FromHex(const std::string& hex) {
  BIGNUM* n = nullptr;
  BN_hex2bn(&n, hex.c_str());
  return Number(n);
}
Number FromBytes(const std::string& bytes) {
  return Number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
}
std::string Padded(const BIGNUM* n) {
  std::string bytes(static_cast<size_t>(BN_num_bytes(n)), '\0');
  BN_bn2bin(n, reinterpret_cast<unsigned char*>(bytes.data()));
  if (bytes.empty() || (static_cast<unsigned char>(bytes[0]) & 0x80) != 0) bytes.insert(0, 1, '\0');
  return bytes;
}
std::string Sha256(const std::string& text) {
  std::string digest(32, '\0');
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr, EVP_sha256(), nullptr);
  return digest;
}
std::string Hmac(const std::string& key, const std::string& text) {
  std::string digest(32, '\0');
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return digest;
}
std::string Decoded(const std::string& base64) {
  std::vector<unsigned char> out(base64.size());
  const int size = EVP_DecodeBlock(out.data(), reinterpret_cast<const unsigned char*>(base64.data()),
                                   static_cast<int>(base64.size()));
  size_t length = size < 0 ? 0 : static_cast<size_t>(size);
  for (size_t i = base64.size(); i > 0 && base64[i - 1] == '=' && length > 0; --i) --length;
  return {reinterpret_cast<char*>(out.data()), length};
}
std::string Encoded(const std::string& bytes) {
  std::vector<unsigned char> out(bytes.size() * 2 + 8);
  const int size =
      EVP_EncodeBlock(out.data(), reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return {reinterpret_cast<char*>(out.data()), static_cast<size_t>(size)};
}

}  // namespace

SrpClient::SrpClient(std::string pool) : pool_(std::move(pool)), secret_(32, '\0') {
  RAND_bytes(reinterpret_cast<unsigned char*>(secret_.data()), static_cast<int>(secret_.size()));
  const Context context(BN_CTX_new());
  const Number n = Prime();
  const Number two = FromHex("2");
  const Number a = FromBytes(secret_);
  const Number public_a(BN_new());
  BN_mod_exp(public_a.get(), two.get(), a.get(), n.get(), context.get());
  char* hex = BN_bn2hex(public_a.get());
  a_hex_ = hex;
  OPENSSL_free(hex);
}

std::string SrpClient::Sign(const std::string& user, const std::string& password, const std::string& salt,
                            const std::string& b, const std::string& block, const std::string& timestamp) const {
  const Context context(BN_CTX_new());
  const Number n = Prime();
  const Number two = FromHex("2");
  const Number a = FromBytes(secret_);
  const Number public_a = FromHex(a_hex_);
  const Number public_b = FromHex(b);
  const std::string u_bytes = Sha256(Padded(public_a.get()) + Padded(public_b.get()));
  const Number u = FromBytes(u_bytes);
  const Number k = FromBytes(Sha256(Padded(n.get()) + Padded(two.get())));
  const Number salt_number = FromHex(salt);
  const Number x = FromBytes(Sha256(Padded(salt_number.get()) + Sha256(pool_ + user + ":" + password)));
  const Number base(BN_new());
  const Number exponent(BN_new());
  const Number s(BN_new());
  BN_mod_exp(base.get(), two.get(), x.get(), n.get(), context.get());
  BN_mod_mul(base.get(), base.get(), k.get(), n.get(), context.get());
  BN_mod_sub(base.get(), public_b.get(), base.get(), n.get(), context.get());
  BN_mul(exponent.get(), u.get(), x.get(), context.get());
  BN_add(exponent.get(), exponent.get(), a.get());
  BN_mod_exp(s.get(), base.get(), exponent.get(), n.get(), context.get());
  const std::string prk = Hmac(Padded(u.get()), Padded(s.get()));
  const std::string key = Hmac(prk, "Caldera Derived Key\x01").substr(0, 16);
  return Encoded(Hmac(key, pool_ + user + Decoded(block) + timestamp));
}

std::string SrpTime() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%a %b %e %H:%M:%S UTC %Y", &parts);
  std::string written = text.data();
  if (const size_t twice = written.find("  "); twice != std::string::npos) written.erase(twice, 1);
  return written;
}

}  // namespace signins
