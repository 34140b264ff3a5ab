// Events as functions see them, their answers, and what becomes of functions that fail.
#include "services/cognito/function_hooks.h"

#include <gtest/gtest.h>

#include <future>

#include "base/pause.h"
#include "base/run_on.h"
#include "errors/pools.h"

namespace stator::services::cognito {
namespace {

using pools::Occasion;
using runtime::Invocation;
using runtime::Invoked;

constexpr char kArn[] = "arn:aws:lambda:us-east-1:000000000000:function:hook";

class OneFunction final : public functions::Resolver {
 public:
  functions::FunctionRef Resolve(std::string_view name, std::string_view) const override {
    return name == kArn ? std::make_shared<functions::Function>() : nullptr;
  }
};

class Answering final : public runtime::Invoker {
 public:
  Task<Invoked> Invoke(Invocation invocation, Lane& lane) override {
    events.push_back(std::move(invocation.payload));
    const Duration wait = pause;
    if (wait.count() > 0) co_await Pause(lane, wait);
    if (++ended == 3 && wait.count() > 0) all_ended.set_value();
    Invoked invoked;
    invoked.kind = kind;
    invoked.payload = payload;
    co_return invoked;
  }
  Invoked::Kind kind = Invoked::Kind::kReturned;
  std::string payload = "{}";
  Duration pause{0};
  std::vector<std::string> events;
  int ended = 0;
  std::promise<void> all_ended;  // three slow ones
};

class FunctionHooksTest : public testing::Test {
 protected:
  FunctionHooksTest() {
    auto pool = std::make_shared<pools::Pool>();
    pool->id = "us-east-1_abc";
    pool->region = "us-east-1";
    pools::Triggers& triggers = pool->triggers;
    for (std::string* each : {&triggers.pre_sign_up, &triggers.post_confirmation, &triggers.pre_authentication,
                              &triggers.post_authentication, &triggers.pre_token_generation, &triggers.custom_message,
                              &triggers.user_migration}) {
      *each = kArn;
    }
    pool_ = std::move(pool);
    occasion_.client_id = "client";
    occasion_.source = "PostConfirmation_ConfirmSignUp";
    occasion_.user.username = "nora";
    occasion_.user.sub = "1b5c";
    occasion_.user.status = pools::UserStatus::kConfirmed;
    occasion_.user.attributes = {{"email", "nora@example.com"}, {"email_verified", "true"}};
    occasion_.pool = pool_;
    lanes_.Start();
  }
  ~FunctionHooksTest() override { lanes_.StopAndJoin(); }

