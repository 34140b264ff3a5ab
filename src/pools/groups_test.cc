#include "pools/groups.h"

#include <gtest/gtest.h>

#include "base/run_on.h"
#include "engine/memory/memory_engine.h"
#include "errors/pools.h"

namespace stator::pools {
namespace {

class GroupsTest : public testing::Test {
 protected:
  GroupsTest() {
    auto pool = std::make_shared<Pool>();
    pool->id = "us-east-1_abc";
    pool_ = std::move(pool);
    auto other = std::make_shared<Pool>();
    other->id = "us-east-1_abcd";
    other_ = std::move(other);
    users_ = *Users::Open(*engine_, clock_);
    groups_ = std::make_unique<Groups>(*engine_, *users_, clock_);
    lanes_.Start();
  }
  ~GroupsTest() override { lanes_.StopAndJoin(); }

  Result<Group> Create(const PoolRef& pool, const std::string& name, std::optional<int> precedence = {},
                       const std::string& role = "") {
    Group group;
    group.name = name;
    group.precedence = precedence;
    group.role_arn = role;
    return RunOn(lane_, [&](Lane& lane) { return groups_->Create(pool, group, lane); });
  }
  User MakeUser(const std::string& name) {
    User user;
    user.username = name;
    auto made = RunOn(lane_, [&](Lane& lane) { return users_->Create(pool_, user, Aliases::kKeep, lane); });
    EXPECT_TRUE(made.ok());
    return *made;
  }
  Status SetMember(const std::string& group, const std::string& user, bool member) {
    const User now = Read(user);
    return RunOn(lane_, [&](Lane& lane) { return groups_->SetMember(pool_, group, now, member, lane); });
  }
  Status Remove(const std::string& group) {
    return RunOn(lane_, [&](Lane& lane) { return groups_->Remove(pool_, group, lane); });
  }
  User Read(const std::string& user) { return **users_->Get(*pool_, user); }
  std::vector<std::string> Names(const Result<std::vector<Group>>& groups) {
    std::vector<std::string> names;
    EXPECT_TRUE(groups.ok());
    for (const Group& group : *groups) names.push_back(group.name);
    return names;
  }
  std::vector<std::string> Members(const std::string& group) {
    std::vector<std::string> names;
    const auto users = users_->ListBy(*pool_, Users::kGroupEntry, group, false, "", 100);
    for (const User& user : *users) names.push_back(user.username);
    return names;
  }
  using Texts = std::vector<std::string>;

  Clock clock_;
  std::unique_ptr<engine::Engine> engine_ = engine::NewMemoryEngine(clock_);
  std::unique_ptr<Users> users_;
  std::unique_ptr<Groups> groups_;
  PoolRef pool_, other_;
  Lanes lanes_{1};
  Lane& lane_ = lanes_.at(0);
};

TEST_F(GroupsTest, AreCreatedChangedAndRemoved) {
  ASSERT_TRUE(Create(pool_, "editors", 3, "arn:role").ok());
  EXPECT_EQ(Create(pool_, "editors").error().id, errors::kPoolGroupExists);
  const auto changed = RunOn(lane_, [&](Lane& lane) {
    Groups::ChangeGroup change = [](Group* group) { group->description = "who edits"; };
    return groups_->Change(pool_, "editors", std::move(change), lane);
  });
  ASSERT_TRUE(changed.ok());
  const Group group = *groups_->Get(*pool_, "editors");
  EXPECT_EQ(group.description, "who edits");
  EXPECT_EQ(group.precedence, 3);
  EXPECT_EQ(group.role_arn, "arn:role");
  EXPECT_TRUE(Remove("editors").ok());
  EXPECT_EQ(Remove("editors").error().id, errors::kPoolGroupNotFound);
  EXPECT_EQ(groups_->Get(*pool_, "editors").error().id, errors::kPoolGroupNotFound);
}

TEST_F(GroupsTest, AreListedByNameAndPool) {
  for (const char* name : {"b", "a", "c", "ü"}) ASSERT_TRUE(Create(pool_, name).ok());
  ASSERT_TRUE(Create(other_, "x").ok());
  EXPECT_EQ(Names(groups_->List(*pool_, "", 10)), (Texts{"a", "b", "c", "ü"}));
  EXPECT_EQ(Names(groups_->List(*pool_, "", 2)), (Texts{"a", "b"}));
  EXPECT_EQ(Names(groups_->List(*pool_, "b", 10)), (Texts{"c", "ü"}));
  EXPECT_EQ(Names(groups_->List(*pool_, "ü", 10)), Texts());
  EXPECT_EQ(Names(groups_->List(*other_, "", 10)), Texts{"x"});
}

TEST_F(GroupsTest, HaveMembers) {
  for (const char* name : {"editors", "admins"}) ASSERT_TRUE(Create(pool_, name).ok());
  for (const char* name : {"nora", "malik"}) {
    MakeUser(name);
    ASSERT_TRUE(SetMember("editors", name, true).ok());
  }
  ASSERT_TRUE(SetMember("admins", "nora", true).ok());
  ASSERT_TRUE(SetMember("admins", "nora", true).ok());
  EXPECT_EQ(Read("nora").groups, (Texts{"admins", "editors"}));
  EXPECT_EQ(Members("editors"), (Texts{"malik", "nora"}));
  ASSERT_TRUE(SetMember("editors", "malik", false).ok());
  ASSERT_TRUE(SetMember("editors", "malik", false).ok());
  EXPECT_EQ(Members("editors"), Texts{"nora"});
  EXPECT_EQ(SetMember("nobody's", "nora", true).error().id, errors::kPoolGroupNotFound);
}

TEST_F(GroupsTest, AGroupThatIsGoneHasNoMembersWhenItComesBack) {
  ASSERT_TRUE(Create(pool_, "editors").ok());
  for (int i = 0; i < 250; ++i) {
    const std::string name = "user" + std::to_string(i);
    MakeUser(name);
    ASSERT_TRUE(SetMember("editors", name, true).ok());
  }
  ASSERT_TRUE(Remove("editors").ok());
  EXPECT_TRUE(Read("user7").groups.empty());
  ASSERT_TRUE(Create(pool_, "editors").ok());
  EXPECT_EQ(Members("editors"), Texts());
}

TEST_F(GroupsTest, ClaimsAreOrderedByPrecedence) {
  ASSERT_TRUE(Create(pool_, "last").ok());
  ASSERT_TRUE(Create(pool_, "second", 5, "arn:two").ok());
  ASSERT_TRUE(Create(pool_, "first", 0, "arn:one").ok());
  User user;
  user.groups = {"first", "gone", "last", "second"};
  GroupClaims claims = groups_->ClaimsOf(*pool_, user);
  EXPECT_EQ(claims.groups, (Texts{"first", "second", "last"}));
  EXPECT_EQ(claims.roles, (Texts{"arn:one", "arn:two"}));
  EXPECT_EQ(claims.preferred_role, "arn:one");
  ASSERT_TRUE(Create(pool_, "rival", 0, "arn:three").ok());
  user.groups.emplace_back("rival");
  EXPECT_EQ(groups_->ClaimsOf(*pool_, user).preferred_role, "");
  user.groups = {"last"};
  claims = groups_->ClaimsOf(*pool_, user);
  EXPECT_EQ(claims.groups, Texts{"last"});
  EXPECT_EQ(claims.preferred_role, "");
}

}  // namespace
}  // namespace stator::pools
