// Finds operations by method and path: "PUT" "/2015-03-31/functions/{FunctionName}/code".
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace stator::dispatch {

struct RegisteredOperation;

struct RouteMatch {
  const RegisteredOperation* operation = nullptr;
  // The {parameters} of the path, as they were sent: still percent-encoded. Borrowed from template and path.
  std::vector<std::pair<Bytes, Bytes>> parameters;
};

class Routes {
 public:
  // Borrows all three. Of several templates that fit, the one with fewer parameters in front wins.
  void Add(std::string_view method, std::string_view path, const RegisteredOperation* operation);
  // Segments are compared as they are, without decoding; a parameter is never empty.
  RouteMatch Find(Bytes method, Bytes path) const;

 private:
  struct Route {
    std::string_view method;
    std::vector<std::string_view> segments;
    const RegisteredOperation* operation;
  };
  std::vector<Route> routes_;
};

}  // namespace stator::dispatch
