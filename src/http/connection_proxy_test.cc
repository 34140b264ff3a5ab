// The proxy through real sockets: TLS after CONNECT, and other hosts, which here are listeners of the test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "http/proxy.h"
#include "http/proxy_fixture.h"
#include "http/server_fixture.h"

namespace stator::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kAws[] = "dynamodb.us-east-1.amazonaws.com";

// Another host: accepts connections one at a time, and blocks.
class OtherHost {
 public:
  OtherHost() : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{.sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    listen(fd_, 8);
    socklen_t size = sizeof address;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~OtherHost() {
    Hang();
    close(fd_);
  }
  std::string name() const { return "127.0.0.1:" + std::to_string(port_); }
  bool Accept() {
    pollfd waiting{fd_, POLLIN, 0};
    if (poll(&waiting, 1, kPatienceMillis) == 1) connection_ = accept(fd_, nullptr, nullptr);
    return connection_ >= 0;
  }
  void Hang() {
    if (connection_ >= 0) close(std::exchange(connection_, -1));
  }
  void Send(Bytes bytes) {
    EXPECT_EQ(send(connection_, bytes.data(), bytes.size(), MSG_NOSIGNAL), ssize_t(bytes.size()));
  }
  void FinishWriting() { shutdown(connection_, SHUT_WR); }
  // Exactly so many bytes; fewer at the end.
  std::string Receive(size_t size) {
    std::string input(size, '\0');
    size_t got = 0;
    while (got < size) {
      const ssize_t n = recv(connection_, input.data() + got, size - got, 0);
      if (n <= 0) break;
      got += static_cast<size_t>(n);
    }
    input.resize(got);
    return input;
  }
  // Up to the end of a head.
  std::string ReceiveHead() {
    std::string input;
    while (!input.ends_with("\r\n\r\n")) {
      const std::string byte = Receive(1);
      if (byte.empty()) break;
      input += byte;
    }
    return input;
  }

 private:
  int fd_;
  int connection_ = -1;
  int port_ = 0;
};

class ConnectionProxyTest : public ServerTest {
 protected:
  ConnectionProxyTest() { options_.proxy = &proxy_; }
  ~ConnectionProxyTest() override { StopNow(); }

  static std::string Connect(const std::string& host, const std::string& more = "") {
    return "CONNECT " + host + " HTTP/1.0\r\n" + more + "\r\n";
  }

