// The users of all pools: rows of space 0, read where they lie, changed by pure functions under guards. Each user has
// beside its own record
//   names    by which it can be found and that no other user of the pool may have: its sub; the aliases it signs in by
//   entries  by value of sub, email, phone_number and preferred_username, by group (kGroupEntry) and by time of
//   creation
//            (kCreatedEntry), that others may share: for ListUsers and ListUsersInGroup
// and all of them change in one commit with it. docs/formats/pools.md.
//
// Threads: any; tasks go on on their lane. Reads may block on engines whose reads do.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/lane.h"
#include "base/task.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "pools/pool.h"
#include "pools/user.h"

namespace stator::pools {

// What becomes of another user who has the alias that this one is to get.
enum class Aliases : uint8_t {
  kKeep,  // the change fails: kPoolAliasExists
  kTake,  // the other loses it: its attribute is no longer verified (ForceAliasCreation)
};

class Users {
 public:
  // What ListBy calls a user's membership of a group.
  static constexpr char kGroupEntry[] = "cognito:groups";
  // What it calls the time a user was created, written so (CreatedText) that its order is that of creation.
  static constexpr char kCreatedEntry[] = "created";
  static std::string CreatedText(const User& user);

  // Counts the users of the store. Blocks; borrows both.
  static Result<std::unique_ptr<Users>> Open(engine::Engine& engine, const Clock& clock);

  // By the stored user name, folded as the pool does.
  Result<std::optional<User>> Get(const Pool& pool, Bytes username) const;
  // By whatever somebody may sign in with: user name, alias, sub.
  Result<std::optional<User>> Find(const Pool& pool, Bytes login) const;
  Result<std::optional<User>> FindBySub(const Pool& pool, Bytes sub) const;

  // In order of user names, those behind `after` (a PlaceOf; empty: from the beginning). At most `limit`.
  Result<std::vector<User>> List(const Pool& pool, Bytes after, size_t limit) const;
  // In order of values, then of names: those whose `attribute` (IsIndexed) is `value`, or begins with it; compared as
  // the pool folds. `after`: PlaceBy of the last one.
  Result<std::vector<User>> ListBy(const Pool& pool, const std::string& attribute, Bytes value, bool prefix,
                                   Bytes after, size_t limit) const;
  // What stands for a user in `after`.
  static std::string PlaceOf(const Pool& pool, const User& user);
  static std::string PlaceBy(const Pool& pool, const std::string& attribute, Bytes value, const User& user);
  static bool IsIndexed(const std::string& attribute);
  // All of them.
  uint64_t Count(const Pool& pool) const;

  // Fails with kPoolUserExists, kPoolAccountExists (sign-in by email or number) or kPoolAliasExists. Sets times, and
  // the sub if it is empty; a pool with username attributes has the sub as user name.
  Task<Result<User>> Create(PoolRef pool, User user, Aliases aliases, Lane& lane);
  // Replaces a user by what `change` makes of the newest, and gives it; an error of `change` writes nothing and is
  // given. kPoolUserNotFound if it is gone. `change` may run again; it must not change username and sub. `sub`: if not
  // empty, another user of that name counts as none.
  using ChangeUser = std::function<Status(User*)>;
  Task<Result<User>> Change(PoolRef pool, std::string username, std::string sub, ChangeUser change, Aliases aliases,
                            Lane& lane);
  // kPoolUserNotFound if there is none.
  Task<Status> Remove(PoolRef pool, std::string username, Lane& lane);

 private:
  struct Write;
  Users(engine::Engine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}
  Status AddNames(const Pool& pool, Aliases aliases, Write* write) const;
  Task<engine::Outcome> Commit(engine::Batch batch, int attempt, Lane& lane);
  void Counted(const Pool& pool, int by);

  engine::Engine& engine_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, uint64_t, std::less<>> counts_;  // by pool id; guarded by mutex_
};

}  // namespace stator::pools
