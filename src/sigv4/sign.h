// AWS Signature Version 4 over a canonical request (sigv4/canonical.h): string to sign, key, signature, and the
// headers that carry them. Verification will use the same functions with the scope that a request claims.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "sigv4/canonical.h"

namespace stator::sigv4 {

struct Credentials {
  std::string key_id;
  std::string secret;
  std::string token;  // of temporary credentials; empty for lasting ones
};

struct Scope {
  std::string date;  // YYYYMMDD
  std::string region;
  std::string service;

  // "20261120/us-east-1/dynamodb/aws4_request"
  std::string Text() const;
};

// "20261120T082208Z"
std::string AmzDate(Time);

// `amz_date` as in X-Amz-Date.
std::string StringToSign(Bytes amz_date, const Scope&, Bytes canonical_request);

// The 32-byte key of a day, region and service; worth keeping, as it costs four HMACs.
std::string SigningKey(Bytes secret, const Scope&);

// Lower-case hexadecimal.
std::string Signature(Bytes signing_key, Bytes string_to_sign);

// The headers to add to a request so that it is signed over all of its headers, Host among them, and its body:
// X-Amz-Date, X-Amz-Security-Token if there is one, and Authorization.
// REQUIRES: the request carries a Host header and none of the three.
using Headers = std::vector<std::pair<std::string, std::string>>;
Headers SignRequest(const Request&, Bytes body, const Credentials&, Bytes region, Bytes service, Time now,
                    PathRule = PathRule::kEncodeTwice);

}  // namespace stator::sigv4
