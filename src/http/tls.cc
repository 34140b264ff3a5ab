// See tls.h. OpenSSL reads and writes the socket itself; any change of the socket lets what waits try again, since a
// read may wait for writing and the other way round.
#include "http/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <limits>

#include "base/os/poller.h"
#include "errors/http.h"

namespace stator::http {
namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

constexpr int kReadsInARow = 16;

// What a BIO reads that comes after bytes which were read from the socket before.
struct Prefixed {
  explicit Prefixed(std::string already_read) : text(std::move(already_read)), left(text) {}
  std::string text;
  Bytes left;
  Socket* socket = nullptr;
};

int ReadPrefixed(BIO* bio, char* to, int size) {
  Prefixed& input = *static_cast<Prefixed*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (!input.left.empty()) {
    const size_t taken = input.left.copy(to, static_cast<size_t>(std::max(size, 0)));
    input.left.remove_prefix(taken);
    return static_cast<int>(taken);
  }
  const Socket::Moved moved = input.socket->Receive(to, static_cast<size_t>(std::max(size, 0)));
  if (moved.outcome == Socket::Outcome::kDone) return static_cast<int>(moved.bytes);
  if (moved.outcome == Socket::Outcome::kNotNow) BIO_set_retry_read(bio);
  return -1;
}

long ControlPrefixed(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* PrefixMethod() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "prefixed socket");
    BIO_meth_set_read(made, ReadPrefixed);
    BIO_meth_set_ctrl(made, ControlPrefixed);
    return made;
  }();
  return method;
}

class TlsTransport final : public Transport, private Poller::Watcher {
 public:
  TlsTransport(Socket socket, SSL_CTX* context, Lane& lane, User& user, std::string already_read)
      : socket_(std::move(socket)), ssl_(SSL_new(context)), lane_(lane), user_(user), input_(std::move(already_read)) {
    lane_.poller().Watch(socket_.fd(), *this);
    if (!ssl_) return;
    SSL_set_fd(ssl_.get(), socket_.fd());
    SSL_set_accept_state(ssl_.get());
    if (input_.left.empty()) return;
    BIO* reader = BIO_new(PrefixMethod());
    if (!reader) {
      ssl_.reset();
      return;
    }
    input_.socket = &socket_;
    BIO_set_data(reader, &input_);
    BIO_set_init(reader, 1);
    SSL_set0_rbio(ssl_.get(), reader);
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

  Socket Release() override { return {}; }

 private:
  // One callback at most: it may destroy this.
  void OnReady(Poller::Ready) override {
    reads_in_a_row_ = 0;
    if (!left_.empty()) {
      const Written written = TryWrite();
      if (written != Written::kLater) {
        if (to_) lane_.poller().Remind(socket_.fd(), *this);  // the read gets its turn
        return user_.OnWritten(written == Written::kAll);
      }
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
  Prefixed input_;
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

std::unique_ptr<TlsContext> TlsContext::Settle(std::unique_ptr<Impl> impl) {
  SSL_CTX* context = impl->context.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(context,
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_alpn_select_cb(context, ChooseProtocol, nullptr);
  return std::unique_ptr<TlsContext>(new TlsContext(std::move(impl)));
}

Result<std::unique_ptr<TlsContext>> TlsContext::Open(const std::string& certificate_file, const std::string& key_file) {
  IgnoreBrokenPipes();
  ERR_clear_error();
  std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_server_method()));
  if (!context || SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    return Fail(errors::kHttpCertificate, certificate_file, key_file, LastReason());
  }
  return Settle(std::make_unique<Impl>(std::move(context)));
}

Result<std::unique_ptr<TlsContext>> TlsContext::FromPem(const std::string& certificates, const std::string& key) {
  IgnoreBrokenPipes();
  ERR_clear_error();
  std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_server_method()));
  const std::unique_ptr<BIO, FreeBio> key_text(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())));
  const std::unique_ptr<BIO, FreeBio> text(BIO_new_mem_buf(certificates.data(), static_cast<int>(certificates.size())));
  const std::unique_ptr<EVP_PKEY, FreeKey> parsed_key(
      PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
  const std::unique_ptr<X509, FreeX509> first(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  if (!context || !parsed_key || !first || SSL_CTX_use_certificate(context.get(), first.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context.get(), parsed_key.get()) != 1) {
    return Fail(errors::kHttpCertificate, "in memory", "in memory", LastReason());
  }
  while (X509* next = PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)) {
    if (SSL_CTX_add0_chain_cert(context.get(), next) != 1) X509_free(next);
  }
  ERR_clear_error();
  return Settle(std::make_unique<Impl>(std::move(context)));
}

// Each connection keeps OpenSSL's context alive.
std::unique_ptr<Transport> TlsContext::MakeTransport(Socket socket, Lane& lane, Transport::User& user,
                                                     std::string already_read) const {
  return std::make_unique<TlsTransport>(std::move(socket), impl_->context.get(), lane, user, std::move(already_read));
}

}  // namespace stator::http
