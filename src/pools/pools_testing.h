// A realm in memory, for tests: pools, users, everything that signing in needs; letters are kept.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/run_on.h"
#include "engine/memory/memory_engine.h"
#include "pools/auth.h"
#include "pools/realm.h"
#include "pools/sign_up.h"

namespace stator::pools {

class KeptLetters : public Outbox {
 public:
  void Send(const Letter& letter) override {
    const std::lock_guard lock(mutex_);
    letters_.push_back(letter);
  }
  Letter last() const {
    const std::lock_guard lock(mutex_);
    return letters_.empty() ? Letter() : letters_.back();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Letter> letters_;
};

// Keys of other names and one and the same number, which costs nothing; rotated like others.
inline Result<std::shared_ptr<const Keys>> SameKeys(Time now, const Keys* before) {
  static const std::string der = (*SigningKey::Make(now))->Private();
  auto keys = std::make_shared<Keys>();
  keys->id = SigningKey::Read(NewUuid(), der, now);
  keys->access = SigningKey::Read(NewUuid(), der, now);
  keys->secret = before ? before->secret : SecureRandom(32);
  if (before) keys->old = {before->id, before->access};
  return std::shared_ptr<const Keys>(std::move(keys));
}

class RealmTest : public ::testing::Test {
 protected:
  RealmTest() {
    lanes_.Start();
    Open();
  }
  ~RealmTest() override { lanes_.StopAndJoin(); }

  // As a restart: the store stays.
  void Open() {
    realm_.reset();
    pools_ = *Pools::Open(*engine_, clock_, workers_, SameKeys);
    users_ = *Users::Open(*engine_, clock_);
    sign_ins_ = std::make_unique<SignIns>(*engine_, clock_);
    sessions_ = std::make_unique<Sessions>();
    attempts_ = std::make_unique<Attempts>();
    realm_ = std::make_unique<Realm>(
        Realm{*pools_, *users_, *sign_ins_, *sessions_, *attempts_, letters_, hooks_, groups_, workers_, clock_, {}});
  }

  template <class Make>
  auto Wait(Make make) {
    return RunOn(lane(), std::move(make));
  }
  Lane& lane() { return lanes_.at(0); }

  PoolRef MakePool(Pool pool = {}) {
    pool.region = "us-east-1";
    pool.account = "000000000000";
    if (pool.auto_verified.empty()) pool.auto_verified = {"email"};
    return *Wait([&](Lane& on) { return pools_->Create(pool, on); });
  }
  ClientRef MakeClient(const PoolRef& pool, Client client = {}) {
    if (client.flows.empty()) client.flows = {"REFRESH_TOKEN_AUTH", "USER_PASSWORD_AUTH", "USER_SRP_AUTH"};
    return *Wait([&](Lane& on) { return pools_->CreateClient(pool->id, client, false, on); });
  }
  User MakeUser(const PoolRef& pool, const std::string& name, const Pairs& attributes = {}) {
    User user;
    user.username = name;
    for (const auto& [key, value] : attributes) user.Set(key, value);
    user.status = UserStatus::kConfirmed;
    user.password = MakeVerifier(pool->SrpName(), name, kPassword);
    const Result<User> made = Wait([&](Lane& on) { return users_->Create(pool, user, Aliases::kKeep, on); });
    EXPECT_TRUE(made.ok());
    return made.ok() ? *made : User();
  }

  static constexpr char kPassword[] = "Passw0rd!";

  Clock clock_;
  Lanes lanes_{1};
  std::unique_ptr<engine::Engine> engine_ = engine::NewMemoryEngine(clock_);
  WorkerPool workers_{2};
  std::unique_ptr<Pools> pools_;
  std::unique_ptr<Users> users_;
  std::unique_ptr<SignIns> sign_ins_;
  std::unique_ptr<Sessions> sessions_;
  std::unique_ptr<Attempts> attempts_;
  KeptLetters letters_;
  Hooks hooks_;
  GroupReader groups_;
  std::unique_ptr<Realm> realm_;
};

}  // namespace stator::pools
