#include "pools/users.h"

#include <atomic>
#include <future>

#include "errors/pools.h"
#include "pools/pools_testing.h"

namespace stator::pools {
namespace {

class UsersTest : public RealmTest {
 protected:
  Result<User> Create(const PoolRef& pool, const std::string& name, const Pairs& attributes = {}) {
    User user;
    user.username = name;
    for (const auto& [key, value] : attributes) user.Set(key, value);
    return Wait([&](Lane& on) { return users_->Create(pool, user, Aliases::kKeep, on); });
  }
  Result<User> Set(const PoolRef& pool, const std::string& name, const std::string& attribute, std::string value,
                   Aliases aliases = Aliases::kKeep) {
    Users::ChangeUser change = [&](User* user) -> Status {
      user->Set(attribute, value);
      return {};
    };
    return Wait([&](Lane& on) { return users_->Change(pool, name, "", change, aliases, on); });
  }
  std::string Found(const PoolRef& pool, Bytes login) {
    const auto found = users_->Find(*pool, login);
    return found.ok() && *found ? (*found)->username : "";
  }
  std::vector<std::string> By(const PoolRef& pool, const std::string& attribute, Bytes value, bool prefix) {
    std::vector<std::string> names;
    const auto users = users_->ListBy(*pool, attribute, value, prefix, {}, 100);
    for (const User& user : *users) names.push_back(user.username);
    return names;
  }
  static Pool WithAliases() {
    Pool pool;
    pool.alias_attributes = {"email", "preferred_username"};
    pool.case_sensitive = false;
    return pool;
  }
};

TEST_F(UsersTest, KeepsWhatItIsGiven) {
  const PoolRef pool = MakePool();
  const User made = MakeUser(pool, "nora", {{"email", "nora@example.com"}, {"name", std::string("a\0b", 3)}});
  Open();
  const auto read = users_->Get(*pool, "nora");
  ASSERT_TRUE(read.ok() && *read);
  EXPECT_EQ((*read)->sub, made.sub);
  EXPECT_EQ((*read)->attributes, made.attributes);
  EXPECT_EQ((*read)->password.value, made.password.value);
  EXPECT_EQ((*read)->status, UserStatus::kConfirmed);
  EXPECT_EQ(users_->Count(*pool), 1u);
  EXPECT_EQ(Found(pool, made.sub), "nora");
  EXPECT_EQ((*users_->FindBySub(*pool, made.sub))->username, "nora");
  EXPECT_FALSE(*users_->Get(*pool, "nor"));
}

TEST_F(UsersTest, NamesAreTakenOnce) {
  const PoolRef pool = MakePool(WithAliases());
  ASSERT_TRUE(Create(pool, "Nora", {{"preferred_username", "N1"}}).ok());
  EXPECT_EQ(Create(pool, "nORA").error().id, errors::kPoolUserExists);
  EXPECT_EQ(Create(pool, "malik", {{"preferred_username", "n1"}}).error().id, errors::kPoolAliasExists);
  EXPECT_FALSE(*users_->Get(*pool, "malik"));
  EXPECT_EQ(Found(pool, "n1"), "Nora");
  EXPECT_EQ(users_->Count(*pool), 1u);
}

TEST_F(UsersTest, AliasesCountOnceTheyAreVerified) {
  const PoolRef pool = MakePool(WithAliases());
  const Pairs email = {{"email", "x@example.com"}};
  ASSERT_TRUE(Create(pool, "one", email).ok());
  ASSERT_TRUE(Create(pool, "two", email).ok());
  EXPECT_EQ(Found(pool, "x@example.com"), "");
  ASSERT_TRUE(Set(pool, "one", "email_verified", "true").ok());
  EXPECT_EQ(Found(pool, "X@example.com"), "one");
  EXPECT_EQ(Set(pool, "two", "email_verified", "true").error().id, errors::kPoolAliasExists);
  ASSERT_TRUE(Set(pool, "two", "email_verified", "true", Aliases::kTake).ok());
  EXPECT_EQ(Found(pool, "x@example.com"), "two");
  EXPECT_FALSE((*users_->Get(*pool, "one"))->Verified("email"));
  ASSERT_TRUE(Set(pool, "two", "email", "y@example.com").ok());
  EXPECT_EQ(Found(pool, "x@example.com"), "");
  EXPECT_EQ(Found(pool, "y@example.com"), "two");
}

TEST_F(UsersTest, SignInByEmailMakesTheSubTheName) {
  Pool description;
  description.username_attributes = {"email"};
  const PoolRef pool = MakePool(description);
  const Result<User> made = Create(pool, "", {{"email", "x@example.com"}});
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(made->username, made->sub);
  EXPECT_EQ(Found(pool, "x@example.com"), made->sub);
  EXPECT_EQ(Create(pool, "", {{"email", "x@example.com"}}).error().id, errors::kPoolAccountExists);
}

TEST_F(UsersTest, WhatIsRemovedLeavesNothingBehind) {
  const PoolRef pool = MakePool(WithAliases());
  const User made = MakeUser(pool, "nora", {{"email", "x@example.com"}, {"email_verified", "true"}});
  ASSERT_TRUE(Wait([&](Lane& on) { return users_->Remove(pool, "nora", on); }).ok());
  for (const std::string& login : {std::string("nora"), std::string("x@example.com"), made.sub}) {
    EXPECT_EQ(Found(pool, login), "") << login;
  }
  EXPECT_TRUE(By(pool, "email", "x", true).empty());
  EXPECT_EQ(Wait([&](Lane& on) { return users_->Remove(pool, "nora", on); }).error().id, errors::kPoolUserNotFound);
  EXPECT_TRUE(Create(pool, "nora", {{"email", "x@example.com"}}).ok());
}

TEST_F(UsersTest, AnotherUserOfTheNameIsNotChanged) {
  const PoolRef pool = MakePool();
  MakeUser(pool, "nora");
  Users::ChangeUser nothing = [](User*) -> Status { return {}; };
  EXPECT_EQ(Wait([&](Lane& on) { return users_->Change(pool, "nora", "another sub", nothing, Aliases::kKeep, on); })
                .error()
                .id,
            errors::kPoolUserNotFound);
}

TEST_F(UsersTest, ListsInPages) {
  const PoolRef pool = MakePool();
  const PoolRef other = MakePool();
  for (const char* name : {"c", "a", "b"}) MakeUser(pool, name, {{"email", std::string(name) + "@example.com"}});
  MakeUser(other, "z", {{"email", "a@example.com"}});
  std::vector<std::string> names;
  std::string after;
  for (;;) {
    const auto page = users_->List(*pool, after, 2);
    ASSERT_TRUE(page.ok());
    for (const User& user : *page) names.push_back(user.username);
    if (page->size() < 2) break;
    after = Users::PlaceOf(*pool, page->back());
  }
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(By(pool, "email", "a@example.com", false), std::vector<std::string>{"a"});
  EXPECT_TRUE(By(pool, "email", "a@example", false).empty());
  EXPECT_EQ(By(pool, "email", "", true).size(), 3u);
  const auto first = users_->ListBy(*pool, "email", "", true, {}, 1);
  const std::string place = Users::PlaceBy(*pool, "email", *first->front().Find("email"), first->front());
  EXPECT_EQ(users_->ListBy(*pool, "email", "", true, place, 5)->size(), 2u);
}

// Every change must be there in the end, whoever was in whose way.
TEST_F(UsersTest, ChangesAtOnceAllHappen) {
  constexpr int kChanges = 200;
  const PoolRef pool = MakePool();
  MakeUser(pool, "nora");
  std::atomic<int> left{kChanges};
  std::atomic<int> failed{0};
  std::promise<void> all;
  Lanes more(2);
  more.Start();
  for (int i = 0; i < kChanges; ++i) {
    Lane& on = more.at(i % 2);
    on.Post([&, i] {
      Users::ChangeUser change = [i](User* user) -> Status {
        user->Set("custom:" + std::to_string(i), "x");
        return {};
      };
      Start(users_->Change(pool, "nora", "", std::move(change), Aliases::kKeep, on), [&](const Result<User>& done) {
        if (!done.ok()) ++failed;
        if (--left == 0) all.set_value();
      });
    });
  }
  all.get_future().wait();
  more.StopAndJoin();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ((*users_->Get(*pool, "nora"))->attributes.size(), static_cast<size_t>(kChanges));
}

TEST_F(UsersTest, RemovingAPoolRemovesItsUsers) {
  const PoolRef pool = MakePool();
  MakeClient(pool);
  MakeUser(pool, "nora");
  ASSERT_TRUE(Wait([&](Lane& on) { return pools_->Remove(pool->id, on); }).ok());
  EXPECT_FALSE(*users_->Get(*pool, "nora"));
  Open();
  EXPECT_TRUE(pools_->List({}, 10).empty());
  EXPECT_EQ(users_->Count(*pool), 0u);
}

TEST(UserCodecTest, RefusesWhatIsDamaged) {
  User user;
  user.username = "nora";
  user.codes.push_back({});
  user.groups = {"a"};
  const std::string bytes = EncodeUser(user);
  EXPECT_TRUE(DecodeUser(kUserFormat, bytes));
  EXPECT_FALSE(DecodeUser(kUserFormat + 1, bytes));
  for (size_t i = 0; i < bytes.size(); ++i) EXPECT_FALSE(DecodeUser(kUserFormat, bytes.substr(0, i))) << i;
  EXPECT_FALSE(DecodeUser(kUserFormat, bytes + "x"));
}

}  // namespace
}  // namespace stator::pools
