// A pool's signing keys: RSA of 2,048 bits, one for id tokens and one for access tokens, and those that were rotated
// out and whose tokens may still be valid. And the pool's secret, from which salts of users that do not exist are made
// and codes are hashed. notes/cognito.md, section 6.
//
// Threads: immutable, any. The library's own types stay in keys.cc.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "errors/result.h"

namespace stator::pools {

class SigningKey {
 public:
  // Makes one. Takes about a tenth of a second: worker threads only.
  static Result<std::shared_ptr<const SigningKey>> Make(Time now);
  // From what `Private` gave; null when it is none.
  static std::shared_ptr<const SigningKey> Read(std::string kid, Bytes der, Time created);
  ~SigningKey();

  const std::string& kid() const { return kid_; }  // base64 of 32 random bytes
  Time created() const { return created_; }
  std::string Private() const;  // PKCS #1, DER; for the store only
  // RSASSA-PKCS1-v1_5 with SHA-256, 256 bytes. About half a millisecond: worker threads only.
  std::string Sign(Bytes text) const;
  // Some 20 microseconds.
  bool Verify(Bytes text, Bytes signature) const;
  std::string modulus() const;   // big-endian, as JWK's "n" before base64url
  std::string exponent() const;  // "e"

 private:
  struct Impl;
  SigningKey(std::string kid, Time created, std::unique_ptr<Impl> impl);
  std::string kid_;
  Time created_;
  std::unique_ptr<Impl> impl_;
};
using SigningKeyRef = std::shared_ptr<const SigningKey>;

struct Keys {
  SigningKeyRef id, access;        // sign
  std::vector<SigningKeyRef> old;  // verify; published; newest first, at most kMostOld
  std::string secret;              // 32 bytes

  static constexpr size_t kMostOld = 8;
  // Null: none of that name.
  const SigningKey* Find(Bytes kid) const;
  // {"keys":[{"alg":"RS256","e":"AQAB","kid":...,"kty":"RSA","n":...,"use":"sig"},...]}
  std::string Jwks() const;
};

// Worker threads only. Makes both keys and a secret; or, with `before`, new keys and the old ones behind them.
Result<std::shared_ptr<const Keys>> MakeKeys(Time now, const Keys* before = nullptr);

inline constexpr uint8_t kKeysFormat = 1;
std::string EncodeKeys(const Keys& keys);
std::shared_ptr<const Keys> DecodeKeys(uint8_t format, Bytes bytes);  // null: damaged

}  // namespace stator::pools
