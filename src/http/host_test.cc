#include "http/host.h"

#include <gtest/gtest.h>

namespace stator::http {
namespace {

std::string Parsed(Bytes authority) {
  const auto parsed = ParseAuthority(authority, 80);
  return parsed ? parsed->host + " " + std::to_string(parsed->port) : "-";
}

TEST(HostTest, ReadsAuthorities) {
  EXPECT_EQ(Parsed("DynamoDB.eu-west-1.amazonaws.com:443"), "dynamodb.eu-west-1.amazonaws.com 443");
  EXPECT_EQ(Parsed("example.com"), "example.com 80");
  EXPECT_EQ(Parsed("example.com:"), "example.com 80");
  EXPECT_EQ(Parsed("10.0.0.1:1"), "10.0.0.1 1");
  EXPECT_EQ(Parsed("[2001:DB8::1]:65535"), "[2001:db8::1] 65535");
  EXPECT_EQ(Parsed("a_b"), "a_b 80");
}

TEST(HostTest, RefusesWhatIsNone) {
  for (const std::string& bad :
       {std::string(""), std::string(":80"), std::string("a:0"), std::string("a:65536"), std::string("a:999999999999"),
        std::string("a:b"), std::string("a:80:80"), std::string("user@a"), std::string("a/b"), std::string("[::1"),
        std::string("[]"), std::string("[x]"), std::string("a b"), std::string("a%00"), std::string(256, 'a'),
        std::string(100'000, 'a')}) {
    EXPECT_EQ(Parsed(bad), "-") << bad.substr(0, 300);
  }
}

TEST(HostTest, KnowsAwsAndThisMachine) {
  for (Bytes host : {"dynamodb.us-east-1.amazonaws.com", "x.amazonaws.com.cn"}) EXPECT_TRUE(IsAwsHost(host)) << host;
  for (Bytes host : {"amazonaws.com", "evilamazonaws.com", "x.amazonaws.com.evil.org", "x.amazonaws.comx", ""}) {
    EXPECT_FALSE(IsAwsHost(host)) << host;
  }
  EXPECT_TRUE(IsLoopbackHost("127.0.0.1"));
  EXPECT_FALSE(IsLoopbackHost("127.0.0.1.example.com"));
}

}  // namespace
}  // namespace stator::http
