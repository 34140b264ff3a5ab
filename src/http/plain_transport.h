// TCP without encryption. For sources of this folder: it pulls in the socket library.
#pragma once

#include <array>
#include <memory>

#include <asio/ip/tcp.hpp>

#include "http/transport.h"

namespace stator::http {

class PlainTransport final : public Transport {
 public:
  explicit PlainTransport(asio::ip::tcp::socket socket);

  void Read(User& user, char* to, size_t size) override;
  Written Write(User& user, Bytes first, Bytes second) override;
  void FinishWriting() override;
  void Close() override;

 private:
  asio::ip::tcp::socket socket_;
};

}  // namespace stator::http
