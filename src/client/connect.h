// From what a command line says to a Target: endpoint, region, credentials.
#pragma once

#include <string>

#include "client/client.h"
#include "client/surroundings.h"
#include "errors/result.h"

namespace stator::client {

struct Wish {
  std::string endpoint_url;          // --endpoint-url; empty if not given
  std::string region;                // --region
  std::string profile;               // --profile
  std::string service = "dynamodb";  // whose endpoint
  bool aws = false;                  // the region's own endpoint, whatever AWS_ENDPOINT_URL says
};

// The first that is given:
//   endpoint  the wish; if not `aws`: AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile,
//             http://localhost:8000; otherwise that of the region
//   region    the wish, AWS_REGION, AWS_DEFAULT_REGION, the profile; on servers of one's own also us-east-1
// On servers of one's own, credentials that nobody has set are made up and the metadata services are not asked.
// Fails with kBadEndpoint, kNoRegion or kNoSuchProfile. Credentials are looked for on the first call.
Result<Target> Connect(const Wish&, const Surroundings&);

}  // namespace stator::client
