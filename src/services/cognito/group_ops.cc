// Groups of users.
#include "errors/pools.h"
#include "services/cognito/admin.h"
#include "services/cognito/fields.h"
#include "services/cognito/model_admin.h"

namespace stator::services::cognito {
namespace {

using dispatch::Answer;
using dispatch::Call;
using pools::Group;

constexpr int64_t kPage = 60;

// --- Act. ---

void WriteGroup(const pools::Pool& pool, const Group& group, json::Writer& out) {
  out.BeginObject().Key("GroupName").String(group.name).Key("UserPoolId").String(pool.id);
  if (!group.description.empty()) out.Key("Description").String(group.description);
  if (!group.role_arn.empty()) out.Key("RoleArn").String(group.role_arn);
  if (group.precedence) out.Key("Precedence").Int(*group.precedence);
  out.Key("LastModifiedDate");
  WriteTime(group.modified, out);
  out.Key("CreationDate");
  WriteTime(group.created, out);
  out.EndObject();
}

Answer Reply(const pools::Pool& pool, const Result<Group>& group) {
  if (!group.ok()) return group.error();
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Group");
  WriteGroup(pool, *group, out);
  out.EndObject();
  return reply;
}

// `more`: there may be others behind these.
std::string ReplyGroups(const pools::Pool& pool, const std::vector<Group>& groups, bool more) {
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Groups").BeginArray();
  for (const Group& group : groups) WriteGroup(pool, group, out);
  out.EndArray();
  if (more) out.Key("NextToken").String(PageToken(groups.back().name));
  out.EndObject();
  return reply;
}

void ReadGroup(json::Value body, Group* group) {
  if (const auto description = GivenText(body, "Description")) group->description = *description;
  if (const auto role = GivenText(body, "RoleArn")) group->role_arn = *role;
  if (const int64_t precedence = Number(body, "Precedence", -1); precedence >= 0) {
    group->precedence = static_cast<int>(precedence);
  }
}

// 0 is the default, too.
size_t LimitOf(json::Value body) {
  const int64_t limit = Number(body, "Limit", 0);
  return static_cast<size_t>(limit == 0 ? kPage : limit);
}

// --- Read, run, reply. ---

Task<Answer> Create(AdminNeeds needs, const Call& call) {
  const Result<pools::PoolRef> pool = PoolNamed(needs, call.body);
  if (!pool.ok()) co_return pool.error();
  Group group;
  group.name = Text(call.body, "GroupName");
  ReadGroup(call.body, &group);
  const Result<Group> made = co_await needs.groups.Create(*pool, std::move(group), call.lane);
  co_return Reply(**pool, made);
}

Task<Answer> Update(AdminNeeds needs, const Call& call) {
  const Result<pools::PoolRef> pool = PoolNamed(needs, call.body);
  if (!pool.ok()) co_return pool.error();
  std::string name = Text(call.body, "GroupName");
  pools::Groups::ChangeGroup change = [&call](Group* group) { ReadGroup(call.body, group); };
  const Result<Group> changed = co_await needs.groups.Change(*pool, std::move(name), std::move(change), call.lane);
  co_return Reply(**pool, changed);
}

Task<Answer> Delete(AdminNeeds needs, const Call& call) {
  const Result<pools::PoolRef> pool = PoolNamed(needs, call.body);
  if (!pool.ok()) co_return pool.error();
  std::string name = Text(call.body, "GroupName");
  const Status done = co_await needs.groups.Remove(*pool, std::move(name), call.lane);
  co_return Nothing(done);
}

Answer RunGet(AdminNeeds needs, const Call& call) {
  STATOR_TRY(const pools::PoolRef pool, PoolNamed(needs, call.body));
  return Reply(*pool, needs.groups.Get(*pool, Text(call.body, "GroupName")));
}
Task<Answer> Get(AdminNeeds needs, const Call& call) { co_return RunGet(needs, call); }

Answer RunList(AdminNeeds needs, const Call& call) {
  STATOR_TRY(const pools::PoolRef pool, PoolNamed(needs, call.body));
  STATOR_TRY(const std::string after, ReadPageToken(call.body, "NextToken"));
  const size_t limit = LimitOf(call.body);
  STATOR_TRY(std::vector<Group> groups, needs.groups.List(*pool, after, limit + 1));
  const bool more = groups.size() > limit;
  if (more) groups.pop_back();
  return ReplyGroups(*pool, groups, more);
}
Task<Answer> List(AdminNeeds needs, const Call& call) { co_return RunList(needs, call); }

// All of a user's groups are looked at for each page: there are few.
Answer RunListOfUser(AdminNeeds needs, const Call& call) {
  STATOR_TRY(const Subject subject, SubjectOf(needs, call.body));
  STATOR_TRY(const std::string after, ReadPageToken(call.body, "NextToken"));
  STATOR_TRY(std::vector<Group> groups, needs.groups.Of(*subject.pool, subject.user));
  if (!after.empty()) {
    const auto last = std::find_if(groups.begin(), groups.end(), [&](const Group& g) { return g.name == after; });
    if (last == groups.end()) return Fail(errors::kPoolBadToken);
    groups.erase(groups.begin(), last + 1);
  }
  const size_t limit = LimitOf(call.body);
  const bool more = groups.size() > limit;
  if (more) groups.resize(limit);
  return ReplyGroups(*subject.pool, groups, more);
}
Task<Answer> ListOfUser(AdminNeeds needs, const Call& call) { co_return RunListOfUser(needs, call); }

Task<Answer> SetMember(AdminNeeds needs, const Call& call, bool member) {
  Result<Subject> subject = SubjectOf(needs, call.body);
  if (!subject.ok()) co_return subject.error();
  std::string group = Text(call.body, "GroupName");
  const Status done =
      co_await needs.groups.SetMember(subject->pool, std::move(group), std::move(subject->user), member, call.lane);
  co_return Nothing(done);
}
Task<Answer> AddUser(AdminNeeds needs, const Call& call) { return SetMember(needs, call, true); }
Task<Answer> RemoveUser(AdminNeeds needs, const Call& call) { return SetMember(needs, call, false); }

Answer RunListUsers(AdminNeeds needs, const Call& call) {
  STATOR_TRY(const pools::PoolRef pool, PoolNamed(needs, call.body));
  STATOR_TRY(const std::string after, ReadPageToken(call.body, "NextToken"));
  const std::string name = Text(call.body, "GroupName");
  STATOR_OK(needs.groups.Get(*pool, name));
  const size_t limit = LimitOf(call.body);
  STATOR_TRY(std::vector<pools::User> users,
             needs.realm.users.ListBy(*pool, pools::Users::kGroupEntry, name, false, after, limit + 1));
  const bool more = users.size() > limit;
  if (more) users.pop_back();
  std::string reply;
  json::Writer out(&reply);
  out.BeginObject().Key("Users").BeginArray();
  for (const pools::User& user : users) {
    out.BeginObject();
    WriteUserMembers(user, "Attributes", nullptr, out);
    out.EndObject();
  }
  out.EndArray();
  if (more) {
    out.Key("NextToken");
    out.String(PageToken(pools::Users::PlaceBy(*pool, pools::Users::kGroupEntry, name, users.back())));
  }
  out.EndObject();
  return reply;
}
Task<Answer> ListUsers(AdminNeeds needs, const Call& call) { co_return RunListUsers(needs, call); }

}  // namespace

// --- Register. ---

void RegisterGroupOps(dispatch::Registry& registry, AdminNeeds needs) {
  const auto add = [&](std::string_view name, const dispatch::Shape& input, bool writes, AdminOp run) {
    AddAdminOperation(registry, needs, name, input, writes, run);
  };
  add("CreateGroup", model::kCreateGroup, true, Create);
  add("GetGroup", model::kGroup, false, Get);
  add("UpdateGroup", model::kCreateGroup, true, Update);
  add("DeleteGroup", model::kGroup, true, Delete);
  add("ListGroups", model::kListGroups, false, List);
  add("AdminAddUserToGroup", model::kUserInGroup, true, AddUser);
  add("AdminRemoveUserFromGroup", model::kUserInGroup, true, RemoveUser);
  add("ListUsersInGroup", model::kListUsersInGroup, false, ListUsers);
  add("AdminListGroupsForUser", model::kListGroupsForUser, false, ListOfUser);
}

}  // namespace stator::services::cognito
