// Published examples: the signing walk-through of the IAM user guide (ListUsers), the cases of AWS's SigV4 test suite
// that need no file, and one recorded request of the AWS CLI.
#include <gtest/gtest.h>

#include "sigv4/canonical.h"
#include "sigv4/digest.h"
#include "sigv4/sign.h"

namespace stator::sigv4 {
namespace {

constexpr Bytes kEmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr Bytes kGuideSecret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

TEST(Digest, KnownAnswers) {
  EXPECT_EQ(Sha256Hex(""), kEmptyHash);
  // RFC 4231, test case 2
  EXPECT_EQ(Hex(HmacSha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Path, IsNormalisedAndEncodedOnceMore) {
  EXPECT_EQ(CanonicalPath("", PathRule::kEncodeTwice), "/");
  EXPECT_EQ(CanonicalPath("/", PathRule::kEncodeTwice), "/");
  EXPECT_EQ(CanonicalPath("/functions/arn%3Aaws%3Alambda", PathRule::kEncodeTwice),
            "/functions/arn%253Aaws%253Alambda");
  EXPECT_EQ(CanonicalPath("//example//", PathRule::kEncodeTwice), "/example/");
  EXPECT_EQ(CanonicalPath("/example/..", PathRule::kEncodeTwice), "/");
  EXPECT_EQ(CanonicalPath("/./example", PathRule::kEncodeTwice), "/example");
  EXPECT_EQ(CanonicalPath("/a/b/../../../c", PathRule::kEncodeTwice), "/c");
}

TEST(Path, StaysAsSentForS3) {
  EXPECT_EQ(CanonicalPath("/my%20bucket//a/../b", PathRule::kAsSent), "/my%20bucket//a/../b");
}

TEST(Query, IsEncodedAndSorted) {
  EXPECT_EQ(CanonicalQuery(""), "");
  EXPECT_EQ(CanonicalQuery("Param2=value2&Param1=value1"), "Param1=value1&Param2=value2");
  EXPECT_EQ(CanonicalQuery("Param1=value2&Param1=Value1"), "Param1=Value1&Param1=value2");
  EXPECT_EQ(CanonicalQuery("b&a=x%2fy z"), "a=x%2Fy%20z&b=");
  EXPECT_EQ(CanonicalQuery("a=100%&X-Amz-Signature=00"), "a=100%25");
  EXPECT_EQ(CanonicalQuery("a=b=c&&"), "a=b%3Dc");
}

TEST(Headers, AreTrimmedJoinedAndMatchedWithoutCase) {
  const Field fields[] = {{"My-Header1", "  value4 \t value1 "}, {"MY-HEADER1", "value3"}, {"Host", "h"}};
  const std::vector<std::string> names = HeaderNames(fields);
  EXPECT_EQ(JoinNames(names), "host;my-header1");
  EXPECT_EQ(CanonicalHeaders(fields, names), "host:h\nmy-header1:value4 value1,value3\n");
}

TEST(Sign, GuideExample) {
  const Field fields[] = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                          {"Host", "iam.amazonaws.com"},
                          {"X-Amz-Date", "20150830T123600Z"}};
  const Request request{"GET", "/", "Action=ListUsers&Version=2010-05-08", fields};
  const std::string canonical = CanonicalRequest(request, HeaderNames(fields), kEmptyHash);
  EXPECT_EQ(Sha256Hex(canonical), "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59");
  const Scope scope{"20150830", "us-east-1", "iam"};
  const std::string key = SigningKey(kGuideSecret, scope);
  EXPECT_EQ(Hex(key), "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
  EXPECT_EQ(Signature(key, StringToSign("20150830T123600Z", scope, canonical)),
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(Sign, SuiteVanillaGet) {
  const Field fields[] = {{"Host", "example.amazonaws.com"}};
  const Request request{"GET", "/", "", fields};
  const Time when{1440938160'000'000};  // 2015-08-30T12:36:00Z
  const Headers headers =
      SignRequest(request, "", {"AKIDEXAMPLE", std::string(kGuideSecret), ""}, "us-east-1", "service", when);
  ASSERT_EQ(headers.size(), 2u);
  EXPECT_EQ(headers[0].second, "20150830T123600Z");
  EXPECT_EQ(headers[1].second,
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
            "SignedHeaders=host;x-amz-date, "
            "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

TEST(Sign, RecordedCliRequest) {
  const Field fields[] = {{"content-type", "application/x-amz-json-1.0"},
                          {"host", "127.0.0.1:18999"},
                          {"x-amz-target", "DynamoDB_20120810.ListTables"}};
  const Request request{"POST", "/", "", fields};
  const Time when{1795162928'000'000};  // 2026-11-20T08:22:08Z
  const Headers headers = SignRequest(request, "{}", {"AKID", "secretexample", ""}, "ca-central-1", "dynamodb", when);
  EXPECT_TRUE(headers.back().second.ends_with("fed02cfcdf5b9d45aa2cfadb9d52c993c1f471dec047efbf0b6afde20d5a3c76"))
      << headers.back().second;
}

TEST(Sign, KeysOfOtherSecretsDaysAndPlacesDoNotMix) {
  const Field fields[] = {{"Host", "example.amazonaws.com"}};
  const Request request{"POST", "/", "", fields};
  const auto sign = [&](const char* secret, const char* region, const char* service, int64_t day) {
    return SignRequest(request, "", {"A", secret, ""}, region, service, Time{day * 86'400'000'000}).back().second;
  };
  const std::string first = sign("B", "us-east-1", "dynamodb", 20'000);
  EXPECT_NE(sign("C", "us-east-1", "dynamodb", 20'000), first);
  EXPECT_EQ(sign("B", "us-east-1", "dynamodb", 20'000), first);
  EXPECT_NE(sign("B", "us-east-2", "dynamodb", 20'000), first);
  EXPECT_NE(sign("B", "us-east-1", "lambda", 20'000), first);
  EXPECT_NE(sign("B", "us-east-1", "dynamodb", 20'001), first);
  EXPECT_EQ(sign("B", "us-east-1", "dynamodb", 20'000), first);
}

TEST(Sign, TokenIsSentAndSigned) {
  const Field fields[] = {{"Host", "example.amazonaws.com"}};
  const Headers headers = SignRequest({"POST", "/", "", fields}, "", {"A", "B", "TOKEN"}, "us-east-1", "dynamodb",
                                      Time{1440938160'000'000});
  ASSERT_EQ(headers.size(), 3u);
  EXPECT_EQ(headers[1], (std::pair<std::string, std::string>("X-Amz-Security-Token", "TOKEN")));
  EXPECT_NE(headers[2].second.find("SignedHeaders=host;x-amz-date;x-amz-security-token,"), std::string::npos);
}

}  // namespace
}  // namespace stator::sigv4
