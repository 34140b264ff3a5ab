// What a function's process is told of the server that runs it, so that SDK code written for AWS finds its way here:
// SDKs that know AWS_ENDPOINT_URL use it; the others, and code that names AWS hosts itself, go through the proxy.
// docs/functions.md, "AWS host names", says which client needs which variable.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace stator::runtime {

// Made once at start, by the server. Threads: immutable, any.
struct Surroundings {
  std::string endpoint;  // "http://127.0.0.1:8000"
  // "http://function:SECRET@127.0.0.1:8000": opens the way to the rest of the world too, so it is for functions only
  // and never logged. The secret is new at each start.
  std::string proxy;
  // A PEM file: this server's own authority, then the system's. It lies below the data folder where there is one:
  // where that is hidden from functions, show them this file and say its new path here.
  std::string ca_bundle;
};

// The environment variables that say so, in no order. Empty members give none. What the function's own configuration
// sets wins over them.
std::vector<std::pair<std::string, std::string>> VariablesOf(const Surroundings& surroundings);

}  // namespace stator::runtime
