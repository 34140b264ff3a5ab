// The public keys of a user pool (RFC 7517).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "tokens/rsa_key.h"

namespace stator::messages {

// By key id.
using KeySet = std::map<std::string, RsaKey, std::less<>>;

// The RSA signing keys of `{"keys":[...]}`; others are passed over. Nothing if it is no such document.
std::optional<KeySet> ReadKeySet(Bytes json);

}  // namespace stator::messages
