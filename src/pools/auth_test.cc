#include "pools/auth.h"

#include "errors/pools.h"
#include "pools/accounts.h"
#include "pools/pools_testing.h"

namespace stator::pools {
namespace {

// A hook that counts, and refuses when told to.
class CountingHooks : public Hooks {
 public:
  Task<Status> PostConfirmation(Occasion occasion, Lane&) override {
    sources.push_back(occasion.source);
    co_return refuse ? Status(Fail(errors::kPoolSignUpRefused)) : Status();
  }
  Task<Result<PreSignUpAnswer>> PreSignUp(Occasion occasion, Lane&) override {
    sources.push_back(occasion.source);
    co_return Result<PreSignUpAnswer>(answer);
  }
  Task<Result<std::optional<Migrated>>> UserMigration(Occasion, std::string, std::string password, Lane&) override {
    std::optional<Migrated> migrated;
    if (password == "old Passw0rd!") {
      migrated.emplace();
      migrated->attributes = {{"email", "m@example.com"}};
      migrated->status = UserStatus::kConfirmed;
    }
    co_return Result<std::optional<Migrated>>(std::move(migrated));
  }
  std::vector<std::string> sources;
  PreSignUpAnswer answer;
  bool refuse = false;
};

class AuthTest : public RealmTest {
 protected:
  AuthTest() : pool_(MakePool()), client_(MakeClient(pool_)) {
    hooked_ = std::make_unique<Realm>(Realm{
        *pools_, *users_, *sign_ins_, *sessions_, *attempts_, letters_, counting_, groups_, workers_, clock_, {}});
  }

  AuthRequest Request(const std::string& name, Parameters parameters) {
    AuthRequest request;
    request.pool = pool_;
    request.client = client_;
    request.name = name;
    request.parameters = std::move(parameters);
    return request;
  }
  Result<AuthAnswer> Password(const std::string& name, const std::string& password) {
    return Wait([&](Lane& on) {
      return InitiateAuth(*realm_, Request("USER_PASSWORD_AUTH", {{"USERNAME", name}, {"PASSWORD", password}}), on);
    });
  }
  Result<AuthAnswer> NewPassword(const std::string& session, const std::string& password) {
    AuthRequest request = Request("NEW_PASSWORD_REQUIRED", {{"USERNAME", "nora"}, {"NEW_PASSWORD", password}});
    request.session = session;
    return Wait([&](Lane& on) { return RespondToAuth(*realm_, request, on); });
  }
  Result<SignedUp> Register(const std::string& name) {
    SignUpRequest request;
    request.pool = pool_;
    request.client = client_;
    request.username = name;
    request.password = kPassword;
    request.attributes = {{"email", name + "@example.com"}};
    return Wait([&](Lane& on) { return SignUp(*hooked_, request, on); });
  }
  Status Confirm(const std::string& name, const std::string& code) {
    AccountRequest request{pool_, client_, name, {}};
    return Wait([&](Lane& on) { return ConfirmSignUp(*hooked_, request, code, false, on); });
  }
  void Change(const std::string& name, Users::ChangeUser change) {
    ASSERT_TRUE(Wait([&](Lane& on) { return users_->Change(pool_, name, "", change, Aliases::kKeep, on); }).ok());
  }