  AuthorityFolder folder_;
  std::unique_ptr<CertificateAuthority> authority_ = folder_.Open();
  Proxy proxy_{*authority_, "secret"};
  const std::string allowed_ = "Proxy-Authorization: Basic " + Base64("function:secret") + "\r\n";
};

TEST_F(ConnectionProxyTest, AnswersAnAwsHostInTls) {
  StartServer();
  for (const std::string& host : {std::string(kAws), std::string("lambda.cn-north-1.amazonaws.com.cn")}) {
    Client client(port());
    client.Send(Connect(host + ":443"));
    EXPECT_EQ(client.Receive(false).status, 200);
    TlsClient tls(client.fd(), authority_->certificate(), host);
    ASSERT_TRUE(tls.connected());
    const std::string body(100'000, 'x');
    const std::string head = "POST /who HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n";
    EXPECT_THAT(tls.Exchange(head, "tls"), HasSubstr("127.0.0.1 loopback tls"));
    EXPECT_THAT(
        tls.Exchange("POST /echo HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 100000\r\n\r\n" + body, body),
        HasSubstr("200 OK"));
  }
}

TEST_F(ConnectionProxyTest, AClientThatDoesNotWaitForTheAnswerIsUnderstood) {
  StartServer();
  Client client(port());
  client.Send(Connect(std::string(kAws) + ":80") + Get("/who"));
  EXPECT_EQ(client.Receive(false).status, 200);
  EXPECT_EQ(client.Receive().body, "127.0.0.1 loopback");
}

TEST_F(ConnectionProxyTest, ACertificateIsForItsHostOnly) {
  StartServer();
  Client client(port());
  client.Send(Connect(std::string(kAws) + ":443"));
  client.Receive(false);
  EXPECT_FALSE(TlsClient(client.fd(), authority_->certificate(), "s3.amazonaws.com").connected());
}

TEST_F(ConnectionProxyTest, HostileHostsAndOriginsStayOut) {
  StartServer();
  for (const char* more : {"Host: evil.example\r\n", "Origin: https://evil.example\r\n"}) {
    Client client(port());
    client.Send(Connect(std::string(kAws) + ":443", more));
    EXPECT_EQ(client.Receive().status, 403) << more;
    EXPECT_TRUE(client.AtEnd());
    Client other(port());
    other.Send("GET http://" + std::string(kAws) + "/who HTTP/1.0\r\n" + more + "\r\n");
    EXPECT_EQ(other.Receive().status, 403) << more;
  }
  EXPECT_EQ(handler_.handled, 0);
}

TEST_F(ConnectionProxyTest, RefusesWithoutThePassword) {
  StartServer();
  for (const std::string& wire :
       {Connect("example.com:443"), std::string("GET http://example.com/ HTTP/1.0\r\n\r\n")}) {
    Client client(port());
    client.Send(wire);
    const Answer answer = client.Receive();
    EXPECT_EQ(answer.status, 407);
    EXPECT_THAT(answer.head, HasSubstr("Proxy-Authenticate: Basic"));
    EXPECT_THAT(answer.body, HasSubstr("functions"));
    EXPECT_TRUE(client.AtEnd());
  }
}

TEST_F(ConnectionProxyTest, RefusesMalformedConnects) {
  StartServer();
  for (const std::string& wire :
       {Connect("/"), Connect("*"), Connect("a b"), Connect("a@b:1"), Connect(std::string(10'000, 'a') + ":1"),
        Connect(std::string(kAws) + ":0"), Connect(std::string(kAws) + ":443", "Content-Length: 1\r\n")}) {
    Client client(port());
    client.Send(wire);
    EXPECT_EQ(client.Receive().status, 400) << wire.substr(0, 80);
    EXPECT_TRUE(client.AtEnd());
  }
  EXPECT_TRUE(AwaitConnections(0));
}

TEST_F(ConnectionProxyTest, SlowAndSilentTunnelsAreCutOff) {
  options_.limits.handshake_time = milliseconds(100);
  options_.limits.head_time = milliseconds(100);
  StartServer();
  Client silent(port());
  silent.Send(Connect(std::string(kAws) + ":443"));
  EXPECT_EQ(silent.Receive(false).status, 200);
  EXPECT_TRUE(silent.AtEnd());
  Client halfway(port());
  halfway.Send(Connect(std::string(kAws) + ":443"));
  EXPECT_EQ(halfway.Receive(false).status, 200);
  halfway.Send("\x16\x03\x01");
  EXPECT_TRUE(halfway.AtEnd());
  Client slow(port());
  slow.Send("CONNECT " + std::string(kAws));
  EXPECT_EQ(slow.Receive().status, 408);
}

TEST_F(ConnectionProxyTest, TunnelsBytesBothWays) {
  StartServer();
  OtherHost host;
  Client client(port());
  client.Send(Connect(host.name(), allowed_) + "early");
  ASSERT_TRUE(host.Accept());
  EXPECT_EQ(client.Receive(false).status, 200);
  EXPECT_EQ(host.Receive(5), "early");
  // More each way than all buffers hold, at the same time.
  const std::string up(8'000'000, 'u');
  const std::string down(8'000'000, 'd');
  std::thread sender([&] { client.Send(up); });
  std::thread answerer([&] { host.Send("HTTP/1.1 200 OK\r\nContent-Length: 8000000\r\n\r\n" + down); });
  std::thread reader([&] { EXPECT_EQ(client.Receive().body, down); });
  EXPECT_EQ(host.Receive(up.size()), up);
  for (std::thread* each : {&sender, &answerer, &reader}) each->join();
  // Each side's end is passed on by itself.
  client.FinishWriting();
  EXPECT_EQ(host.Receive(1), "");
  host.Send("HTTP/1.1 204 last\r\n\r\n");
  EXPECT_EQ(client.Receive(false).status, 204);
  host.Hang();
  EXPECT_TRUE(client.AtEnd());
  EXPECT_TRUE(AwaitConnections(0));
  EXPECT_EQ(listener_->figures().buffered_bytes, 0U);
}

TEST_F(ConnectionProxyTest, ATunnelWithoutTrafficEnds) {
  options_.limits.relay_time = milliseconds(100);
  StartServer();
  OtherHost host;
  Client client(port());
  client.Send(Connect(host.name(), allowed_));
  ASSERT_TRUE(host.Accept());
  EXPECT_EQ(client.Receive(false).status, 200);
  EXPECT_TRUE(client.AtEnd());
  EXPECT_EQ(host.Receive(1), "");
}

TEST_F(ConnectionProxyTest, SendsOneRequestOnAndNoMore) {
  StartServer();
  OtherHost host;
  for (const bool chunked : {false, true}) {
    Client client(port());
    const std::string body = chunked ? "3\r\nabc\r\n0\r\n\r\n" : "abc";
    const std::string framing = chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: 3\r\n";
    const std::string target = "http://" + host.name() + "/p?q";
    const std::string head = "POST " + target + " HTTP/1.1\r\nHost: x\r\n" + allowed_ + framing + "\r\n";
    client.Send(head + body + head + body);
    ASSERT_TRUE(host.Accept());
    const std::string seen = host.ReceiveHead();
    EXPECT_THAT(seen, StartsWith("POST /p?q HTTP/1.1\r\nHost: " + host.name() + "\r\n"));
    EXPECT_THAT(seen, Not(HasSubstr("Proxy")));
    EXPECT_EQ(host.Receive(body.size()), body);
    host.Send("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno");
    const Answer answer = client.Receive();
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.body, "no");
    host.FinishWriting();
    EXPECT_EQ(host.Receive(1), "");
    EXPECT_TRUE(client.AtEnd());
    host.Hang();
  }
}

TEST_F(ConnectionProxyTest, AnUploadCutShortIsNotTakenForWhole) {
  StartServer();
  OtherHost host;
  Client client(port());
  client.Send("PUT http://" + host.name() + "/ HTTP/1.1\r\nHost: x\r\n" + allowed_ + "Content-Length: 9\r\n\r\nabc");
  ASSERT_TRUE(host.Accept());
  host.ReceiveHead();
  EXPECT_EQ(host.Receive(3), "abc");
  client.Close();
  EXPECT_EQ(host.Receive(1), "");
  EXPECT_TRUE(AwaitConnections(0));
}

TEST_F(ConnectionProxyTest, SaysWhyAHostIsNotReached) {
  StartServer();
  std::string gone;
  { gone = OtherHost().name(); }
  Client client(port());
  client.Send(Connect(gone, allowed_));
  const Answer answer = client.Receive();
  EXPECT_EQ(answer.status, 502);
  EXPECT_THAT(answer.body, HasSubstr("refused"));
  Client nameless(port());
  nameless.Send(Connect("no-such-host.invalid:80", allowed_));
  EXPECT_EQ(nameless.Receive().status, 502);
}

TEST_F(ConnectionProxyTest, StopsWithTunnelsOpen) {
  StartServer();
  OtherHost host;
  Client tunnel(port());
  tunnel.Send(Connect(host.name(), allowed_));
  ASSERT_TRUE(host.Accept());
  EXPECT_EQ(tunnel.Receive(false).status, 200);
  Client sniffed(port());
  sniffed.Send(Connect(std::string(kAws) + ":443"));
  EXPECT_EQ(sniffed.Receive(false).status, 200);
  Stop(milliseconds(kPatienceMillis)).wait();
  EXPECT_TRUE(tunnel.AtEnd());
  EXPECT_TRUE(sniffed.AtEnd());
  lanes_.StopAndJoin();
  listener_.reset();
}

}  // namespace
}  // namespace stator::http
