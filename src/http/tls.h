// TLS: the server's certificate, and connections encrypted with it. For sources of this folder: it pulls in the socket
// library.
#pragma once

#include <memory>
#include <string>

#include <asio/ip/tcp.hpp>
#include <asio/ssl/context.hpp>

#include "errors/result.h"
#include "http/transport.h"

namespace stator::http {

// TLS 1.2 and later, HTTP/1.1 by ALPN. The certificate file holds the server's certificate and then those that lead to
// its root. Errors: a file that is missing or not PEM, a key of another certificate.
Result<std::unique_ptr<asio::ssl::context>> OpenTlsContext(const std::string& certificate_file,
                                                           const std::string& key_file);

// The handshake is part of the first read. `context` outlives the transport.
std::unique_ptr<Transport> MakeTlsTransport(asio::ip::tcp::socket socket, asio::ssl::context& context);

}  // namespace stator::http
