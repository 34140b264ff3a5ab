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
  // The same from PEM texts.
  static Result<std::unique_ptr<TlsContext>> FromPem(const std::string& certificates, const std::string& key);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // The handshake is part of the first read. `already_read` came from the socket before. `user` outlives the transport;
  // the context need not.
  std::unique_ptr<Transport> MakeTransport(Socket socket, Lane& lane, Transport::User& user,
                                           std::string already_read = {}) const;

 private:
  struct Impl;
  static std::unique_ptr<TlsContext> Settle(std::unique_ptr<Impl> impl);
  explicit TlsContext(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::http
