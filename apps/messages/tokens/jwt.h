// JSON Web Tokens in their compact form (RFC 7519, RFC 7515), as user pools make them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace stator::messages {

// base64url without padding (RFC 4648, section 5), strictly: nothing for anything else.
std::optional<std::string> FromBase64Url(Bytes text);

struct Jwt {
  std::string algorithm;  // what the header says
  std::string key_id;
  std::string payload;  // JSON
  Bytes signed_part;    // of the token
  std::string signature;
};

// Nothing if it is not three parts, the first two JSON objects. Nothing is verified. `token` outlives what is returned.
std::optional<Jwt> SplitJwt(Bytes token);

struct Claims {
  std::string subject;
  std::string username;
  std::string issuer;
  std::string client_id;
  std::string use;
  int64_t expires = 0;  // seconds since 1970
};

// Nothing if it is not an object or `exp` or `sub` is missing or of another type. Absent texts are empty.
std::optional<Claims> ReadClaims(Bytes payload);

}  // namespace stator::messages
