// What the tests of the proxy share: an authority of the test's own, and a client that speaks TLS and looks closely.
#pragma once

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/os/file.h"
#include "http/certificates.h"

namespace stator::http {

class AuthorityFolder {
 public:
  ~AuthorityFolder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }
  std::unique_ptr<CertificateAuthority> Open() const {
    auto opened = CertificateAuthority::Open(path_ + "/ca");
    EXPECT_TRUE(opened.ok());
    return opened.ok() ? std::move(opened).value() : nullptr;
  }

 private:
  const std::string path_ = MakeTemporaryFolder("stator-ca-test-");
};

// TLS on a connected socket that blocks. Trusts one PEM text, and checks the host's name.
class TlsClient {
 public:
  TlsClient(int fd, const std::string& trusted, const std::string& host)
      : context_(SSL_CTX_new(TLS_client_method())), ssl_(SSL_new(context_)) {
    BIO* text = BIO_new_mem_buf(trusted.data(), static_cast<int>(trusted.size()));
    X509* certificate = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(Store(), certificate);
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context_), X509_V_FLAG_X509_STRICT);
    X509_free(certificate);
    BIO_free(text);
    SSL_set_verify(ssl_, SSL_VERIFY_PEER, nullptr);
    SSL_set1_host(ssl_, host.c_str());
    SSL_set_tlsext_host_name(ssl_, host.c_str());
    SSL_set_fd(ssl_, fd);
    connected_ = SSL_connect(ssl_) == 1;
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  bool connected() const { return connected_; }
  // Sends, and reads until `last` has come or the connection ends.
  std::string Exchange(const std::string& wire, const std::string& last) {
    if (SSL_write(ssl_, wire.data(), static_cast<int>(wire.size())) <= 0) return {};
    std::string input;
    char buffer[16384];
    while (input.find(last) == std::string::npos) {
      const int n = SSL_read(ssl_, buffer, sizeof buffer);
      if (n <= 0) break;
      input.append(buffer, static_cast<size_t>(n));
    }
    return input;
  }

 private:
  X509_STORE* Store() { return SSL_CTX_get_cert_store(context_); }

  SSL_CTX* context_;
  SSL* ssl_;
  bool connected_ = false;
};

}  // namespace stator::http
