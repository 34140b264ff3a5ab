// Which web pages may talk to this server.
//
// Any page a developer visits can send requests to 127.0.0.1. So a page is answered only if its origin is on this
// machine or was allowed by name, and a listener on a loopback address answers only to names of this machine: a
// hostile name that resolves to 127.0.0.1 carries itself in Host.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "http/message.h"

namespace stator::http {

// Threads: immutable, any.
class OriginPolicy {
 public:
  // `allowed`: origins beside those of this machine, as browsers send them ("https://app.example.com"), or "*" for all.
  explicit OriginPolicy(std::vector<std::string> allowed = {});

  // For Handler::Admit. The refusal (403) of a hostile request, the answer to a preflight of a granted origin, or
  // nothing: the request may go on.
  std::optional<Reply> Admit(const RequestHead& head) const;
  // Adds the headers that let the page read `reply`. Does nothing for a request without a granted origin.
  void Grant(const RequestHead& head, Reply* reply) const;

  bool OriginGranted(Bytes origin) const;
  // `host`: a Host header, perhaps with port.
  static bool HostIsOurs(Bytes host);

 private:
  Reply Preflight(const RequestHead& head, Bytes origin) const;

  std::vector<std::string> allowed_;  // lower case
  bool allow_all_ = false;
};

}  // namespace stator::http
