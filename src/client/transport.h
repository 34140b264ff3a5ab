// One HTTP exchange. The client above it signs and retries; a fake takes its place in tests.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "errors/result.h"

namespace stator::client {

struct HttpRequest {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  Bytes body;  // borrowed until the answer is there
  Duration connect_timeout = std::chrono::seconds(5);
  Duration timeout = std::chrono::seconds(60);  // of the whole exchange
  bool direct = false;                          // past any configured proxy: loopback and metadata addresses
};

struct HttpReply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;                                          // after Content-Encoding

  // The value of the first header of that name, or an empty view.
  Bytes Find(Bytes lower_name) const;
};

// Threads: one at a time.
class Transport {
 public:
  virtual ~Transport() = default;
  // Any HTTP status is an answer. Fails with kNothingAnswers, kCannotConnect, kNoSuchHost, kCallTimedOut,
  // kConnectionLost, kTlsFailed or kTransport.
  virtual Result<HttpReply> Send(const HttpRequest&) = 0;
};

// Over libcurl: keeps connections alive, accepts gzip, checks certificates, follows no redirect.
std::unique_ptr<Transport> NewCurlTransport();

}  // namespace stator::client
