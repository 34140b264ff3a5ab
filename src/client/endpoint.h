// Where requests go: "http://localhost:8000" or a region's own address.
#pragma once

#include <string>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::client {

struct Endpoint {
  std::string url;        // without a trailing slash
  std::string authority;  // "localhost:8000": what the Host header says; without the scheme's own port
  std::string path;       // "/" or a prefix
  bool loopback = false;  // the host is this machine: localhost, 127.x.y.z, [::1]
  bool aws = false;       // the host belongs to amazonaws.com (or .cn)
};

// Fails with kBadEndpoint for anything but http(s)://HOST[:PORT][/PATH].
Result<Endpoint> ParseEndpoint(Bytes url);

// A service's own endpoint of a region; kBadEndpoint if no region can be called so.
Result<Endpoint> AwsEndpoint(const std::string& service, const std::string& region);

}  // namespace stator::client
