// From HTTP requests to operations and back: routing, admission, principal, timing, counting, error mapping.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "dispatch/operation.h"
#include "http/cors.h"
#include "http/message.h"
#include "json/value.h"

namespace stator::dispatch {

struct DispatchOptions {
  std::string region = "us-east-1";
  std::string account = "000000000000";
  // CORS is granted to these beside loopback origins; "*" grants it to all.
  std::vector<std::string> allowed_origins;
};

// Threads: Handle runs on any lane; the registry and the pages are filled before the first request.
class Dispatcher : public http::Handler {
 public:
  // A page under /_stator/, beside the operations. Runs on the lane.
  using Page = std::function<Task<http::Reply>(const http::Request&, Lane&)>;

  // Borrows the registry and the clock.
  Dispatcher(const Registry& registry, const Clock& clock, DispatchOptions options);
  ~Dispatcher() override;

  // `path`: "/_stator/reset". `method`: "GET" (HEAD too) or "POST".
  void AddPage(std::string method, std::string path, Page page);

  std::optional<http::Reply> Admit(const http::RequestHead& head) override;
  size_t BodyLimit(const http::RequestHead& head, size_t usual) override;
  Task<http::Reply> Handle(const http::Request& request, Lane& lane) override;
  http::Reply Refuse(int status, Bytes reason) override;

  // Prometheus' text format: calls, errors and time of each operation.
  std::string Metrics() const;

 private:
  const Page* FindPage(const http::RequestHead& head) const;
  RouteMatch FindRoute(const http::RequestHead& head) const;
  Task<http::Reply> HandleOperation(const http::Request& request, Lane& lane);
  Task<http::Reply> HandleQuery(const http::Request& request, Lane& lane);
  Task<http::Reply> HandleRest(RouteMatch match, const http::Request& request, Lane& lane);
  // `text`: the request's JSON.
  Task<http::Reply> RunOperation(const RegisteredOperation& registered, Bytes text, Bytes blob,
                                 const http::Request& request, Lane& lane);
  void AddCommonHeaders(const http::RequestHead& head, http::Reply* reply) const;

  const Registry& registry_;
  const Clock& clock_;
  const DispatchOptions options_;
  const http::OriginPolicy origins_;
  std::map<std::string, Page, std::less<>> pages_;  // "GET /_stator/health"
};

}  // namespace stator::dispatch
