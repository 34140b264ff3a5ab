// Tests: srp_test.cc, with the vector of notes/cognito.md, section 5.2.
#include "pools/srp.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>

#include <memory>

#include "base/check.h"
#include "base/random.h"
#include "sigv4/digest.h"

namespace stator::pools {
namespace {

constexpr size_t kPrimeBytes = 384;
constexpr size_t kSecretBytes = 32;
constexpr size_t kSaltBytes = 16;
constexpr size_t kKeyBytes = 16;
constexpr Bytes kKeyLabel = "Caldera Derived Key\x01";

struct FreeNumber {
  void operator()(BIGNUM* n) const { BN_clear_free(n); }
};
struct FreeContext {
  void operator()(BN_CTX* c) const { BN_CTX_free(c); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;
using Context = std::unique_ptr<BN_CTX, FreeContext>;

Context NewContext() {
  Context context(BN_CTX_new());
  STATOR_CHECK(context);
  return context;
}

Number Zero() {
  Number n(BN_new());
  STATOR_CHECK(n);
  return n;
}

Number FromBytes(Bytes bytes) {
  Number n(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
  STATOR_CHECK(n);
  return n;
}

std::string ToBytes(const BIGNUM* n) {
  std::string bytes(static_cast<size_t>(BN_num_bytes(n)), '\0');
  BN_bn2bin(n, reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

// As the clients hash numbers: in two's complement, a byte 00 in front of one whose top bit is set.
std::string Padded(Bytes bytes) {
  while (!bytes.empty() && bytes.front() == '\0') bytes.remove_prefix(1);
  std::string padded;
  if (bytes.empty() || (static_cast<unsigned char>(bytes.front()) & 0x80) != 0) padded.push_back('\0');
  return padded.append(bytes);
}

// The prime, made ready for powers, and k. Read by every thread once it is there.
struct Group {
  Number n, k, two;
  BN_MONT_CTX* powers = BN_MONT_CTX_new();

  Group() : n(BN_get_rfc3526_prime_3072(nullptr)), k(Zero()), two(Zero()) {
    const Context context = NewContext();
    STATOR_CHECK(n && powers && BN_MONT_CTX_set(powers, n.get(), context.get()) == 1);
    STATOR_CHECK(BN_set_word(two.get(), 2) == 1);
    k = FromBytes(sigv4::Sha256(Padded(ToBytes(n.get())) + Padded("\x02")));
  }
};
const Group& TheGroup() {
  static const Group* group = new Group();
  return *group;
}

// base^exponent mod N, in a time that does not depend on the exponent.
Number Power(const BIGNUM* base, const BIGNUM* exponent, BN_CTX* context) {
  const Group& group = TheGroup();
  Number result = Zero();
  STATOR_CHECK(BN_mod_exp_mont_consttime(result.get(), base, exponent, group.n.get(), context, group.powers) == 1);
  return result;
}

Number HashNumber(Bytes bytes) { return FromBytes(sigv4::Sha256(bytes)); }

Number SecretOf(Bytes salt, Bytes pool, Bytes user, Bytes password) {
  const std::string inner = sigv4::Sha256(std::string(pool).append(user).append(":").append(password));
  return HashNumber(Padded(salt) + inner);
}

}  // namespace

Verifier MakeVerifier(Bytes pool, Bytes user, Bytes password) {
  return MakeVerifier(pool, user, password, SecureRandom(kSaltBytes));
}

Verifier MakeVerifier(Bytes pool, Bytes user, Bytes password, std::string salt) {
  const Context context = NewContext();
  const Number x = SecretOf(salt, pool, user, password);
  std::string value = ToBytes(Power(TheGroup().two.get(), x.get(), context.get()).get());
  return {std::move(salt), std::move(value)};
}

bool CheckPassword(const Verifier& verifier, Bytes pool, Bytes user, Bytes password) {
  const Verifier made = MakeVerifier(pool, user, password, verifier.salt);
  return SameBytes(made.value, verifier.value) && !verifier.empty();
}

Verifier SimulatedVerifier(Bytes secret, Bytes user) {
  const std::string seed = sigv4::HmacSha256(secret, user);
  std::string bytes;
  for (char i = 0; bytes.size() < kPrimeBytes; ++i) bytes += sigv4::HmacSha256(seed, Bytes(&i, 1));
  bytes.front() = static_cast<char>(bytes.front() & 0x7f);  // below N
  return {sigv4::HmacSha256(seed, "salt").substr(0, kSaltBytes), bytes};
}

std::optional<std::string> ReadA(Bytes hex) {
  while (!hex.empty() && hex.front() == '0') hex.remove_prefix(1);
  if (hex.empty() || hex.size() > 2 * kPrimeBytes) return std::nullopt;
  if (hex.find_first_not_of("0123456789abcdefABCDEF") != Bytes::npos) return std::nullopt;
  BIGNUM* read = nullptr;
  if (BN_hex2bn(&read, std::string(hex).c_str()) == 0) return std::nullopt;
  const Number a(read);
  // Of as many digits as N there is only N itself that is 0 mod N.
  if (BN_cmp(a.get(), TheGroup().n.get()) == 0) return std::nullopt;
  return ToBytes(a.get());
}

SrpChallenge MakeChallenge(const Verifier& verifier) { return MakeChallenge(verifier, SecureRandom(kSecretBytes)); }

SrpChallenge MakeChallenge(const Verifier& verifier, std::string b) {
  const Group& group = TheGroup();
  const Context context = NewContext();
  const Number exponent = FromBytes(b);
  const Number v = FromBytes(verifier.value);
  const Number power = Power(group.two.get(), exponent.get(), context.get());
  const Number sum = Zero();
  STATOR_CHECK(BN_mod_mul(sum.get(), group.k.get(), v.get(), group.n.get(), context.get()) == 1);
  STATOR_CHECK(BN_mod_add(sum.get(), sum.get(), power.get(), group.n.get(), context.get()) == 1);
  return {std::move(b), ToBytes(sum.get())};
}

std::optional<std::string> SrpKey(const Verifier& verifier, Bytes a, const SrpChallenge& challenge) {
  const Group& group = TheGroup();
  const Context context = NewContext();
  const std::string u_bytes = sigv4::Sha256(Padded(a) + Padded(challenge.public_b));
  const Number u = FromBytes(u_bytes);
  const Number big_a = FromBytes(a);
  if (BN_is_zero(u.get())) return std::nullopt;
  const Number v = FromBytes(verifier.value);
  const Number base = Power(v.get(), u.get(), context.get());
  STATOR_CHECK(BN_mod_mul(base.get(), base.get(), big_a.get(), group.n.get(), context.get()) == 1);
  const Number b = FromBytes(challenge.b);
  const Number s = Power(base.get(), b.get(), context.get());
  const std::string prk = sigv4::HmacSha256(Padded(u_bytes), Padded(ToBytes(s.get())));
  return sigv4::HmacSha256(prk, kKeyLabel).substr(0, kKeyBytes);
}

std::string SrpSignature(Bytes key, Bytes pool, Bytes user, Bytes block, Bytes timestamp) {
  return sigv4::HmacSha256(key, std::string(pool).append(user).append(block).append(timestamp));
}

bool SameBytes(Bytes a, Bytes b) { return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0; }

}  // namespace stator::pools
