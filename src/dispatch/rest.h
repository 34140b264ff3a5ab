// The requests of Protocol::kRest as one JSON object: members of the body, {parameters} of the path, parameters of the
// query.
#pragma once

#include <string>

#include "dispatch/operation.h"
#include "errors/result.h"
#include "http/message.h"

namespace stator::dispatch {

struct RestText {
  std::string json;  // to be parsed; its form is not checked yet
  Bytes blob;        // Call::blob, borrowed from the request
};
RestText ReadRest(const RouteMatch& match, const http::Request& request);

// Refuses a request that announces a larger body than its operation takes.
Status CheckBodyLimit(const Registry& registry, const http::RequestHead& head);

// "%2F" as "/"; what is no escape stays as it is.
std::string PercentDecoded(Bytes text);

}  // namespace stator::dispatch
