// The hosts that requests name: "host", "host:port", "[address]:port".
#pragma once

#include <optional>
#include <string>

#include "base/bytes.h"

namespace stator::http {

struct HostPort {
  std::string host;  // lower case; an IPv6 address in its brackets
  int port = 0;
};

std::string LowerCase(Bytes text);

// Nothing if it is not a name or address of at most 255 bytes with a port from 1 to 65535.
std::optional<HostPort> ParseAuthority(Bytes authority, int default_port);

// "host:port" without the port, as written; empty if it is neither.
Bytes WithoutPort(Bytes authority);

// `host` in lower case, without port. Names that only this machine can have.
bool IsLoopbackHost(Bytes host);
// Names under amazonaws.com and amazonaws.com.cn.
bool IsAwsHost(Bytes host);

}  // namespace stator::http
