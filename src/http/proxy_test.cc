#include "http/proxy.h"

#include <gtest/gtest.h>

#include "base/base64.h"
#include "http/proxy_fixture.h"

namespace stator::http {
namespace {

constexpr int kPort = 8000;

class ProxyTest : public ::testing::Test {
 protected:
  // What becomes of a request, as text: "forward example.com:80".
  std::string Told(Bytes method, const std::string& target, const std::vector<Header>& headers = {}) {
    RequestHead head;
    head.method = method;
    head.target = target;
    head.authority = target;
    if (const size_t scheme = target.find("://"); scheme != std::string::npos) {
      head.authority = head.target.substr(scheme + 3);
      head.authority = head.authority.substr(0, head.authority.find_first_of("/?"));
    }
    head.headers = headers;
    const Proxy::Decision decision = proxy_.Decide(head, kPort);
    static constexpr const char* kWays[] = {"serve", "intercept", "forward", "tunnel", "refuse"};
    std::string told = kWays[static_cast<int>(decision.way)];
    if (decision.way == Proxy::Way::kRefuse) return told + " " + std::to_string(decision.refusal.status);
    if (decision.way == Proxy::Way::kServe) return told;
    return told + " " + decision.host.host + ":" + std::to_string(decision.host.port);
  }

  AuthorityFolder folder_;
  std::unique_ptr<CertificateAuthority> authority_ = folder_.Open();
  Proxy proxy_{*authority_, "secret"};
  const std::string basic_ = "Basic " + Base64("function:secret");
  const std::vector<Header> allowed_{{"Proxy-Authorization", basic_}};
};

TEST_F(ProxyTest, AwsHostsAreAnsweredHere) {
  EXPECT_EQ(Told("POST", "http://dynamodb.ca-central-1.amazonaws.com/"), "serve");
  EXPECT_EQ(Told("POST", "HTTPS://DynamoDB.cn-north-1.amazonaws.com.cn:443"), "serve");
  EXPECT_EQ(Told("CONNECT", "Lambda.eu-west-1.amazonaws.com:443"), "intercept lambda.eu-west-1.amazonaws.com:443");
  EXPECT_EQ(Told("POST", "http://dynamodb.us-east-1.amazonaws.com/", allowed_), "serve");
}

TEST_F(ProxyTest, ThisServerByNameIsServedOthersOfThisMachineAreNot) {
  EXPECT_EQ(Told("GET", "http://localhost:8000/"), "serve");
  EXPECT_EQ(Told("GET", "http://127.0.0.1:8000/"), "serve");
  EXPECT_EQ(Told("GET", "http://127.0.0.1:8001/"), "refuse 407");
  EXPECT_EQ(Told("GET", "http://127.0.0.1:8001/", allowed_), "forward 127.0.0.1:8001");
  EXPECT_EQ(Told("CONNECT", "localhost:8000"), "refuse 407");
}

TEST_F(ProxyTest, TheWorldIsForWhoKnowsThePassword) {
  EXPECT_EQ(Told("GET", "http://example.com/a"), "refuse 407");
  EXPECT_EQ(Told("GET", "http://example.com/a", allowed_), "forward example.com:80");
  EXPECT_EQ(Told("CONNECT", "example.com:8443", allowed_), "tunnel example.com:8443");
  EXPECT_EQ(Told("CONNECT", "[2001:db8::1]:443", {{"proxy-authorization", "bASIC  " + Base64("function:secret")}}),
            "tunnel [2001:db8::1]:443");
  for (const std::string& wrong :
       {std::string("Basic"), std::string("Basic "), "Basic " + Base64("function:secre"),
        "Basic " + Base64("function:secret2"), "Bearer " + Base64("function:secret"), std::string("function:secret")}) {
    EXPECT_EQ(Told("CONNECT", "example.com:443", {{"Proxy-Authorization", wrong}}), "refuse 407") << wrong;
    EXPECT_EQ(Told("CONNECT", "example.com:443", {{"Authorization", basic_}}), "refuse 407");
  }
}

TEST_F(ProxyTest, RefusesWhatIsNoHost) {
  for (const std::string& bad : {std::string("http://a@dynamodb.us-east-1.amazonaws.com/"), std::string("http://a:0/"),
                                 "http://" + std::string(20'000, 'a') + ".amazonaws.com/"}) {
    EXPECT_EQ(Told("GET", bad, allowed_), "refuse 400") << bad.substr(0, 100);
  }
  EXPECT_EQ(Told("CONNECT", "dynamodb.us-east-1.amazonaws.com:70000"), "refuse 400");
  EXPECT_EQ(Told("GET", "ftp://example.com/", allowed_), "refuse 400");
  EXPECT_EQ(Told("GET", "https://example.com/", allowed_), "refuse 400");
}

TEST_F(ProxyTest, SendsOnWhatIsForTheHost) {
  RequestHead head;
  head.method = "PUT";
  const std::string target = "http://example.com:81?q=1";
  head.target = target;
  head.authority = head.target.substr(7, 14);
  head.headers = {{"Host", "elsewhere"},
                  {"X-Kept", "1"},
                  {"Proxy-Authorization", basic_},
                  {"connection", "keep-alive, X-Hop"},
                  {"x-hop", "2"},
                  {"Content-Length", "3"}};
  EXPECT_EQ(HeadToSendOn(head),
            "PUT /?q=1 HTTP/1.1\r\nHost: example.com:81\r\nX-Kept: 1\r\nContent-Length: 3\r\n"
            "Connection: close\r\n\r\n");
}

}  // namespace
}  // namespace stator::http
