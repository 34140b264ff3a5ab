// See srp.h; the formulas are those of RFC 5054 with Cognito's choices. srp_test.cc has a vector.
#include "cognito/srp.h"

#include <openssl/bn.h>

#include <array>
#include <chrono>
#include <memory>

#include "base/base64.h"
#include "base/random.h"
#include "sigv4/digest.h"

namespace stator::messages {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr size_t kLongestNumber = 2048;  // hexadecimal digits; theirs have 768

struct Free {
  void operator()(BIGNUM* number) const { BN_clear_free(number); }
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Number = std::unique_ptr<BIGNUM, Free>;

Number FromHex(Bytes hex) {
  BIGNUM* number = nullptr;
  const bool fits = !hex.empty() && hex.size() <= kLongestNumber;
  const std::string text(hex);
  const bool read = fits && BN_hex2bn(&number, text.c_str()) == static_cast<int>(text.size());
  Number owned(number);
  if (!read || BN_is_negative(number)) return nullptr;
  return owned;
}

Number FromBytes(Bytes bytes) {
  return Number(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
}

// Big-endian, with 00 in front where the first bit would make it negative.
std::string Padded(const BIGNUM* number) {
  std::string bytes(static_cast<size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  if (bytes.empty() || (static_cast<unsigned char>(bytes[0]) & 0x80) != 0) bytes.insert(0, 1, '\0');
  return bytes;
}

struct Group {
  Number n{BN_get_rfc3526_prime_3072(nullptr)};
  Number g = FromHex("02");
  std::unique_ptr<BN_CTX, Free> context{BN_CTX_new()};

  Number Power(const BIGNUM* base, const BIGNUM* exponent) {
    Number result(BN_new());
    BN_mod_exp(result.get(), base, exponent, n.get(), context.get());
    return result;
  }
};

// (B - k g^x) ^ (a + u x)
Number Shared(Group& group, const BIGNUM* b, const BIGNUM* a, const BIGNUM* u, const BIGNUM* x) {
  const Number k = FromBytes(sigv4::Sha256(Padded(group.n.get()) + Padded(group.g.get())));
  const Number verifier = group.Power(group.g.get(), x);
  const Number product(BN_new());
  const Number base(BN_new());
  const Number exponent(BN_new());
  BN_mod_mul(product.get(), k.get(), verifier.get(), group.n.get(), group.context.get());
  BN_mod_sub(base.get(), b, product.get(), group.n.get(), group.context.get());
  BN_mul(exponent.get(), u, x, group.context.get());
  BN_add(exponent.get(), exponent.get(), a);
  return group.Power(base.get(), exponent.get());
}

std::string LowerHex(const BIGNUM* number) {
  std::string bytes(static_cast<size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  std::string hex = sigv4::Hex(bytes);
  if (hex.starts_with('0')) hex.erase(0, 1);
  return hex;
}

}  // namespace

SrpClient::SrpClient() : SrpClient(sigv4::Hex(SecureRandom(kSecretBytes))) {}

SrpClient::SrpClient(Bytes a_in_hex) : secret_(a_in_hex) {
  Group group;
  const Number a = FromHex(secret_);
  public_ = LowerHex(group.Power(group.g.get(), a.get()).get());
}

std::optional<std::string> SrpClient::Sign(Bytes pool_name, Bytes password, const SrpChallenge& challenge,
                                           Bytes timestamp) const {
  Group group;
  const Number a = FromHex(secret_);
  const Number big_a = FromHex(public_);
  const Number b = FromHex(challenge.b);
  const Number salt = FromHex(challenge.salt);
  std::string block;
  if (!b || !salt || !AppendFromBase64(&block, challenge.secret_block)) return std::nullopt;
  const Number remainder(BN_new());
  BN_nnmod(remainder.get(), b.get(), group.n.get(), group.context.get());
  const Number u = FromBytes(sigv4::Sha256(Padded(big_a.get()) + Padded(b.get())));
  if (BN_is_zero(remainder.get()) || BN_is_zero(u.get())) return std::nullopt;

  const std::string who = std::string(pool_name) + challenge.user_id;
  const std::string inner = sigv4::Sha256(who + ":" + std::string(password));
  const Number x = FromBytes(sigv4::Sha256(Padded(salt.get()) + inner));
  const Number shared = Shared(group, b.get(), a.get(), u.get(), x.get());
  const std::string extracted = sigv4::HmacSha256(Padded(u.get()), Padded(shared.get()));
  const std::string key = sigv4::HmacSha256(extracted, std::string("Caldera Derived Key") + '\x01').substr(0, 16);
  return Base64(sigv4::HmacSha256(key, who + block + std::string(timestamp)));
}

std::string SrpTimestamp(Time time) {
  static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_seconds seconds{std::chrono::seconds(time.seconds())};
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  return std::string(kDays[std::chrono::weekday(day).c_encoding()]) + " " +
         kMonths[static_cast<unsigned>(date.month()) - 1] + " " + std::to_string(static_cast<unsigned>(date.day())) +
         " " + FormatIso(time).substr(11, 8) + " UTC " + std::to_string(static_cast<int>(date.year()));
}

}  // namespace stator::messages
