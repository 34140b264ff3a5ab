#include "pools/tokens.h"

#include "base/base64.h"
#include "errors/pools.h"
#include "json/value.h"
#include "pools/pools_testing.h"

namespace stator::pools {
namespace {

class TokensTest : public RealmTest {
 protected:
  TokensTest() : pool_(MakePool()), client_(MakeClient(pool_)) {
    user_.username = "nora";
    user_.sub = "6f0d0a0e-0000-4000-8000-000000000001";
    user_.Set("email", "nora@example.com");
    user_.Set("email_verified", "true");
    user_.Set("custom:team", "a\"b");
  }

  TokenRequest Request() {
    TokenRequest request;
    request.pool = pool_;
    request.client = client_;
    request.user = user_;
    request.issuer = "https://cognito-idp.us-east-1.amazonaws.com/";
    request.origin_jti = "o";
    request.auth_time = request.now = clock_.Now();
    return request;
  }

  static std::string Part(const std::string& token, int which) {
    size_t from = 0;
    for (; which > 0; --which) from = token.find('.', from) + 1;
    std::string text;
    EXPECT_TRUE(AppendFromBase64Url(&text, token.substr(from, token.find('.', from) - from)));
    return text;
  }
  static std::string Claim(const std::string& token, Bytes name) {
    json::Document document;
    const std::string payload = Part(token, 1);
    const auto root = document.Parse(payload);
    const json::Value value = root.ok() ? root->Find(name) : json::Value();
    if (!value.valid()) return "(none)";
    if (value.is_string()) return std::string(value.text());
    if (value.is_bool()) return value.boolean() ? "true" : "false";
    return value.is_number() ? std::to_string(value.integer()) : "(other)";
  }
  ErrorId WrongWith(const std::string& token, Duration later = Duration(0)) {
    const auto read = ReadAccessToken(*pools_, token, clock_.Now() + later);
    return read.ok() ? ErrorId(errors::kPoolNotFound) : read.error().id;
  }

  PoolRef pool_;
  ClientRef client_;
  User user_;
};

TEST_F(TokensTest, SayWhatAwsSays) {
  const TokenPair tokens = MakeTokens(Request());
  EXPECT_EQ(tokens.expires_in, 3600);
  EXPECT_EQ(Claim(tokens.access, "token_use"), "access");
  EXPECT_EQ(Claim(tokens.access, "username"), "nora");
  EXPECT_EQ(Claim(tokens.access, "client_id"), client_->id);
  EXPECT_EQ(Claim(tokens.access, "email"), "(none)");
  EXPECT_EQ(Claim(tokens.id, "token_use"), "id");
  EXPECT_EQ(Claim(tokens.id, "aud"), client_->id);
  EXPECT_EQ(Claim(tokens.id, "cognito:username"), "nora");
  EXPECT_EQ(Claim(tokens.id, "email_verified"), "true");
  EXPECT_EQ(Claim(tokens.id, "custom:team"), "a\"b");
  EXPECT_EQ(Claim(tokens.id, "cognito:groups"), "(none)");
  EXPECT_EQ(Claim(tokens.id, "iss"), "https://cognito-idp.us-east-1.amazonaws.com/" + pool_->id);
  EXPECT_EQ(Claim(tokens.id, "event_id"), Claim(tokens.access, "event_id"));
  EXPECT_NE(Part(tokens.id, 0), Part(tokens.access, 0)) << "each kind has a key of its own";
}

TEST_F(TokensTest, AreReadAgain) {
  const TokenPair tokens = MakeTokens(Request());
  const auto read = ReadAccessToken(*pools_, tokens.access, clock_.Now());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->username, "nora");
  EXPECT_EQ(read->sub, user_.sub);
  EXPECT_EQ(read->origin_jti, "o");
  EXPECT_EQ(read->pool->id, pool_->id);
  EXPECT_EQ(WrongWith(tokens.access, std::chrono::seconds(3601)), errors::kPoolAccessExpired);
  EXPECT_EQ(WrongWith(tokens.id), errors::kPoolAccessInvalid);
}

TEST_F(TokensTest, AreRefusedWhenAnythingDiffers) {
  const std::string token = MakeTokens(Request()).access;
  const std::string none = Base64Url(R"({"alg":"none","kid":")" + pool_->keys->access->kid() + "\"}");
  const std::string hs256 = Base64Url(R"({"alg":"HS256","kid":")" + pool_->keys->access->kid() + "\"}");
  const std::string rest = token.substr(token.find('.'));
  for (const std::string& text : {none + rest, hs256 + rest, none + "." + Base64Url(Part(token, 1)) + ".",
                                  token.substr(0, token.size() - 4), token + "A", token + ".x", std::string("..")}) {
    EXPECT_EQ(WrongWith(text), errors::kPoolAccessInvalid) << text;
  }
  for (size_t i = 0; i < token.size(); i += 13) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(WrongWith(changed), errors::kPoolAccessInvalid) << i;
  }
}

