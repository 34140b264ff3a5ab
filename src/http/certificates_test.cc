#include "http/certificates.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "errors/http.h"
#include "http/proxy_fixture.h"

namespace stator::http {
namespace {

class CertificatesTest : public ::testing::Test {
 protected:
  AuthorityFolder folder_;
  const std::string ca_ = folder_.path() + "/ca";
};

TEST_F(CertificatesTest, IsMadeOnceAndKept) {
  const std::string first = folder_.Open()->certificate();
  EXPECT_EQ(folder_.Open()->certificate(), first);
  EXPECT_EQ(ReadFile(ca_ + "/ca.pem"), first);
  struct stat info {};
  ASSERT_EQ(stat((ca_ + "/ca-key.pem").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
}

TEST_F(CertificatesTest, AKeyWithoutCertificateIsReplaced) {
  const std::string first = folder_.Open()->certificate();
  std::filesystem::remove(ca_ + "/ca.pem");
  EXPECT_NE(folder_.Open()->certificate(), first);
}

TEST_F(CertificatesTest, RefusesWhatDoesNotFit) {
  folder_.Open();
  const std::string key = *ReadFile(ca_ + "/ca-key.pem");
  const AuthorityFolder other;
  other.Open();
  for (const std::string& bad : {std::string("garbage"), std::string(), *ReadFile(other.path() + "/ca/ca-key.pem")}) {
    ReplaceFile(ca_ + "/ca-key.pem", bad, 0600);
    EXPECT_EQ(CertificateAuthority::Open(ca_).error().id, errors::kHttpAuthorityUnusable);
  }
  ReplaceFile(ca_ + "/ca-key.pem", key, 0600);
  ReplaceFile(ca_ + "/ca.pem", "garbage", 0600);
  EXPECT_EQ(CertificateAuthority::Open(ca_).error().id, errors::kHttpAuthorityUnusable);
  EXPECT_EQ(CertificateAuthority::Open(folder_.path() + "/missing/ca").error().id, errors::kHttpAuthorityNotMade);
}

TEST_F(CertificatesTest, TheBundleBeginsWithIt) {
  const auto authority = folder_.Open();
  ASSERT_TRUE(authority->WriteBundle(folder_.path() + "/bundle.pem").ok());
  EXPECT_TRUE(ReadFile(folder_.path() + "/bundle.pem")->starts_with(authority->certificate()));
  EXPECT_FALSE(authority->WriteBundle(folder_.path() + "/missing/bundle.pem").ok());
}

TEST_F(CertificatesTest, AHostHasOneContext) {
  const auto authority = folder_.Open();
  const auto one = authority->ContextFor("a.amazonaws.com");
  const auto again = authority->ContextFor("a.amazonaws.com");
  const auto other = authority->ContextFor("b.amazonaws.com");
  ASSERT_TRUE(one.ok() && again.ok() && other.ok());
  EXPECT_EQ(*one, *again);
  EXPECT_NE(*one, *other);
}

}  // namespace
}  // namespace stator::http