  PoolRef pool_;
  ClientRef client_;
  CountingHooks counting_;
  std::unique_ptr<Realm> hooked_;
};

TEST_F(AuthTest, StatesDecideBeforeThePassword) {
  MakeUser(pool_, "nora");
  ASSERT_TRUE(Password("nora", kPassword).ok());
  EXPECT_EQ(Password("nora", "x").error().id, errors::kPoolWrongPassword);
  EXPECT_EQ(Password("nobody", "x").error().id, errors::kPoolUserNotFound);
  const auto set = [this](UserStatus status, bool enabled) {
    Change("nora", [=](User* user) -> Status {
      user->status = status;
      user->enabled = enabled;
      return {};
    });
  };
  set(UserStatus::kUnconfirmed, true);
  EXPECT_EQ(Password("nora", "x").error().id, errors::kPoolNotConfirmed);
  set(UserStatus::kResetRequired, true);
  EXPECT_EQ(Password("nora", "x").error().id, errors::kPoolResetRequired);
  set(UserStatus::kUnconfirmed, false);
  EXPECT_EQ(Password("nora", "x").error().id, errors::kPoolUserDisabled);
}

TEST_F(AuthTest, ATemporaryPasswordMustBeReplaced) {
  const User user = MakeUser(pool_, "nora", {{"email", "n@example.com"}});
  const Result<User> set =
      Wait([&](Lane& on) { return SetPassword(*realm_, pool_, user, "Temp0rary!", false, true, on); });
  ASSERT_TRUE(set.ok());
  const Result<AuthAnswer> challenge = Password("nora", "Temp0rary!");
  ASSERT_TRUE(challenge.ok());
  EXPECT_EQ(challenge->challenge, "NEW_PASSWORD_REQUIRED");
  EXPECT_EQ(challenge->parameters.at("USER_ID_FOR_SRP"), "nora");
  EXPECT_EQ(challenge->parameters.at("requiredAttributes"), "[]");
  EXPECT_EQ(challenge->parameters.at("userAttributes"), R"({"email":"n@example.com"})");
  EXPECT_TRUE(challenge->tokens.access.empty());
  EXPECT_EQ(NewPassword("x", "N3w one!!").error().id, errors::kPoolSession);
  EXPECT_EQ(NewPassword(challenge->session, "weak").error().id, errors::kPoolPassword);
  const Result<AuthAnswer> done = NewPassword(challenge->session, "N3w one!!");
  ASSERT_TRUE(done.ok());
  EXPECT_FALSE(done->tokens.access.empty());
  EXPECT_EQ(NewPassword(challenge->session, "N3w one!!").error().id, errors::kPoolSession);
  EXPECT_TRUE(Password("nora", "N3w one!!").ok());
  EXPECT_EQ((*users_->Get(*pool_, "nora"))->status, UserStatus::kConfirmed);
}

TEST_F(AuthTest, ATemporaryPasswordExpires) {
  const User user = MakeUser(pool_, "nora");
  ASSERT_TRUE(Wait([&](Lane& on) { return SetPassword(*realm_, pool_, user, "Temp0rary!", false, true, on); }).ok());
  clock_.Step(std::chrono::hours(24 * 7 + 1));
  EXPECT_EQ(Password("nora", "Temp0rary!").error().id, errors::kPoolTemporaryExpired);
}

TEST_F(AuthTest, ASessionEnds) {
  const User user = MakeUser(pool_, "nora");
  ASSERT_TRUE(Wait([&](Lane& on) { return SetPassword(*realm_, pool_, user, "Temp0rary!", false, true, on); }).ok());
  const Result<AuthAnswer> challenge = Password("nora", "Temp0rary!");
  clock_.Step(std::chrono::minutes(3));
  EXPECT_EQ(NewPassword(challenge->session, "N3w one!!").error().id, errors::kPoolSession);
}

TEST_F(AuthTest, TokensCarryTheSignIn) {
  MakeUser(pool_, "nora");
  const Result<AuthAnswer> answer = Password("nora", kPassword);
  const Result<Authenticated> who = ReadAccess(*realm_, answer->tokens.access);
  ASSERT_TRUE(who.ok());
  EXPECT_EQ(who->user.username, "nora");
  const Result<AuthAnswer> again =
      Wait([&](Lane& on) { return Refresh(*realm_, pool_, client_, answer->refresh_token, {}, true, on); });
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->refresh_token.empty());
  EXPECT_EQ(ReadAccess(*realm_, again->tokens.access)->origin_jti, who->origin_jti);
  ASSERT_TRUE(Wait([&](Lane& on) { return SignOutEverywhere(*realm_, pool_, who->user, on); }).ok());
  EXPECT_EQ(ReadAccess(*realm_, again->tokens.access).error().id, errors::kPoolAccessRevoked);
  clock_.Step(std::chrono::microseconds(1));
  EXPECT_TRUE(ReadAccess(*realm_, Password("nora", kPassword)->tokens.access).ok());
}

TEST_F(AuthTest, ConfirmingTellsTheHookAndStaysDoneWhenItFails) {
  const Result<SignedUp> done = Register("nora");
  ASSERT_TRUE(done.ok());
  ASSERT_TRUE(done->delivery);
  EXPECT_EQ(done->delivery->destination, "n***@e***");
  counting_.refuse = true;
  EXPECT_EQ(Confirm("nora", letters_.last().code).error().id, errors::kPoolSignUpRefused);
  EXPECT_EQ(counting_.sources, (std::vector<std::string>{"PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"}));
  EXPECT_EQ((*users_->Get(*pool_, "nora"))->status, UserStatus::kConfirmed);
  EXPECT_TRUE((*users_->Get(*pool_, "nora"))->Verified("email"));
  EXPECT_EQ(Confirm("nora", letters_.last().code).error().text,
            "User cannot be confirmed. Current status is CONFIRMED");
}

TEST_F(AuthTest, AHookMayConfirmAtOnce) {
  counting_.answer = {true, true, false};
  const Result<SignedUp> done = Register("nora");
  ASSERT_TRUE(done.ok());
  EXPECT_FALSE(done->delivery);
  EXPECT_EQ(done->user.status, UserStatus::kConfirmed);
  EXPECT_TRUE(done->user.Verified("email"));
  EXPECT_EQ(letters_.last().code, "");
}

TEST_F(AuthTest, CodesAreNotKept) {
  ASSERT_TRUE(Register("nora").ok());
  const Code code = (*users_->Get(*pool_, "nora"))->codes.front();
  EXPECT_EQ(code.hash.find(letters_.last().code), std::string::npos);
  EXPECT_EQ(code.hash.size(), 32u);
}

// Or every new code would bring five more guesses.
TEST_F(AuthTest, CodesAreNotSentWithoutEnd) {
  ASSERT_TRUE(Register("nora").ok());
  const AccountRequest request{pool_, client_, "nora", {}};
  const auto resend = [&] { return Wait([&](Lane& on) { return ResendCode(*realm_, request, on); }); };
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(resend().ok()) << i;
  EXPECT_EQ(resend().error().id, errors::kPoolTooManyAttempts);
  clock_.Step(std::chrono::seconds(1));
  EXPECT_TRUE(resend().ok());
  EXPECT_EQ(resend().error().id, errors::kPoolTooManyAttempts);
  EXPECT_TRUE(Confirm("nora", letters_.last().code).ok());
  EXPECT_TRUE(Password("nora", kPassword).ok()) << "codes and passwords count by themselves";
}

TEST_F(AuthTest, UsersMoveIn) {
  Pool description;
  description.triggers.user_migration = "arn:aws:lambda:us-east-1:000000000000:function:f";
  pool_ = MakePool(description);
  client_ = MakeClient(pool_);
  const auto sign_in = [&](const std::string& password) {
    return Wait([&](Lane& on) {
      return InitiateAuth(*hooked_, Request("USER_PASSWORD_AUTH", {{"USERNAME", "teo"}, {"PASSWORD", password}}), on);
    });
  };
  EXPECT_EQ(sign_in("wrong").error().id, errors::kPoolUserNotFound);
  ASSERT_TRUE(sign_in("old Passw0rd!").ok());
  EXPECT_EQ(*(*users_->Get(*pool_, "teo"))->Find("email"), "m@example.com");
  EXPECT_EQ(sign_in("wrong").error().id, errors::kPoolWrongPassword);
}

TEST_F(AuthTest, MissingParametersAreNamed) {
  EXPECT_EQ(Wait([&](Lane& on) { return InitiateAuth(*realm_, Request("USER_PASSWORD_AUTH", {}), on); }).error().text,
            "Missing required parameter USERNAME");
  EXPECT_EQ(Wait([&](Lane& on) {
              return RespondToAuth(*realm_, Request("PASSWORD_VERIFIER", {{"USERNAME", "x"}}), on);
            })
                .error()
                .text,
            "Missing required parameter PASSWORD_CLAIM_SECRET_BLOCK");
  EXPECT_EQ(Wait([&](Lane& on) { return RespondToAuth(*realm_, Request("SMS_MFA", {}), on); }).error().id,
            errors::kPoolChallengeUnknown);
}

}  // namespace
}  // namespace stator::pools
