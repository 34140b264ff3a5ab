// The server's half of SRP as user pools speak it: 3,072 bits, g = 2, SHA-256, "Caldera Derived Key"
// (notes/cognito.md, section 5.2). Pure functions over byte strings; numbers are big-endian, without sign.
//
// Threads: any. Verifier, Challenge and Prove raise numbers to powers, half a millisecond each: worker threads only.
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/clock.h"

namespace stator::pools {

// What is kept of a password.
struct Verifier {
  std::string salt;   // 16 bytes
  std::string value;  // v = g^x mod N, without leading zeros
  bool empty() const { return value.empty(); }
};

// `pool` is the part of the pool's id behind '_'; `user` the stored user name.
Verifier MakeVerifier(Bytes pool, Bytes user, Bytes password);
Verifier MakeVerifier(Bytes pool, Bytes user, Bytes password, std::string salt);
// Whether the password is the verifier's. Takes the same time either way.
bool CheckPassword(const Verifier& verifier, Bytes pool, Bytes user, Bytes password);
// For a user that does not exist: always the same for a name and looking like any other. `secret` is the pool's.
Verifier SimulatedVerifier(Bytes secret, Bytes user);

// The client's first number, from hexadecimal digits. Nothing: no number, longer than N, or 0 mod N.
std::optional<std::string> ReadA(Bytes hex);

struct SrpChallenge {
  std::string b;         // secret
  std::string public_b;  // B
};
SrpChallenge MakeChallenge(const Verifier& verifier);
SrpChallenge MakeChallenge(const Verifier& verifier, std::string b);

// The key that both sides come to, 16 bytes; nothing when the numbers are degenerate (u = 0).
std::optional<std::string> SrpKey(const Verifier& verifier, Bytes a, const SrpChallenge& challenge);
// 32 bytes. `block` is what SECRET_BLOCK stands for, decoded.
std::string SrpSignature(Bytes key, Bytes pool, Bytes user, Bytes block, Bytes timestamp);

// "Tue Apr 5 01:02:03 UTC 2022": exactly as clients write it, weekday included. Nothing: another form.
std::optional<Time> ReadSrpTime(Bytes text);

// In a time that does not depend on where they differ.
bool SameBytes(Bytes a, Bytes b);

}  // namespace stator::pools