TEST_F(TokensTest, CarryGroupsAndWhatAFunctionSays) {
  TokenRequest request = Request();
  request.groups = {"admins"};
  request.roles = {"arn:aws:iam::1:role/a"};
  request.preferred_role = "arn:aws:iam::1:role/a";
  request.changes.id_claims = {{"tenant", "\"t\""}, {"sub", "\"x\""}};
  request.changes.access_claims = {{"level", "5"}, {"username", "\"x\""}};
  request.changes.id_suppressed = {"email", "iss"};
  request.changes.scopes_added = {"chat/read"};
  const TokenPair tokens = MakeTokens(request);
  EXPECT_EQ(Claim(tokens.id, "tenant"), "t");
  EXPECT_EQ(Claim(tokens.id, "sub"), user_.sub);
  EXPECT_EQ(Claim(tokens.id, "email"), "(none)");
  EXPECT_NE(Claim(tokens.id, "iss"), "(none)");
  EXPECT_EQ(Claim(tokens.id, "cognito:groups"), "(other)");
  EXPECT_EQ(Claim(tokens.id, "cognito:preferred_role"), "arn:aws:iam::1:role/a");
  EXPECT_EQ(Claim(tokens.access, "level"), "5");
  EXPECT_EQ(Claim(tokens.access, "username"), "nora");
  EXPECT_EQ(Claim(tokens.access, "scope"), "aws.cognito.signin.user.admin chat/read");
}

TEST_F(TokensTest, OfOldKeysAreGoodAfterRotation) {
  const std::string before = MakeTokens(Request()).access;
  ASSERT_TRUE(Wait([&](Lane& on) { return pools_->RotateKeys(pool_->id, on); }).ok());
  pool_ = pools_->Find(pool_->id);
  EXPECT_TRUE(ReadAccessToken(*pools_, before, clock_.Now()).ok());
  EXPECT_TRUE(ReadAccessToken(*pools_, MakeTokens(Request()).access, clock_.Now()).ok());
  EXPECT_EQ(pool_->keys->old.size(), 2u);
  Open();
  EXPECT_TRUE(ReadAccessToken(*pools_, before, clock_.Now()).ok()) << "after a restart, too";
  EXPECT_EQ(pools_->Find(pool_->id)->keys->Jwks(), pool_->keys->Jwks());
}

TEST_F(TokensTest, KeepAtMostSoManyOldKeys) {
  auto keys = *MakeKeys(clock_.Now());
  auto more = std::make_shared<Keys>(*keys);
  more->old.assign(Keys::kMostOld, keys->id);
  const auto rotated = *MakeKeys(clock_.Now(), more.get());
  EXPECT_EQ(rotated->old.size(), Keys::kMostOld);
  EXPECT_EQ(rotated->old[0]->kid(), keys->id->kid());
  EXPECT_EQ(rotated->secret, keys->secret);
}

TEST_F(TokensTest, KeysThatAreDamagedAreNone) {
  const std::string bytes = EncodeKeys(*pool_->keys);
  EXPECT_NE(DecodeKeys(kKeysFormat, bytes), nullptr);
  EXPECT_EQ(DecodeKeys(kKeysFormat + 1, bytes), nullptr);
  EXPECT_EQ(DecodeKeys(kKeysFormat, bytes.substr(0, bytes.size() / 2)), nullptr);
  EXPECT_EQ(DecodeKeys(kKeysFormat, ""), nullptr);
}

TEST(Base64UrlTest, IsItsOwnInverse) {
  for (const std::string& bytes :
       {std::string(), std::string("\xff"), std::string("\xff\xfe"), std::string("abc"), std::string("\0\0\0\0", 4)}) {
    std::string back;
    EXPECT_TRUE(AppendFromBase64Url(&back, Base64Url(bytes)));
    EXPECT_EQ(back, bytes);
  }
  std::string out;
  for (const char* text : {"a", "a=", "ab==", "a+b/", "a b", "abcde"}) EXPECT_FALSE(AppendFromBase64Url(&out, text));
}

}  // namespace
}  // namespace stator::pools