  OneFunction functions_;
  Answering invoker_;
  FunctionHooks hooks_{functions_, invoker_};
  std::shared_ptr<pools::Pool> pool_;
  Occasion occasion_;
  Lanes lanes_{1};
  Lane& lane_ = lanes_.at(0);
};

TEST_F(FunctionHooksTest, TellsOfAConfirmedUser) {
  occasion_.client_metadata = {{"from", "web"}};
  EXPECT_TRUE(RunOn(lane_, [&](Lane& lane) { return hooks_.PostConfirmation(occasion_, lane); }).ok());
  ASSERT_EQ(invoker_.events.size(), 1U);
  EXPECT_EQ(invoker_.events[0],
            R"({"version":"1","region":"us-east-1","userPoolId":"us-east-1_abc","userName":"nora",)"
            R"("callerContext":{"awsSdkVersion":"aws-sdk-unknown-unknown","clientId":"client"},)"
            R"("triggerSource":"PostConfirmation_ConfirmSignUp",)"
            R"("request":{"userAttributes":{"sub":"1b5c","cognito:user_status":"CONFIRMED",)"
            R"("email":"nora@example.com","email_verified":"true"},"clientMetadata":{"from":"web"}},"response":{}})");
}

TEST_F(FunctionHooksTest, CallsNothingWhenThePoolHasNoFunction) {
  pool_->triggers = {};
  EXPECT_TRUE(RunOn(lane_, [&](Lane& lane) { return hooks_.PostConfirmation(occasion_, lane); }).ok());
  const auto answer = RunOn(lane_, [&](Lane& lane) { return hooks_.PreSignUp(occasion_, lane); });
  ASSERT_TRUE(answer.ok());
  EXPECT_FALSE(answer->confirm);
  EXPECT_TRUE(invoker_.events.empty());
}

TEST_F(FunctionHooksTest, PreSignUpDecidesWhatIsConfirmed) {
  occasion_.client_id.clear();
  occasion_.source = "PreSignUp_AdminCreateUser";
  occasion_.validation_data = {{"invite", "7"}};
  invoker_.payload = R"({"response":{"autoConfirmUser":true,"autoVerifyEmail":true,"autoVerifyPhone":null}})";
  const auto answer = RunOn(lane_, [&](Lane& lane) { return hooks_.PreSignUp(occasion_, lane); });
  ASSERT_TRUE(answer.ok());
  EXPECT_TRUE(answer->confirm);
  EXPECT_TRUE(answer->verify_email);
  EXPECT_FALSE(answer->verify_phone);
  const std::string& event = invoker_.events[0];
  EXPECT_NE(event.find(R"("clientId":"CLIENT_ID_NOT_APPLICABLE")"), std::string::npos);
  EXPECT_NE(event.find(R"("validationData":{"invite":"7"})"), std::string::npos);
  EXPECT_NE(event.find(R"("response":{"autoConfirmUser":false,"autoVerifyEmail":false,"autoVerifyPhone":false})"),
            std::string::npos);
  EXPECT_EQ(event.find("1b5c"), std::string::npos);
}

TEST_F(FunctionHooksTest, AFunctionThatFailsRefuses) {
  invoker_.kind = Invoked::Kind::kFailed;
  invoker_.payload = R"({"errorMessage":"no room for you","errorType":"Exception"})";
  const Status status = RunOn(lane_, [&](Lane& lane) { return hooks_.PostConfirmation(occasion_, lane); });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().id, errors::kPoolTriggerFailed);
  EXPECT_EQ(status.error().text, "PostConfirmation failed with error no room for you.");
  EXPECT_EQ(invoker_.events.size(), 1U);
}

TEST_F(FunctionHooksTest, AnAnswerMustBeAnEvent) {
  for (const char* payload : {"null", "\"ok\"", "[]", "7", R"({"response":"yes"})"}) {
    invoker_.payload = payload;
    const Status status = RunOn(lane_, [&](Lane& lane) { return hooks_.PostConfirmation(occasion_, lane); });
    ASSERT_FALSE(status.ok()) << payload;
    EXPECT_EQ(status.error().text, "Unrecognizable lambda output");
  }
  invoker_.payload = R"({"response":{"autoConfirmUser":"yes"}})";
  EXPECT_FALSE(RunOn(lane_, [&](Lane& lane) { return hooks_.PreSignUp(occasion_, lane); }).ok());
}

TEST_F(FunctionHooksTest, AMissingFunctionIsUnexpected) {
  pool_->triggers.post_confirmation = "arn:aws:lambda:us-east-1:000000000000:function:gone";
  const Status status = RunOn(lane_, [&](Lane& lane) { return hooks_.PostConfirmation(occasion_, lane); });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().id, errors::kPoolTriggerUnexpected);
  EXPECT_EQ(status.error().text,
            "PostConfirmation failed due to error Function not found: "
            "arn:aws:lambda:us-east-1:000000000000:function:gone.");
}

TEST_F(FunctionHooksTest, ThrottledCallsAreTriedThreeTimes) {
  invoker_.kind = Invoked::Kind::kThrottled;
  const Status status = RunOn(lane_, [&](Lane& lane) { return hooks_.PostAuthentication(occasion_, lane); });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().id, errors::kPoolTriggerUnexpected);
  EXPECT_EQ(invoker_.events.size(), 3U);
}

TEST_F(FunctionHooksTest, SlowCallsAreGivenUp) {
  FunctionHooks hasty(functions_, invoker_, {Duration(1000), 3});
  invoker_.pause = Duration(60'000);
  const Status status = RunOn(lane_, [&](Lane& lane) { return hasty.PostConfirmation(occasion_, lane); });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().text, "PostConfirmation failed due to error Socket timeout while invoking Lambda function.");
  EXPECT_EQ(invoker_.events.size(), 3U);
  // What still runs ends without anybody waiting for it.
  invoker_.all_ended.get_future().wait();
}

