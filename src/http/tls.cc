// See tls.h. OpenSSL reads and writes the socket itself; any change of the socket lets what waits try again, since a
// read may wait for writing and the other way round.
#include "http/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <limits>

#include "base/os/poller.h"

namespace stator::http {
namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

constexpr int kReadsInARow = 16;

class TlsTransport final : public Transport, private Poller::Watcher {
 public:
  TlsTransport(Socket socket, SSL_CTX* context, Lane& lane, User& user)
      : socket_(std::move(socket)), ssl_(SSL_new(context)), lane_(lane), user_(user) {
    lane_.poller().Watch(socket_.fd(), *this);
    if (!ssl_) return;
    SSL_set_fd(ssl_.get(), socket_.fd());
    SSL_set_accept_state(ssl_.get());
  }
  ~TlsTransport() override { Close(); }

  std::optional<size_t> Read(char* to, size_t size) override {
    to_ = to;
    size_ = size;
    if (++reads_in_a_row_ > kReadsInARow) {
      reads_in_a_row_ = 0;
      lane_.poller().Remind(socket_.fd(), *this);
      return std::nullopt;
    }
    return TryRead();
  }

  // Records are made of one run of bytes: a reply in two pieces becomes one.
  Written Write(Bytes first, Bytes second) override {
    joined_.clear();
    if (!second.empty()) first = joined_.append(first).append(second);
    left_ = first;
    return TryWrite();
  }

  void FinishWriting() override {
    SayGoodbye();
    socket_.FinishSending();
  }

  void Close() override {
    if (!socket_.open()) return;
    SayGoodbye();
    lane_.poller().Forget(socket_.fd(), *this);
    socket_.Close();
  }

 private:
  // One callback at most: it may destroy this.
  void OnReady(Poller::Ready) override {
    reads_in_a_row_ = 0;
    if (!left_.empty()) {
      const Written written = TryWrite();
      if (written != Written::kLater) return user_.OnWritten(written == Written::kAll);
    }
    if (to_) {
      if (const auto bytes = TryRead()) user_.OnRead(*bytes);
    }
  }

  // Whether OpenSSL waits for the socket, after it returned `result`.
  bool Waits(int result) {
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return true;
    broken_ = broken_ || error == SSL_ERROR_SSL || error == SSL_ERROR_SYSCALL;
    return false;
  }

  std::optional<size_t> TryRead() {
    ERR_clear_error();
    const int wanted = static_cast<int>(std::min<size_t>(size_, std::numeric_limits<int>::max()));
    const int got = ssl_ && !broken_ ? SSL_read(ssl_.get(), to_, wanted) : 0;
    if (got <= 0 && ssl_ && !broken_ && Waits(got)) return std::nullopt;
    to_ = nullptr;
    return static_cast<size_t>(std::max(got, 0));
  }

  Written TryWrite() {
    while (!left_.empty()) {
      if (!ssl_ || broken_) return Written::kFailed;
      ERR_clear_error();
      const int wanted = static_cast<int>(std::min<size_t>(left_.size(), std::numeric_limits<int>::max()));
      const int sent = SSL_write(ssl_.get(), left_.data(), wanted);
      if (sent > 0) {
        left_.remove_prefix(static_cast<size_t>(sent));
      } else if (Waits(sent)) {
        return Written::kLater;
      } else {
        left_ = {};
        return Written::kFailed;
      }
    }
    return Written::kAll;
  }

  // close_notify, if it goes at once: it tells the peer an end from a cut.
  void SayGoodbye() {
    if (!ssl_ || broken_ || !left_.empty() || !SSL_is_init_finished(ssl_.get())) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }

  Socket socket_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
  Lane& lane_;
  User& user_;
  bool broken_ = false;
  int reads_in_a_row_ = 0;
  char* to_ = nullptr;  // null: no read is waited for
  size_t size_ = 0;
  Bytes left_;  // empty: no write is waited for
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

std::string LastReason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  return reason ? reason : "no reason given";
}

}  // namespace

struct TlsContext::Impl {
  std::unique_ptr<SSL_CTX, FreeContext> context;
};

TlsContext::TlsContext(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsContext::~TlsContext() = default;

Result<std::unique_ptr<TlsContext>> TlsContext::Open(const std::string& certificate_file, const std::string& key_file) {
  IgnoreBrokenPipes();
  ERR_clear_error();
  std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_server_method()));
  if (!context || SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return Fail(ErrorId::kHttpCertificate, certificate_file, key_file, LastReason());
  }
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_alpn_select_cb(context.get(), ChooseProtocol, nullptr);
  return std::unique_ptr<TlsContext>(new TlsContext(std::make_unique<Impl>(std::move(context))));
}

std::unique_ptr<Transport> TlsContext::MakeTransport(Socket socket, Lane& lane, Transport::User& user) const {
  return std::make_unique<TlsTransport>(std::move(socket), impl_->context.get(), lane, user);
}

}  // namespace stator::http
