#include "pools/sign_ins.h"

#include "errors/pools.h"
#include "pools/pools_testing.h"

namespace stator::pools {
namespace {

class SignInsTest : public RealmTest {
 protected:
  SignInsTest() : pool_(MakePool()) {
    Client client;
    client.refresh_seconds = 3600;
    client.rotation = true;
    client.rotation_grace_seconds = 10;
    client_ = MakeClient(pool_, client);
  }
  SignIns::Begun Begin() {
    return *Wait([&](Lane& on) { return sign_ins_->Begin(pool_, client_, "nora", "sub", on); });
  }
  Result<std::string> Rotate(const std::string& token) {
    return Wait([&](Lane& on) { return sign_ins_->Rotate(pool_, client_, token, on); });
  }
  std::string WrongWith(const std::string& token) {
    const auto opened = sign_ins_->Open(*pool_, *client_, token);
    return opened.ok() ? "" : std::string(NameOf(opened.error().id));
  }

  PoolRef pool_;
  ClientRef client_;
};

TEST_F(SignInsTest, ATokenOpensItsSignIn) {
  const SignIns::Begun begun = Begin();
  EXPECT_EQ(begun.refresh_token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
  const auto opened = sign_ins_->Open(*pool_, *client_, begun.refresh_token);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->username, "nora");
  EXPECT_EQ(opened->origin_jti, begun.sign_in.origin_jti);
  std::string changed = begun.refresh_token;
  changed[changed.size() - 5] = changed[changed.size() - 5] == 'A' ? 'B' : 'A';
  for (const std::string& token :
       {changed, std::string("x"), std::string(), begun.refresh_token + "AAAA", std::string(10'000, 'A')}) {
    EXPECT_EQ(WrongWith(token), "kPoolRefreshInvalid") << token;
  }
  EXPECT_FALSE(sign_ins_->Open(*MakePool(), *client_, begun.refresh_token).ok());
  EXPECT_FALSE(sign_ins_->Open(*pool_, *MakeClient(pool_), begun.refresh_token).ok());
}

TEST_F(SignInsTest, EndsByTimeAndByHand) {
  const SignIns::Begun one = Begin();
  const SignIns::Begun two = Begin();
  ASSERT_TRUE(Wait([&](Lane& on) { return sign_ins_->Revoke(pool_, one.sign_in.origin_jti, on); }).ok());
  EXPECT_EQ(WrongWith(one.refresh_token), "kPoolRefreshRevoked");
  EXPECT_EQ(WrongWith(two.refresh_token), "");
  clock_.Step(std::chrono::hours(1));
  EXPECT_EQ(WrongWith(two.refresh_token), "kPoolRefreshExpired");
}

TEST_F(SignInsTest, RotatesWithAGrace) {
  const std::string first = Begin().refresh_token;
  const Result<std::string> second = Rotate(first);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(WrongWith(first), "");
  EXPECT_EQ(WrongWith(*second), "");
  clock_.Step(std::chrono::seconds(11));
  EXPECT_EQ(WrongWith(first), "kPoolRefreshReused");
  EXPECT_EQ(Rotate(first).error().id, errors::kPoolRefreshReused);
  ASSERT_TRUE(Rotate(*second).ok());
  EXPECT_EQ(WrongWith(first), "kPoolRefreshInvalid");
}

TEST_F(SignInsTest, SweepsWhatExpiredLongAgo) {
  const SignIns::Begun old = Begin();
  clock_.Step(std::chrono::hours(48));
  const SignIns::Begun fresh = Begin();
  ASSERT_TRUE(sign_ins_->Sweep().ok());
  EXPECT_TRUE(*sign_ins_->Find(*pool_, old.sign_in.origin_jti));
  clock_.Step(std::chrono::hours(2));
  ASSERT_TRUE(sign_ins_->Sweep().ok());
  EXPECT_FALSE(*sign_ins_->Find(*pool_, old.sign_in.origin_jti));
  EXPECT_TRUE(*sign_ins_->Find(*pool_, fresh.sign_in.origin_jti));
}

}  // namespace
}  // namespace stator::pools
