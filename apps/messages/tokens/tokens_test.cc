// Tokens and the keys they are verified with. What a whole back end does with bad ones is in tests/blackbox/backend.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <memory>

#include "base/base64.h"
#include "errors/common.h"
#include "tokens/jwt.h"
#include "tokens/key_set.h"
#include "tokens/rsa_key.h"
#include "tokens/verifier.h"

namespace stator::messages {
namespace {

std::string Base64Url(Bytes bytes) {
  std::string text = Base64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  while (text.ends_with('=')) text.pop_back();
  return text;
}

// A private key of the test's own.
class Signer {
 public:
  explicit Signer(unsigned int bits = 2048) : key_(EVP_RSA_gen(bits), &EVP_PKEY_free) {}

  std::string Modulus() const { return Part(OSSL_PKEY_PARAM_RSA_N); }
  std::string Exponent() const { return Part(OSSL_PKEY_PARAM_RSA_E); }
  std::string Sign(Bytes text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get());
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    size_t size = 0;
    EVP_DigestSign(context.get(), nullptr, &size, data, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, data, text.size());
    return signature;
  }
  std::string Jwk(Bytes id) const {
    return R"({"kty":"RSA","use":"sig","alg":"RS256","kid":")" + std::string(id) + R"(","n":")" + Base64Url(Modulus()) +
           R"(","e":")" + Base64Url(Exponent()) + "\"}";
  }
  std::string Token(Bytes header, Bytes payload) const {
    const std::string text = Base64Url(header) + "." + Base64Url(payload);
    return text + "." + Base64Url(Sign(text));
  }

