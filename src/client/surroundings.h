// What the client learns from the machine it runs on: variables, files, the metadata services, the time.
// One door, so that tests can furnish a machine of their own.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "client/transport.h"

namespace stator::client {

struct Surroundings {
  std::function<std::optional<std::string>(const std::string& name)> env;   // nothing if unset or empty
  std::function<std::optional<std::string>(const std::string& path)> file;  // nothing if it cannot be read
  std::function<Result<HttpReply>(const HttpRequest&)> http;
  std::function<Time()> now;
};

// This machine. Threads: `http` one at a time.
Surroundings RealSurroundings();

}  // namespace stator::client
