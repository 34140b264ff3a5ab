#include "http/tls.h"

#include <array>

#include <asio/buffer.hpp>
#include <asio/ssl/stream.hpp>
#include <asio/write.hpp>

namespace stator::http {
namespace {

using asio::ip::tcp;

class TlsTransport final : public Transport {
 public:
  TlsTransport(tcp::socket socket, asio::ssl::context& context) : stream_(std::move(socket), context) {}

  void Read(User& user, char* to, size_t size) override {
    if (ready_) return ReadMore(user, to, size);
    stream_.async_handshake(asio::ssl::stream_base::server, [this, &user, to, size](const asio::error_code& error) {
      if (error) return user.OnRead(0);
      ready_ = true;
      ReadMore(user, to, size);
    });
  }

  Written Write(User& user, Bytes first, Bytes second) override {
    // Records are made of one run of bytes; a reply in two pieces becomes one.
    joined_.clear();
    if (!second.empty()) first = joined_.append(first).append(second);
    asio::async_write(stream_, asio::buffer(first),
                      [&user](const asio::error_code& error, size_t) { user.OnWritten(!error); });
    return Written::kLater;
  }

  // Without close_notify: every reply says how long it is.
  void FinishWriting() override {
    asio::error_code ignored;
    stream_.next_layer().shutdown(tcp::socket::shutdown_send, ignored);
  }

  void Close() override {
    asio::error_code ignored;
    stream_.next_layer().close(ignored);
  }

 private:
  void ReadMore(User& user, char* to, size_t size) {
    stream_.async_read_some(asio::buffer(to, size),
                            [&user](const asio::error_code& error, size_t bytes) { user.OnRead(error ? 0 : bytes); });
  }

  asio::ssl::stream<tcp::socket> stream_;
  bool ready_ = false;
  std::string joined_;
};

int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                   unsigned int offered_size, void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* match = nullptr;
  const int result = SSL_select_next_proto(&match, chosen_size, kOurs, sizeof kOurs - 1, offered, offered_size);
  *chosen = match;
  return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

Result<std::unique_ptr<asio::ssl::context>> OpenTlsContext(const std::string& certificate_file,
                                                           const std::string& key_file) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  asio::error_code error;
  context->use_certificate_chain_file(certificate_file, error);
  if (!error) context->use_private_key_file(key_file, asio::ssl::context::pem, error);
  if (!error && SSL_CTX_check_private_key(context->native_handle()) != 1) {
    return Fail(ErrorId::kHttpCertificate, certificate_file, key_file, "they do not belong together");
  }
  if (error) return Fail(ErrorId::kHttpCertificate, certificate_file, key_file, error.message());
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context->native_handle(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context->native_handle(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context->native_handle(), ChooseProtocol, nullptr);
  return context;
}

std::unique_ptr<Transport> MakeTlsTransport(tcp::socket socket, asio::ssl::context& context) {
  return std::make_unique<TlsTransport>(std::move(socket), context);
}

}  // namespace stator::http