 private:
  std::string Part(const char* name) const {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key_.get(), name, &number);
    std::string bytes(static_cast<size_t>(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
    BN_free(number);
    return bytes;
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

const Signer& TheSigner() {
  static const Signer* signer = new Signer();
  return *signer;
}

TEST(RsaKeyTest, VerifiesWhatTheOtherHalfSigned) {
  const Signer& signer = TheSigner();
  const auto key = RsaKey::Make(signer.Modulus(), signer.Exponent());
  ASSERT_TRUE(key.has_value());
  const std::string signature = signer.Sign("text");
  EXPECT_TRUE(key->Verifies("text", signature));
  EXPECT_FALSE(key->Verifies("Text", signature));
  EXPECT_FALSE(key->Verifies("text", signature.substr(1)));
  EXPECT_FALSE(key->Verifies("text", signature + "x"));
  EXPECT_FALSE(key->Verifies("text", ""));
  std::string changed = signature;
  changed[100] = static_cast<char>(changed[100] ^ 1);
  EXPECT_FALSE(key->Verifies("text", changed));
}

TEST(RsaKeyTest, TakesNoKeyThatIsTooSmallOrMalformed) {
  const Signer& signer = TheSigner();
  const Signer small(1024);
  EXPECT_FALSE(RsaKey::Make(small.Modulus(), small.Exponent()).has_value());
  EXPECT_FALSE(RsaKey::Make("", signer.Exponent()).has_value());
  EXPECT_FALSE(RsaKey::Make(signer.Modulus(), "").has_value());
  EXPECT_FALSE(RsaKey::Make(signer.Modulus(), Bytes("\1", 1)).has_value());
  EXPECT_FALSE(RsaKey::Make(signer.Modulus(), Bytes("\1\0\0", 3)).has_value());
  EXPECT_FALSE(RsaKey::Make(signer.Modulus(), "12345").has_value());
  EXPECT_TRUE(RsaKey::Make(std::string(2, '\0') + signer.Modulus(), signer.Exponent()).has_value());
}

TEST(JwtTest, Base64UrlIsStrict) {
  EXPECT_EQ(FromBase64Url("-_8"), std::string("\xfb\xff"));
  EXPECT_EQ(FromBase64Url(""), "");
  for (const Bytes bad : {"+/8", "-_8=", "a", "-_9", "a b", "\xc3\xa9"}) EXPECT_FALSE(FromBase64Url(bad)) << bad;
}

TEST(JwtTest, SplitsThreeParts) {
  const std::string token = TheSigner().Token(R"({"alg":"RS256","kid":"k"})", R"({"sub":"s","exp":5})");
  const auto jwt = SplitJwt(token);
  ASSERT_TRUE(jwt.has_value());
  EXPECT_EQ(jwt->algorithm, "RS256");
  EXPECT_EQ(jwt->key_id, "k");
  EXPECT_EQ(jwt->payload, R"({"sub":"s","exp":5})");
  EXPECT_EQ(jwt->signed_part, Bytes(token).substr(0, token.rfind('.')));
  for (const std::string& bad :
       {std::string(), std::string("."), std::string(".."), std::string("a.b.c"), token + ".", "." + token,
        token.substr(0, token.rfind('.')), TheSigner().Token("[]", "{}"), TheSigner().Token("{", "{}"),
        TheSigner().Token(R"({"alg":"RS256","kid":"k","crit":["x"]})", "{}")}) {
    EXPECT_FALSE(SplitJwt(bad)) << bad;
  }
}

TEST(JwtTest, ReadsClaims) {
  const auto claims =
      ReadClaims(R"({"sub":"s","username":"u","iss":"i","client_id":"c","token_use":"access","exp":7})");
  ASSERT_TRUE(claims.has_value());
  EXPECT_EQ(claims->subject, "s");
  EXPECT_EQ(claims->username, "u");
  EXPECT_EQ(claims->expires, 7);
  for (const Bytes bad : {"", "[]", "{}", R"({"sub":"s"})", R"({"exp":7})", R"({"sub":7,"exp":7})",
                          R"({"sub":"s","exp":"7"})", R"({"sub":"s","exp":7.5})", R"({"sub":"s","exp":1e30})"}) {
    EXPECT_FALSE(ReadClaims(bad)) << bad;
  }
}

TEST(KeySetTest, TakesSigningKeysAndPassesOverOthers) {
  const Signer& signer = TheSigner();
  const std::string good = signer.Jwk("good");
  const auto keys = ReadKeySet(R"({"keys":[)" + good +
                               R"(,{"kty":"EC","kid":"ec"},{"kty":"RSA","kid":"broken","n":"A","e":"AQAB"},7,)" +
                               R"({"kty":"RSA","use":"enc","kid":"enc","n":"x","e":"AQAB"}]})");
  ASSERT_TRUE(keys.has_value());
  EXPECT_EQ(keys->size(), 1u);
  EXPECT_TRUE(keys->contains("good"));
  for (const Bytes bad : {"", "[]", "{}", R"({"keys":{}})", "<html>"}) EXPECT_FALSE(ReadKeySet(bad)) << bad;
}

// A verifier with a clock and a pool of the test's own.
class VerifierTest : public ::testing::Test {
 protected:
  static constexpr Bytes kIssuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Pool12345";

  VerifierTest()
      : verifier_(
            {{std::string(kIssuer), "http://local/us-east-1_Pool12345"}, "client"}, [this] { return Fetch(); },
            [this] { return now_; }, [this] { return monotonic_; }) {}

  Task<Result<std::string>> Fetch() {
    ++fetches_;
    if (unreachable_) co_return Fail(errors::kValidation, "no pool");
    co_return published_;
  }
  void Publish(const std::vector<std::pair<const Signer*, std::string>>& keys) {
    published_ = R"({"keys":[)";
    for (const auto& [signer, id] : keys) {
      if (!published_.ends_with('[')) published_ += ",";
      published_ += signer->Jwk(id);
    }
    published_ += "]}";
  }
  static std::string Payload(Bytes issuer = kIssuer, Bytes client = "client", Bytes use = "access", int64_t exp = 1100,
                             Bytes sub = "me") {
    return R"({"sub":")" + std::string(sub) + R"(","username":"me","iss":")" + std::string(issuer) +
           R"(","client_id":")" + std::string(client) + R"(","token_use":")" + std::string(use) + R"(","exp":)" +
           std::to_string(exp) + "}";
  }
  static std::string Header(Bytes kid = "one", Bytes algorithm = "RS256") {
    return R"({"alg":")" + std::string(algorithm) + R"(","kid":")" + std::string(kid) + "\"}";
  }
  std::variant<Bearer, TokenFault> Verify(const std::string& token, Bytes scheme = "Bearer ") {
    auto task = verifier_.Verify(std::string(scheme) + token);
    EXPECT_TRUE(task.done());
    return task.Take();
  }
  bool Good(const std::string& token) { return std::holds_alternative<Bearer>(Verify(token)); }
  TokenFault FaultOf(const std::string& token) { return std::get<TokenFault>(Verify(token)); }

