#include "http/plain_transport.h"

#include <asio/buffer.hpp>
#include <asio/write.hpp>

namespace stator::http {

PlainTransport::PlainTransport(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {
  asio::error_code ignored;
  socket_.non_blocking(true, ignored);
}

void PlainTransport::Read(User& user, char* to, size_t size) {
  socket_.async_read_some(asio::buffer(to, size),
                          [&user](const asio::error_code& error, size_t bytes) { user.OnRead(error ? 0 : bytes); });
}

// A reply nearly always fits into the socket's buffer: written at once, without a turn of the event loop.
Transport::Written PlainTransport::Write(User& user, Bytes first, Bytes second) {
  std::array<asio::const_buffer, 2> pieces{asio::buffer(first), asio::buffer(second)};
  asio::error_code error;
  size_t sent = second.empty() ? socket_.write_some(pieces[0], error) : socket_.write_some(pieces, error);
  if (error && error != asio::error::would_block && error != asio::error::try_again) return Written::kFailed;
  if (error) sent = 0;
  if (sent == first.size() + second.size()) return Written::kAll;
  for (asio::const_buffer& piece : pieces) {
    const size_t skip = std::min(sent, piece.size());
    piece += skip;
    sent -= skip;
  }
  asio::async_write(socket_, pieces, [&user](const asio::error_code& failed, size_t) { user.OnWritten(!failed); });
  return Written::kLater;
}

void PlainTransport::FinishWriting() {
  asio::error_code ignored;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

void PlainTransport::Close() {
  asio::error_code ignored;
  socket_.close(ignored);
}

}  // namespace stator::http
