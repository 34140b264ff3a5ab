#include "http/cors.h"

#include <gtest/gtest.h>

namespace stator::http {
namespace {

RequestHead Head(Bytes method, std::vector<Header> headers) {
  RequestHead head;
  head.method = method;
  head.loopback_listener = true;
  head.headers = std::move(headers);
  return head;
}

std::string HeaderOf(const Reply& reply, Bytes name) {
  for (const auto& [key, value] : reply.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(OriginPolicy, GrantsOriginsOfThisMachine) {
  const OriginPolicy policy;
  for (Bytes origin : {"http://localhost", "http://localhost:3000", "https://LOCALHOST:8443", "http://127.0.0.1:8000",
                       "http://127.9.9.9", "http://[::1]:5173", "http://app.localhost:80"}) {
    EXPECT_TRUE(policy.OriginGranted(origin)) << origin;
  }
  for (Bytes origin :
       {"null", "", "http://example.com", "http://localhost.example.com", "http://127.0.0.1.example.com",
        "http://127.0.0.1@example.com", "http://example.com:80/localhost", "file://", "http://[::1",
        "http://[::1].example.com", "http://localhost:80.example.com", "ftp://localhost", "http://1270.0.1",
        "http://notlocalhost", "http://127.0.0", "http://127.0.0.1.", "http://", "chrome-extension://abc"}) {
    EXPECT_FALSE(policy.OriginGranted(origin)) << origin;
  }
}

TEST(OriginPolicy, GrantsWhatIsAllowedByName) {
  const OriginPolicy policy({"https://App.example.com/"});
  EXPECT_TRUE(policy.OriginGranted("https://app.example.com"));
  EXPECT_FALSE(policy.OriginGranted("http://app.example.com"));
  EXPECT_FALSE(policy.OriginGranted("https://app.example.com:444"));
  EXPECT_FALSE(policy.OriginGranted("https://app.example.com.evil.org"));
  EXPECT_TRUE(OriginPolicy({"*"}).OriginGranted("https://anything.example"));
}

TEST(OriginPolicy, KnowsItsOwnNames) {
  for (Bytes host : {"localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "[::1]", "x.localhost",
                     "dynamodb.us-east-1.amazonaws.com", "DynamoDB.us-east-1.AmazonAWS.com:8000",
                     "dynamodb.cn-north-1.amazonaws.com.cn"}) {
    EXPECT_TRUE(OriginPolicy::HostIsOurs(host)) << host;
  }
  for (Bytes host : {"example.com", "amazonaws.com.example.com", "evilamazonaws.com", "localhost:x", "[::2]", "",
                     "169.254.169.254", "[::1]x"}) {
    EXPECT_FALSE(OriginPolicy::HostIsOurs(host)) << host;
  }
}

TEST(OriginPolicy, LetsClientsThrough) {
  const OriginPolicy policy;
  EXPECT_EQ(policy.Admit(Head("POST", {{"Host", "localhost:8000"}})), std::nullopt);
  EXPECT_EQ(policy.Admit(Head("POST", {{"Host", "localhost:8000"}, {"Origin", "http://localhost:3000"}})),
            std::nullopt);
  EXPECT_EQ(policy.Admit(Head("POST", {})), std::nullopt);
  EXPECT_EQ(policy.Admit(Head("OPTIONS", {{"Host", "localhost"}, {"Origin", "http://localhost"}})), std::nullopt);
}

TEST(OriginPolicy, RefusesForeignHostsOnLoopbackOnly) {
  const OriginPolicy policy;
  RequestHead head = Head("POST", {{"Host", "rebound.example.com"}});
  ASSERT_TRUE(policy.Admit(head));
  EXPECT_EQ(policy.Admit(head)->status, 403);
  head.loopback_listener = false;
  EXPECT_FALSE(policy.Admit(head));
}

TEST(OriginPolicy, RefusesForeignOriginsEvenInPreflight) {
  const OriginPolicy policy;
  for (Bytes method : {"OPTIONS", "POST", "GET"}) {
    const auto reply = policy.Admit(
        Head(method,
             {{"Host", "localhost"}, {"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "POST"}}));
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->status, 403);
    EXPECT_EQ(HeaderOf(*reply, "Access-Control-Allow-Origin"), "");
  }
}

TEST(OriginPolicy, AnswersPreflight) {
  const OriginPolicy policy;
  const auto reply = policy.Admit(Head("OPTIONS", {{"Host", "localhost"},
                                                   {"origin", "http://localhost:3000"},
                                                   {"Access-Control-Request-Method", "POST"},
                                                   {"Access-Control-Request-Headers", "x-amz-target,x-custom"},
                                                   {"Access-Control-Request-Private-Network", "true"}}));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(HeaderOf(*reply, "Access-Control-Allow-Origin"), "http://localhost:3000");
  EXPECT_EQ(HeaderOf(*reply, "Access-Control-Allow-Headers"), "x-amz-target,x-custom");
  EXPECT_EQ(HeaderOf(*reply, "Access-Control-Max-Age"), "172800");
  EXPECT_EQ(HeaderOf(*reply, "Access-Control-Allow-Private-Network"), "true");
  EXPECT_NE(HeaderOf(*reply, "Access-Control-Allow-Methods").find("POST"), std::string::npos);
}

TEST(OriginPolicy, GrantsRepliesToGrantedOriginsOnly) {
  const OriginPolicy policy;
  Reply plain;
  policy.Grant(Head("POST", {{"Host", "localhost"}}), &plain);
  EXPECT_TRUE(plain.headers.empty());
  Reply granted;
  policy.Grant(Head("POST", {{"Origin", "http://localhost"}}), &granted);
  EXPECT_EQ(HeaderOf(granted, "Access-Control-Allow-Origin"), "http://localhost");
  EXPECT_NE(HeaderOf(granted, "Access-Control-Expose-Headers").find("x-amz-crc32"), std::string::npos);
  EXPECT_EQ(HeaderOf(granted, "Vary"), "Origin");
}

}  // namespace
}  // namespace stator::http
