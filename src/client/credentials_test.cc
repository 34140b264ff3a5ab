#include "client/credentials.h"

#include <gtest/gtest.h>

#include "client/iso_time.h"
#include "client/testing_fakes.h"

namespace stator::client {
namespace {

constexpr char kTeam[] =
    "[default]\naws_access_key_id = DEF\naws_secret_access_key = defsecret\n\n"
    "[team]\naws_access_key_id=TEAM\naws_secret_access_key=teamsecret\naws_session_token=teamtoken\n";

std::string KeyOf(FakeMachine& machine, CredentialChain::Options options = {}) {
  CredentialChain chain(machine.Around(), std::move(options));
  auto got = chain.Get();
  return got.ok() ? got->key_id : std::string(NameOf(got.error().id));
}

TEST(Credentials, EnvironmentComesFirst) {
  FakeMachine machine;
  machine.env = {{"HOME", "/home/u"}, {"AWS_ACCESS_KEY_ID", "ENV"}, {"AWS_SECRET_ACCESS_KEY", "s"}};
  machine.files["/home/u/.aws/credentials"] = kTeam;
  EXPECT_EQ(KeyOf(machine), "ENV");
  EXPECT_EQ(KeyOf(machine, {.profile = "team"}), "TEAM") << "a profile asked for by name beats variables";
}

TEST(Credentials, HalfAPairIsAnError) {
  FakeMachine machine;
  machine.env = {{"AWS_ACCESS_KEY_ID", "ENV"}};
  EXPECT_EQ(KeyOf(machine), "kHalfCredentials");
}

TEST(Credentials, ProfilesOfTheSharedFiles) {
  FakeMachine machine;
  machine.env = {{"HOME", "/home/u"}};
  machine.files["/home/u/.aws/credentials"] = kTeam;
  EXPECT_EQ(KeyOf(machine), "DEF");
  machine.env["AWS_PROFILE"] = "team";
  EXPECT_EQ(KeyOf(machine), "TEAM");
  machine.env["AWS_PROFILE"] = "nobody";
  EXPECT_EQ(KeyOf(machine), "kNoSuchProfile");
  machine.env["AWS_SHARED_CREDENTIALS_FILE"] = "/elsewhere";
  machine.files["/elsewhere"] = "[nobody]\naws_access_key_id=ELSE\naws_secret_access_key=s";
  EXPECT_EQ(KeyOf(machine), "ELSE");
}

TEST(Credentials, ConfigFileMayHoldThemToo) {
  FakeMachine machine;
  machine.env = {{"AWS_CONFIG_FILE", "/conf"}, {"AWS_PROFILE", "p"}};
  machine.files["/conf"] = "# mine\n[profile p]\naws_access_key_id = CONF ; old\naws_secret_access_key = s\n";
  EXPECT_EQ(KeyOf(machine), "CONF");
}

TEST(Credentials, ProfilesThatNeedAnotherProgram) {
  FakeMachine machine;
  machine.env = {{"AWS_CONFIG_FILE", "/conf"}};
  machine.files["/conf"] = "[default]\nsso_session = corp\n";
  EXPECT_EQ(KeyOf(machine), "kForeignProfile");
  EXPECT_EQ(KeyOf(machine, {.fallback = sigv4::Credentials{"MADEUP", "s", ""}}), "MADEUP");
}

TEST(Credentials, ContainerSendsItsToken) {
  FakeMachine machine;
  machine.env = {{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/creds"},
                 {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token"}};
  machine.files["/token"] = "open sesame\n";
  std::string url;
  std::string token;
  machine.http = [&](const HttpRequest& request) -> Result<HttpReply> {
    url = request.url;
    token = request.headers.at(0).second;
    return Answer(200,
                  R"({"AccessKeyId":"CON","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-20T12:00:00Z"})");
  };
  EXPECT_EQ(KeyOf(machine), "CON");
  EXPECT_EQ(url, "http://169.254.170.2/v2/creds");
  EXPECT_EQ(token, "open sesame");
}

TEST(Credentials, ContainerAddressMustBeTrustworthy) {
  FakeMachine machine;
  machine.env = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://198.51.100.7/creds"}};
  EXPECT_EQ(KeyOf(machine), "kCredentialService");
  machine.env = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.2.evil.example/creds"}};
  EXPECT_EQ(KeyOf(machine), "kCredentialService");
  machine.env = {{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:9000/creds"}};
  EXPECT_EQ(KeyOf(machine), "kNothingAnswers") << "asked, but nobody there";
}

// The instance metadata service, version 2.
Result<HttpReply> Instance(const HttpRequest& request) {
  const std::string base = "http://imds.test/latest/";
  if (request.method == "PUT" && request.url == base + "api/token") return Answer(200, "session");
  if (request.headers.empty() || request.headers[0].second != "session") return Answer(401, "");
  if (request.url == base + "meta-data/iam/security-credentials/") return Answer(200, "role\n");
  if (request.url != base + "meta-data/iam/security-credentials/role") return Answer(404, "");
  return Answer(200, R"({"AccessKeyId":"INST","SecretAccessKey":"s","Token":"t","Expiration":"2026-11-20T10:30:00Z"})");
}

TEST(Credentials, InstanceMetadata) {
  FakeMachine machine;
  machine.env = {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://imds.test/"}};
  machine.http = &Instance;
  EXPECT_EQ(KeyOf(machine), "INST");
  EXPECT_EQ(KeyOf(machine, {.services = false}), "kNoCredentials");
  machine.env["AWS_EC2_METADATA_DISABLED"] = "true";
  EXPECT_EQ(KeyOf(machine), "kNoCredentials");
}

TEST(Credentials, KeptUntilShortlyBeforeTheyExpire) {
  FakeMachine machine;
  machine.env = {{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://imds.test"}};
  int asked = 0;
  machine.http = [&](const HttpRequest& request) {
    ++asked;
    return Instance(request);
  };
  CredentialChain chain(machine.Around(), {});
  ASSERT_TRUE(chain.Get().ok());
  ASSERT_TRUE(chain.Get().ok());
  EXPECT_EQ(asked, 3);
  machine.now = machine.now + std::chrono::minutes(26);
  ASSERT_TRUE(chain.Get().ok());
  EXPECT_EQ(asked, 6);
  chain.Forget();
  ASSERT_TRUE(chain.Get().ok());
  EXPECT_EQ(asked, 9);
}

TEST(Credentials, ExpiredOnesAreNamed) {
  FakeMachine machine;
  machine.env = {{"AWS_ACCESS_KEY_ID", "A"},
                 {"AWS_SECRET_ACCESS_KEY", "B"},
                 {"AWS_CREDENTIAL_EXPIRATION", "2026-11-20T11:59:00+02:00"}};
  EXPECT_EQ(KeyOf(machine), "kCredentialsExpired");
  machine.env["AWS_CREDENTIAL_EXPIRATION"] = "2026-11-20T12:01:00+02:00";
  EXPECT_EQ(KeyOf(machine), "A");
  machine.env["AWS_CREDENTIAL_EXPIRATION"] = "tomorrow";
  EXPECT_EQ(KeyOf(machine), "kCredentialService");
}

TEST(IsoTime, Forms) {
  EXPECT_EQ(ParseIso("1970-01-01T00:00:01Z")->micros, 1'000'000);
  EXPECT_EQ(ParseIso("2026-11-20T10:00:00.123Z")->micros, 1'795'168'800'123'000);
  EXPECT_EQ(ParseIso("2026-11-20T10:00:00.0000019+00:00")->micros, 1'795'168'800'000'001);
  EXPECT_EQ(ParseIso("2026-11-20T12:30:00+02:30")->micros, 1'795'168'800'000'000);
  EXPECT_EQ(ParseIso("2026-11-20T05:00:00-0500")->micros, 1'795'168'800'000'000);
  for (const Bytes bad : {"", "2026", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-20T10:00:00",
                          "2026-11-20T24:00:00Z", "2026-11-20T10:00:00Zz", "x026-11-20T10:00:00Z"}) {
    EXPECT_FALSE(ParseIso(bad).has_value()) << bad;
  }
}

}  // namespace
}  // namespace stator::client
