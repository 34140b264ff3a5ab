// The groups of pools. Who is in one stands with the user (User::groups), in one commit with everything else of it; a
// group that is gone counts for nothing, wherever its name still stands. docs/formats/pools.md.
//
// Threads: any; tasks go on on their lane. Reads may block on engines whose reads do.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/lane.h"
#include "base/task.h"
#include "base/task_mutex.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "pools/pool.h"
#include "pools/realm.h"
#include "pools/user.h"
#include "pools/users.h"

namespace stator::pools {

struct Group {
  std::string name;
  std::string description;
  std::string role_arn;           // empty: none
  std::optional<int> precedence;  // smaller counts more; none counts least
  Time created, modified;
};

class Groups final : public GroupReader {
 public:
  // Borrows all.
  Groups(engine::Engine& engine, Users& users, const Clock& clock) : engine_(engine), users_(users), clock_(clock) {}

  // kPoolGroupNotFound.
  Result<Group> Get(const Pool& pool, Bytes name) const;
  // In order of names, names > `after`.
  Result<std::vector<Group>> List(const Pool& pool, Bytes after, size_t limit) const;
  // A user's groups that exist: by precedence, then by name.
  Result<std::vector<Group>> Of(const Pool& pool, const User& user) const;
  // Names and roles of those. Groups that cannot be read are left out.
  GroupClaims ClaimsOf(const Pool& pool, const User& user) const override;

  // kPoolGroupExists.
  Task<Result<Group>> Create(PoolRef pool, Group group, Lane& lane);
  // kPoolGroupNotFound.
  using ChangeGroup = std::function<void(Group*)>;
  Task<Result<Group>> Change(PoolRef pool, std::string name, ChangeGroup change, Lane& lane);
  // Its members are members no longer. kPoolGroupNotFound.
  Task<Status> Remove(PoolRef pool, std::string name, Lane& lane);
  // Adding a member and removing what is none are done, too. kPoolGroupNotFound, kPoolUserNotFound.
  Task<Status> SetMember(PoolRef pool, std::string name, User user, bool member, Lane& lane);

 private:
  Task<Status> RemoveMembers(PoolRef pool, std::string name, Lane& lane);
  Task<Result<Group>> Store(PoolRef pool, Group group, Lane& lane);

  engine::Engine& engine_;
  Users& users_;
  const Clock& clock_;
  TaskMutex changing_;  // held while a group changes, and while one gets members
};

}  // namespace stator::pools