TEST_F(FunctionHooksTest, ClaimsOfVersion1AreTextsOfIdTokens) {
  occasion_.source = "TokenGeneration_Authentication";
  occasion_.user.groups = {"editors"};
  invoker_.payload = R"({"response":{"claimsOverrideDetails":{"claimsToAddOrOverride":{"color":"a \"b\""},)"
                     R"("claimsToSuppress":["email"],"groupOverrideDetails":{"groupsToOverride":["x","y"]}}}})";
  const auto changes = RunOn(lane_, [&](Lane& lane) { return hooks_.PreTokenGeneration(occasion_, lane); });
  ASSERT_TRUE(changes.ok());
  EXPECT_EQ(changes->id_claims, (pools::Pairs{{"color", R"("a \"b\"")"}}));
  EXPECT_TRUE(changes->access_claims.empty());
  EXPECT_EQ(changes->id_suppressed, std::vector<std::string>{"email"});
  EXPECT_EQ(changes->groups, (std::vector<std::string>{"x", "y"}));
  EXPECT_NE(invoker_.events[0].find(R"("groupConfiguration":{"groupsToOverride":["editors"],)"), std::string::npos);
}

TEST_F(FunctionHooksTest, ClaimsOfVersion2AreOfBothTokens) {
  pool_->triggers.pre_token_generation_version = "V2_0";
  invoker_.payload = R"({"response":{"claimsAndScopeOverrideDetails":{"idTokenGeneration":{"claimsToAddOrOverride":)"
                     R"({"n":{"a":[1,true,null]}}},"accessTokenGeneration":{"claimsToAddOrOverride":{"m":7},)"
                     R"("claimsToSuppress":["x"],"scopesToAdd":["s"],"scopesToSuppress":["t"]}}}})";
  const auto changes = RunOn(lane_, [&](Lane& lane) { return hooks_.PreTokenGeneration(occasion_, lane); });
  ASSERT_TRUE(changes.ok());
  EXPECT_EQ(changes->id_claims, (pools::Pairs{{"n", R"({"a":[1,true,null]})"}}));
  EXPECT_EQ(changes->access_claims, (pools::Pairs{{"m", "7"}}));
  EXPECT_EQ(changes->access_suppressed, std::vector<std::string>{"x"});
  EXPECT_EQ(changes->scopes_added, std::vector<std::string>{"s"});
  EXPECT_EQ(changes->scopes_suppressed, std::vector<std::string>{"t"});
  EXPECT_FALSE(changes->groups);
  EXPECT_TRUE(invoker_.events[0].starts_with(R"({"version":"2")"));
}

TEST_F(FunctionHooksTest, MessagesHaveCodeAndNameFilledIn) {
  invoker_.payload = R"({"response":{"emailSubject":"For {username}","emailMessage":"{####}, I say {####}"}})";
  const auto text = RunOn(lane_, [&](Lane& lane) { return hooks_.CustomMessage(occasion_, "123456", lane); });
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(text->subject, "For nora");
  EXPECT_EQ(text->email, "123456, I say 123456");
  EXPECT_EQ(text->sms, "");
  invoker_.payload = R"({"response":{"emailMessage":")" + std::string(100'000, 'x') + "\"}}";
  const auto endless = RunOn(lane_, [&](Lane& lane) { return hooks_.CustomMessage(occasion_, "1", lane); });
  ASSERT_FALSE(endless.ok());
  EXPECT_EQ(endless.error().id, errors::kPoolTriggerAnswer);
}

TEST_F(FunctionHooksTest, MigrationBringsAUser) {
  occasion_.source = "UserMigration_Authentication";
  invoker_.payload = R"({"response":{"userAttributes":{"email":"n@example.com","username":"nora"},)"
                     R"("finalUserStatus":"CONFIRMED","messageAction":"SUPPRESS"}})";
  const auto found = RunOn(lane_, [&](Lane& lane) { return hooks_.UserMigration(occasion_, "nora", "secret", lane); });
  ASSERT_TRUE(found.ok());
  ASSERT_TRUE(found->has_value());
  EXPECT_EQ((*found)->attributes, (pools::Pairs{{"email", "n@example.com"}}));
  EXPECT_EQ((*found)->status, pools::UserStatus::kConfirmed);
  EXPECT_TRUE((*found)->suppress_message);
  EXPECT_NE(invoker_.events[0].find(R"("request":{"password":"secret"})"), std::string::npos);
  invoker_.payload = R"({"response":{"userAttributes":null}})";
  const auto nobody = RunOn(lane_, [&](Lane& lane) { return hooks_.UserMigration(occasion_, "nora", "", lane); });
  ASSERT_TRUE(nobody.ok());
  EXPECT_FALSE(nobody->has_value());
}

}  // namespace
}  // namespace stator::services::cognito
