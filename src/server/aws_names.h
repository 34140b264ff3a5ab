// How code that names AWS hosts reaches this server: the proxy, its authority, and what functions are told of them.
#pragma once

#include <memory>
#include <string>

#include "base/lane.h"
#include "dispatch/dispatcher.h"
#include "errors/result.h"
#include "http/listener.h"
#include "http/proxy.h"
#include "runtime/surroundings.h"
#include "server/config.h"

namespace stator::server {

// Threads: the main thread; what it gives is for any.
class AwsNames {
 public:
  // The authority lies in the data folder; in memory, in a folder that goes when this does. Blocks.
  static Result<std::unique_ptr<AwsNames>> Open(const Config& config);
  ~AwsNames();
  AwsNames(const AwsNames&) = delete;
  AwsNames& operator=(const AwsNames&) = delete;

  http::Proxy& proxy() { return *proxy_; }

  // /_stator/ca.pem: what a client that is to use the proxy trusts. Test control: what functions are told.
  void AddPages(dispatch::Dispatcher& dispatcher, bool test_controls) const;

  // Once the API listens. Functions use the same port, unless it speaks TLS or not on a loopback address: then they
  // get a listener of their own.
  Status Begin(const Config& config, const http::Listener& api, Lanes& lanes, http::Handler& handler,
               WorkerPool& workers);
  // REQUIRES: the lanes run, Begin was called. Blocks until functions' connections are closed.
  void Stop(Duration grace);

  // Filled by Begin; the place stays.
  const runtime::Surroundings& surroundings() const { return surroundings_; }

 private:
  AwsNames() = default;

  std::string temporary_;  // in memory: the folder
  std::string folder_;
  std::unique_ptr<http::CertificateAuthority> authority_;
  std::unique_ptr<http::Proxy> proxy_;
  std::unique_ptr<http::Listener> listener_;  // of functions, if they need one
  runtime::Surroundings surroundings_;
};

}  // namespace stator::server
