// TLS: the server's certificate, and connections encrypted with it.
#pragma once

#include <memory>
#include <string>

#include "base/lane.h"
#include "base/os/socket.h"
#include "errors/result.h"
#include "http/transport.h"

namespace stator::http {

// Threads: immutable, any.
class TlsContext {
 public:
  // TLS 1.2 and later, HTTP/1.1 by ALPN. The certificate file holds the server's certificate and then those that lead
  // to its root. Errors: a file that is missing or not PEM, a key of another certificate.
  static Result<std::unique_ptr<TlsContext>> Open(const std::string& certificate_file, const std::string& key_file);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // The handshake is part of the first read. The context and `user` outlive the transport.
  std::unique_ptr<Transport> MakeTransport(Socket socket, Lane& lane, Transport::User& user) const;

 private:
  struct Impl;
  explicit TlsContext(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::http
