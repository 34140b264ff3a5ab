#include "client/connect.h"

#include <gtest/gtest.h>

#include "client/ini.h"
#include "client/testing_fakes.h"

namespace stator::client {
namespace {

std::string UrlOf(FakeMachine& machine, const Wish& wish) {
  auto target = Connect(wish, machine.Around());
  return target.ok() ? target->endpoint.url : std::string(NameOf(target.error().id));
}

std::string RegionOf(FakeMachine& machine, const Wish& wish) {
  auto target = Connect(wish, machine.Around());
  return target.ok() ? target->region : std::string(NameOf(target.error().id));
}

TEST(Connect, EndpointOfOnesOwn) {
  FakeMachine machine;
  EXPECT_EQ(UrlOf(machine, {}), "http://localhost:8000");
  machine.env["AWS_CONFIG_FILE"] = "/c";
  machine.files["/c"] =
      "[default]\nservices = local\nendpoint_url = http://any:1\n[services local]\ndynamodb =\n  endpoint_url = "
      "http://prof:2\n";
  EXPECT_EQ(UrlOf(machine, {}), "http://prof:2");
  machine.env["AWS_ENDPOINT_URL"] = "http://all:3";
  EXPECT_EQ(UrlOf(machine, {}), "http://all:3");
  machine.env["AWS_ENDPOINT_URL_DYNAMODB"] = "http://ddb:4";
  EXPECT_EQ(UrlOf(machine, {}), "http://ddb:4");
  machine.env["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"] = "http://pool:5";
  EXPECT_EQ(UrlOf(machine, {.service = "cognito-idp"}), "http://pool:5");
  EXPECT_EQ(UrlOf(machine, {.endpoint_url = "http://wish:5"}), "http://wish:5");
}

TEST(Connect, AwsNeedsARegion) {
  FakeMachine machine;
  EXPECT_EQ(UrlOf(machine, {.aws = true}), "kNoRegion");
  machine.env["AWS_DEFAULT_REGION"] = "eu-north-1";
  machine.env["AWS_ENDPOINT_URL"] = "http://localhost:8000";
  EXPECT_EQ(UrlOf(machine, {.aws = true}), "https://dynamodb.eu-north-1.amazonaws.com");
  EXPECT_EQ(UrlOf(machine, {.region = "cn-north-1", .aws = true}), "https://dynamodb.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(UrlOf(machine, {.region = "a b", .aws = true}), "kBadEndpoint");
}

TEST(Connect, Region) {
  FakeMachine machine;
  EXPECT_EQ(RegionOf(machine, {}), "us-east-1");
  machine.env["AWS_CONFIG_FILE"] = "/c";
  machine.files["/c"] = "[default]\nregion = ap-south-1\n[profile other]\nregion = sa-east-1\n";
  EXPECT_EQ(RegionOf(machine, {}), "ap-south-1");
  EXPECT_EQ(RegionOf(machine, {.profile = "other"}), "sa-east-1");
  machine.env["AWS_DEFAULT_REGION"] = "eu-west-3";
  EXPECT_EQ(RegionOf(machine, {}), "eu-west-3");
  machine.env["AWS_REGION"] = "eu-west-1";
  EXPECT_EQ(RegionOf(machine, {}), "eu-west-1");
  EXPECT_EQ(RegionOf(machine, {.region = "us-west-2"}), "us-west-2");
}

TEST(Connect, CredentialsAreMadeUpOnlyForServersOfOnesOwn) {
  FakeMachine machine;
  machine.env["AWS_EC2_METADATA_DISABLED"] = "true";
  EXPECT_TRUE(Connect({}, machine.Around())->credentials->Get().ok());
  EXPECT_FALSE(Connect({.region = "us-east-1", .aws = true}, machine.Around())->credentials->Get().ok());
  const Wish named{.endpoint_url = "https://dynamodb.us-east-1.amazonaws.com", .region = "us-east-1"};
  EXPECT_FALSE(Connect(named, machine.Around())->credentials->Get().ok());
}

TEST(Endpoint, Forms) {
  const auto parsed = ParseEndpoint("http://127.0.0.1:8000/");
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->url, "http://127.0.0.1:8000");
  EXPECT_EQ(parsed->authority, "127.0.0.1:8000");
  EXPECT_EQ(parsed->path, "/");
  EXPECT_TRUE(parsed->loopback);
  EXPECT_EQ(ParseEndpoint("https://a.example:443/x/y")->authority, "a.example");
  EXPECT_EQ(ParseEndpoint("https://a.example:443/x/y")->path, "/x/y");
  EXPECT_EQ(ParseEndpoint("http://[::1]:8000")->authority, "[::1]:8000");
  EXPECT_TRUE(ParseEndpoint("http://[::1]:8000")->loopback);
  EXPECT_FALSE(ParseEndpoint("http://example.com")->loopback);
  EXPECT_TRUE(ParseEndpoint("https://dynamodb.us-east-1.amazonaws.com")->aws);
  EXPECT_FALSE(ParseEndpoint("https://dynamodb.amazonaws.com.example")->aws);
  for (const Bytes bad : {"", "localhost:8000", "http://", "ftp://x", "http://user@host", "http://h:0",
                          "http://h:99999", "http://h:80x", "http://h/?q", "http://:80", "http://a b"}) {
    EXPECT_FALSE(ParseEndpoint(bad).ok()) << bad;
  }
}

TEST(Ini, PassesOverWhatMeansNothing) {
  const Ini ini = ParseIni("lost = 1\n[a]\n=\nnovalue\nk = v # c\n[b\nx=y=z\r\n[]\n");
  EXPECT_EQ(ini.at("a").at("k"), "v");
  EXPECT_EQ(ini.at("b").at("x"), "y=z");
  EXPECT_EQ(ini.count(""), 1u);
}

}  // namespace
}  // namespace stator::client
