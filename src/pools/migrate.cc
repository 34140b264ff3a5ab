#include "pools/migrate.h"

#include <utility>

#include "base/pause.h"
#include "pools/sign_up.h"

namespace stator::pools {
namespace {

using Answer = Result<std::optional<User>>;

// What the function says is held against the pool's schema like everything else.
Result<User> UserOf(const Pool& pool, Migrated migrated, const std::string& login) {
  AttributeChange change;
  change.set = std::move(migrated.attributes);
  change.admin = true;
  STATOR_OK(CheckUsername(pool, login, &change.set));
  STATOR_OK(CheckAttributes(pool, nullptr, nullptr, change));
  User user;
  user.username = login;
  for (const auto& [name, value] : change.set) {
    if (!value.empty()) user.Set(name, value);
  }
  user.status = migrated.status.value_or(UserStatus::kResetRequired);
  return user;
}

}  // namespace

// The function vouches for the password it was shown, so no policy is asked.
Task<Answer> Migrate(Realm& realm, AuthRequest request, std::string login, std::string password, Lane& lane) {
  User unknown;
  unknown.username = login;
  Occasion occasion{request.pool, request.client->id,     "UserMigration_Authentication", unknown,
                    {},           request.client_metadata};
  Result<std::optional<Migrated>> migrated =
      co_await realm.hooks.UserMigration(std::move(occasion), login, password, lane);
  if (!migrated.ok()) co_return Answer(std::move(migrated).error());
  if (!*migrated) co_return Answer(std::optional<User>());
  Result<User> brought = UserOf(*request.pool, **std::move(migrated), login);
  if (!brought.ok()) co_return Answer(std::move(brought).error());
  Result<User> created = co_await realm.users.Create(request.pool, *std::move(brought), Aliases::kKeep, lane);
  if (!created.ok()) co_return Answer(std::move(created).error());
  co_await ToWorker(realm.workers);
  const Verifier verifier = MakeVerifier(request.pool->SrpName(), created->username, password);
  co_await ToLane(lane);
  Users::ChangeUser change = [verifier](User* user) -> Status {
    user->password = verifier;
    return {};
  };
  Result<User> changed = co_await realm.users.Change(request.pool, created->username, created->sub, std::move(change),
                                                     Aliases::kKeep, lane);
  if (!changed.ok()) co_return Answer(std::move(changed).error());
  co_return Answer(std::optional<User>(*std::move(changed)));
}

}  // namespace stator::pools
