#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>

#include "base/random.h"
#include "errors/http.h"
#include "http/server_fixture.h"

namespace stator::http {
namespace {

using ::testing::HasSubstr;

// A certificate of this process's own, in files that go away with it.
class TlsTest : public ServerTest {
 protected:
  TlsTest() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* name = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(certificate, name);
    X509_sign(certificate, key, EVP_sha256());
    options_.certificate_file = ::testing::TempDir() + "/stator-http-" + NewUuid() + ".crt";
    options_.key_file = options_.certificate_file + ".key";
    FILE* out = std::fopen(options_.certificate_file.c_str(), "w");
    PEM_write_X509(out, certificate);
    std::fclose(out);
    out = std::fopen(options_.key_file.c_str(), "w");
    PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~TlsTest() override {
    std::remove(options_.certificate_file.c_str());
    std::remove(options_.key_file.c_str());
  }
};

TEST_F(TlsTest, SpeaksHttpOverTls) {
  StartServer();
  Client client(port());
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>("\x02h2\x08http/1.1"), 12);
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, client.fd());
  ASSERT_EQ(SSL_connect(ssl), 1);
  const unsigned char* protocol = nullptr;
  unsigned int protocol_size = 0;
  SSL_get0_alpn_selected(ssl, &protocol, &protocol_size);
  EXPECT_EQ(Bytes(reinterpret_cast<const char*>(protocol), protocol_size), "http/1.1");

  const std::string body(300'000, 'x');
  const std::string wire = Get("/who") + Post("/echo", body);
  EXPECT_EQ(SSL_write(ssl, wire.data(), static_cast<int>(wire.size())), static_cast<int>(wire.size()));
  std::string input;
  char buffer[16384];
  while (!input.ends_with(body)) {
    const int n = SSL_read(ssl, buffer, sizeof buffer);
    ASSERT_GT(n, 0);
    input.append(buffer, static_cast<size_t>(n));
  }
  EXPECT_THAT(input, HasSubstr("127.0.0.1 loopback tls"));
  SSL_free(ssl);
  SSL_CTX_free(context);
}

TEST_F(TlsTest, DropsWhatIsNotTls) {
  StartServer();
  Client client(port());
  client.Send(Get("/echo") + std::string(1000, 'x'));
  while (client.Fill()) {
  }
  EXPECT_TRUE(AwaitConnections(0));
  EXPECT_EQ(handler_.handled, 0);
}

TEST_F(TlsTest, ASilentHandshakeIsCutOff) {
  options_.limits.handshake_time = milliseconds(100);
  StartServer();
  Client client(port());
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(TlsTest, RefusesAKeyFileWithoutAKey) {
  ListenerOptions mixed = options_;
  mixed.key_file = options_.certificate_file;
  EXPECT_EQ(Listener::Open(mixed, lanes_, handler_).error().id, errors::kHttpCertificate);
}

}  // namespace
}  // namespace stator::http
