// The client's side of USER_SRP_AUTH: proves to know a password without sending it. Cognito's own arithmetic: the
// 3,072-bit group of RFC 3526 with g = 2, SHA-256, numbers as two's complement.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"

namespace stator::messages {

// What the service answers to InitiateAuth.
struct SrpChallenge {
  std::string salt;          // SALT, hexadecimal
  std::string b;             // SRP_B, hexadecimal
  std::string secret_block;  // SECRET_BLOCK, base64
  std::string user_id;       // USER_ID_FOR_SRP
};

class SrpClient {
 public:
  SrpClient();                         // a secret of 256 random bits
  explicit SrpClient(Bytes a_in_hex);  // for tests
  // SRP_A.
  const std::string& a() const { return public_; }
  // PASSWORD_CLAIM_SIGNATURE; nothing if the challenge is none. `pool_name`: what follows the first '_' of the pool's
  // id.
  std::optional<std::string> Sign(Bytes pool_name, Bytes password, const SrpChallenge&, Bytes timestamp) const;

 private:
  std::string secret_;  // hexadecimal
  std::string public_;
};

// "Tue Apr 5 01:02:03 UTC 2022"
std::string SrpTimestamp(Time);

}  // namespace stator::messages