  Time now_{1'000'000'000};  // second 1000
  MonotonicTime monotonic_ = MonotonicNow();
  std::string published_;
  int fetches_ = 0;
  bool unreachable_ = false;
  Verifier verifier_;
};

TEST_F(VerifierTest, LetsTheBearersOfGoodTokensIn) {
  Publish({{&TheSigner(), "one"}});
  const auto verdict = Verify(TheSigner().Token(Header(), Payload()));
  ASSERT_TRUE(std::holds_alternative<Bearer>(verdict));
  EXPECT_EQ(std::get<Bearer>(verdict).subject, "me");
  EXPECT_EQ(std::get<Bearer>(verdict).expires, (Time{1'100'000'000}));
  EXPECT_TRUE(Good(TheSigner().Token(Header(), Payload("http://local/us-east-1_Pool12345"))));
  EXPECT_TRUE(std::holds_alternative<Bearer>(Verify(TheSigner().Token(Header(), Payload()), "bearer ")));
  EXPECT_EQ(fetches_, 1);
}

TEST_F(VerifierTest, RefusesEverythingElse) {
  Publish({{&TheSigner(), "one"}});
  const Signer& signer = TheSigner();
  const Signer foreign;
  const std::string good = signer.Token(Header(), Payload());
  const std::string payload = Base64Url(Payload());
  const std::vector<std::string> bad = {
      "x",
      Base64Url(Header("one", "none")) + "." + payload + ".",
      signer.Token(Header("one", "none"), Payload()),
      signer.Token(Header("one", "HS256"), Payload()),
      signer.Token(Header("one", "rs256"), Payload()),
      signer.Token(Header("one", "RS512"), Payload()),
      signer.Token(Header(""), Payload()),
      signer.Token(R"({"alg":"RS256"})", Payload()),
      foreign.Token(Header(), Payload()),
      signer.Token(Header("two"), Payload()),
      good.substr(0, good.find('.')) + "." + Base64Url(Payload(kIssuer, "client", "access", 1100, "you")) +
          good.substr(good.rfind('.')),
      good + "A",
      signer.Token(Header(), Payload("https://elsewhere")),
      signer.Token(Header(), Payload(kIssuer, "other")),
      signer.Token(Header(), Payload(kIssuer, "client", "id")),
      signer.Token(Header(), Payload(kIssuer, "client", "access", INT64_MAX)),
      signer.Token(Header(), "[]"),
      std::string(Verifier::kLongestToken + 1, 'a'),
  };
  for (const std::string& token : bad) EXPECT_EQ(FaultOf(token), TokenFault::kInvalid) << token;
  EXPECT_EQ(std::get<TokenFault>(Verify("", "")), TokenFault::kMissing);
  EXPECT_EQ(std::get<TokenFault>(Verify(good, "")), TokenFault::kInvalid);
  EXPECT_EQ(std::get<TokenFault>(Verify(good, "Basic ")), TokenFault::kInvalid);
  EXPECT_TRUE(Good(good));
}

TEST_F(VerifierTest, ATokenEndsWithItsTimeAlsoWhenItWasGoodBefore) {
  Publish({{&TheSigner(), "one"}});
  const std::string token = TheSigner().Token(Header(), Payload());
  EXPECT_TRUE(Good(token));
  now_ = Time{1'099'999'999};
  EXPECT_TRUE(Good(token));
  now_ = Time{1'100'000'000};
  EXPECT_EQ(FaultOf(token), TokenFault::kExpired);
  EXPECT_EQ(FaultOf(token), TokenFault::kExpired);
}

TEST_F(VerifierTest, FetchesNewKeysAtOnceButNotForEveryMadeUpId) {
  Publish({{&TheSigner(), "one"}});
  EXPECT_TRUE(Good(TheSigner().Token(Header(), Payload())));
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(FaultOf(TheSigner().Token(Header("made up " + std::to_string(i)), Payload())), TokenFault::kInvalid);
  }
  EXPECT_EQ(fetches_, 2);
  const Signer next;
  Publish({{&TheSigner(), "one"}, {&next, "two"}});
  EXPECT_EQ(FaultOf(next.Token(Header("two"), Payload())), TokenFault::kInvalid);
  monotonic_ += Verifier::kFetchPause;
  EXPECT_TRUE(Good(next.Token(Header("two"), Payload())));
  EXPECT_EQ(fetches_, 3);
  const Signer third;  // a fetch that brought the key is no reason for a pause
  Publish({{&next, "two"}, {&third, "three"}});
  EXPECT_TRUE(Good(third.Token(Header("three"), Payload())));
  EXPECT_EQ(fetches_, 4);
}

TEST_F(VerifierTest, APoolThatIsAwayIsNotAskedForFreshKeysEachTime) {
  Publish({{&TheSigner(), "one"}});
  EXPECT_TRUE(Good(TheSigner().Token(Header(), Payload())));
  unreachable_ = true;
  monotonic_ += Verifier::kRefreshAfter;
  for (int sub = 0; sub < 20; ++sub) {
    const std::string payload = Payload(kIssuer, "client", "access", 1100, std::to_string(sub));
    EXPECT_TRUE(Good(TheSigner().Token(Header(), payload)));
  }
  EXPECT_EQ(fetches_, 2);
}

TEST_F(VerifierTest, AWithdrawnKeyStopsWorkingAlsoForTokensThatWereGood) {
  const Signer next;
  Publish({{&TheSigner(), "one"}});
  const std::string old = TheSigner().Token(Header(), Payload());
  EXPECT_TRUE(Good(old));
  Publish({{&next, "two"}});
  monotonic_ += Verifier::kRefreshAfter;
  EXPECT_TRUE(Good(next.Token(Header("two"), Payload())));
  EXPECT_EQ(FaultOf(old), TokenFault::kInvalid);
}

TEST_F(VerifierTest, WithoutKeysItIsNotTheTokensFault) {
  unreachable_ = true;
  const std::string token = TheSigner().Token(Header(), Payload());
  EXPECT_EQ(FaultOf(token), TokenFault::kNoKeys);
  EXPECT_EQ(FaultOf(token), TokenFault::kNoKeys);
  EXPECT_EQ(fetches_, 1);
  unreachable_ = false;
  Publish({{&TheSigner(), "one"}});
  monotonic_ += Verifier::kFetchPause;
  EXPECT_TRUE(Good(token));
  unreachable_ = true;  // keys that are known stay good when the pool is away
  monotonic_ += 2 * Verifier::kRefreshAfter;
  EXPECT_TRUE(Good(TheSigner().Token(Header(), Payload(kIssuer, "client", "access", 1200))));
}

}  // namespace
}  // namespace stator::messages
