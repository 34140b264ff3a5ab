// Tests: groups_test.cc; format: docs/formats/pools.md.
#include "pools/groups.h"

#include <algorithm>
#include <limits>

#include "base/coder.h"
#include "engine/commit.h"
#include "errors/pools.h"
#include "records/records.h"

namespace stator::pools {
namespace {

using records::Key;
using records::Kind;

constexpr uint8_t kGroupFormat = 1;
constexpr size_t kMembersAtOnce = 100;

template <class Coder>
void CodeGroup(Coder& coder, Of<Coder, Group> group) {
  coder.Text(group.name);
  coder.Text(group.description);
  coder.Text(group.role_arn);
  coder.Optional(group.precedence, [&coder](auto& number) { coder.Number(number); });
  coder.Instant(group.created);
  coder.Instant(group.modified);
}

std::optional<Group> Decode(const records::Record& record) {
  if (record.version != kGroupFormat) return std::nullopt;
  Group group;
  Decoder decoder(record.payload);
  CodeGroup<Decoder>(decoder, group);
  if (!decoder.Finished()) return std::nullopt;
  return group;
}

Key KeyOf(const Pool& pool, Bytes name) { return Key(Kind::kPoolGroup, {pool.id, name}); }

bool Before(const Group& a, const Group& b) {
  const auto rank = [](const Group& group) { return group.precedence.value_or(std::numeric_limits<int>::max()); };
  return rank(a) != rank(b) ? rank(a) < rank(b) : a.name < b.name;
}

}  // namespace

Result<Group> Groups::Get(const Pool& pool, Bytes name) const {
  engine::Value row;
  records::Record record;
  STATOR_TRY(const bool found, records::Get(engine_, KeyOf(pool, name), &row, &record));
  if (!found) return Fail(errors::kPoolGroupNotFound);
  std::optional<Group> group = Decode(record);
  if (!group) return Fail(errors::kPoolsDamaged);
  return *std::move(group);
}

Result<std::vector<Group>> Groups::List(const Pool& pool, Bytes after, size_t limit) const {
  std::vector<Group> groups;
  const Key all(Kind::kPoolGroup, {pool.id});
  const std::string from = after.empty() ? std::string(all.bytes()) : std::string(KeyOf(pool, after).bytes()) + '\0';
  // A part ends with 00 01: the pool's keys end before 00 02.
  std::string end(all.bytes());
  end.back() = '\x02';
  const auto cursor = engine_.Range(engine::kRecordSpace, from, end, engine::Order::kForward);
  for (; cursor->Valid() && groups.size() < limit; cursor->Next()) {
    const Bytes value = cursor->value();
    std::optional<Group> group;
    if (!value.empty()) group = Decode({static_cast<uint8_t>(value.front()), value.substr(1)});
    if (!group) return Fail(errors::kPoolsDamaged);
    groups.push_back(*std::move(group));
  }
  STATOR_OK(cursor->status());
  return groups;
}

Result<std::vector<Group>> Groups::Of(const Pool& pool, const User& user) const {
  std::vector<Group> groups;
  for (const std::string& name : user.groups) {
    Result<Group> group = Get(pool, name);
    if (!group.ok() && group.error().id == errors::kPoolGroupNotFound) continue;
    if (!group.ok()) return std::move(group).error();
    groups.push_back(*std::move(group));
  }
  std::sort(groups.begin(), groups.end(), Before);
  return groups;
}

// The role of the group that counts most is preferred, unless another of its rank has a different one.
GroupClaims Groups::ClaimsOf(const Pool& pool, const User& user) const {
  GroupClaims claims;
  const auto groups = Of(pool, user);
  if (!groups.ok()) return claims;
  for (const Group& group : *groups) {
    claims.groups.push_back(group.name);
    if (!group.role_arn.empty()) claims.roles.push_back(group.role_arn);
  }
  if (groups->empty() || !groups->front().precedence) return claims;
  const Group& first = groups->front();
  const bool alone = std::all_of(groups->begin(), groups->end(), [&first](const Group& group) {
    return group.precedence != first.precedence || group.role_arn == first.role_arn;
  });
  if (alone) claims.preferred_role = first.role_arn;
  return claims;
}

// REQUIRES: changing_ held.
Task<Result<Group>> Groups::Store(PoolRef pool, Group group, Lane& lane) {
  group.modified = clock_.Now();
  std::string bytes;
  Encoder encoder(&bytes);
  CodeGroup<Encoder>(encoder, group);
  engine::Batch batch;
  records::Put(&batch, KeyOf(*pool, group.name), kGroupFormat, bytes);
  const engine::Committed committed = co_await engine::Commit(engine_, std::move(batch), lane);
  if (committed.outcome != engine::Outcome::kDone) co_return Result<Group>(Fail(errors::kPoolsUnavailable));
  co_return Result<Group>(std::move(group));
}

Task<Result<Group>> Groups::Create(PoolRef pool, Group group, Lane& lane) {
  const auto held = co_await changing_.Lock(lane);
  const Result<Group> taken = Get(*pool, group.name);
  if (taken.ok()) co_return Result<Group>(Fail(errors::kPoolGroupExists));
  if (taken.error().id != errors::kPoolGroupNotFound) co_return taken;
  group.created = clock_.Now();
  Result<Group> made = co_await Store(pool, std::move(group), lane);
  co_return made;
}

Task<Result<Group>> Groups::Change(PoolRef pool, std::string name, ChangeGroup change, Lane& lane) {
  const auto held = co_await changing_.Lock(lane);
  Result<Group> group = Get(*pool, name);
  if (!group.ok()) co_return group;
  change(&*group);
  Result<Group> changed = co_await Store(pool, *std::move(group), lane);
  co_return changed;
}

Task<Status> Groups::RemoveMembers(PoolRef pool, std::string name, Lane& lane) {
  const Users::ChangeUser leave = [&name](User* user) -> Status {
    std::erase(user->groups, name);
    return {};
  };
  for (;;) {
    Result<std::vector<User>> members = users_.ListBy(*pool, Users::kGroupEntry, name, false, Bytes(), kMembersAtOnce);
    if (!members.ok()) co_return Status(std::move(members).error());
    if (members->empty()) co_return Status();
    for (const User& member : *members) {
      Users::ChangeUser change = leave;
      const auto left =
          co_await users_.Change(pool, member.username, member.sub, std::move(change), Aliases::kKeep, lane);
      if (!left.ok() && left.error().id != errors::kPoolUserNotFound) co_return Status(left.error());
    }
  }
}

// Members first: what a crash leaves is a smaller group, not names that a later group of this name would find.
Task<Status> Groups::Remove(PoolRef pool, std::string name, Lane& lane) {
  const auto held = co_await changing_.Lock(lane);
  Result<Group> group = Get(*pool, name);
  if (!group.ok()) co_return Status(std::move(group).error());
  Status left = co_await RemoveMembers(pool, name, lane);
  if (!left.ok()) co_return left;
  engine::Batch batch;
  records::Erase(&batch, KeyOf(*pool, name));
  const engine::Committed committed = co_await engine::Commit(engine_, std::move(batch), lane);
  co_return committed.outcome == engine::Outcome::kDone ? Status() : Status(Fail(errors::kPoolsUnavailable));
}

Task<Status> Groups::SetMember(PoolRef pool, std::string name, User user, bool member, Lane& lane) {
  const auto held = co_await changing_.Lock(lane);
  Result<Group> group = Get(*pool, name);
  if (!group.ok()) co_return Status(std::move(group).error());
  const auto at = std::lower_bound(user.groups.begin(), user.groups.end(), name);
  const bool is_member = at != user.groups.end() && *at == name;
  if (is_member == member) co_return Status();
  Users::ChangeUser change = [&name, member](User* changed) -> Status {
    std::erase(changed->groups, name);
    if (member) changed->groups.insert(std::upper_bound(changed->groups.begin(), changed->groups.end(), name), name);
    return {};
  };
  const auto done = co_await users_.Change(pool, user.username, user.sub, std::move(change), Aliases::kKeep, lane);
  co_return done.ok() ? Status() : Status(done.error());
}

}  // namespace stator::pools
