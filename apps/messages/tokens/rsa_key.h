// RS256: RSA signatures (PKCS #1 v1.5) over SHA-256, verified.
#pragma once

#include <memory>
#include <optional>

#include "base/bytes.h"

namespace stator::messages {

// A public key. Threads: immutable, any.
class RsaKey {
 public:
  // Modulus and exponent as big-endian bytes. Nothing for a modulus of less than 2,048 or more than 8,192 bits, or an
  // exponent that is even, smaller than three, or longer than four bytes.
  static std::optional<RsaKey> Make(Bytes modulus, Bytes exponent);

  // Whether `signature` was made over `text` with the key's other half.
  bool Verifies(Bytes text, Bytes signature) const;

 private:
  struct Impl;
  explicit RsaKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;  // shared by copies
};

}  // namespace stator::messages
