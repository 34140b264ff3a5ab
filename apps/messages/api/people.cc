#include "api/people.h"

#include "base/pause.h"

namespace stator::messages {
namespace {

Person PersonOf(const User& user) { return {user.uuid, user.handle, user.display_name}; }

std::optional<Person> PersonOf(const std::optional<User>& user) {
  return user ? std::optional<Person>(PersonOf(*user)) : std::nullopt;
}

}  // namespace

Result<std::unique_ptr<Directory>> People::Take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      std::unique_ptr<Directory> directory = std::move(idle_.back());
      idle_.pop_back();
      return directory;
    }
  }
  STATOR_TRY(Directory directory, Directory::Open(url_));
  return std::make_unique<Directory>(std::move(directory));
}

void People::Give(std::unique_ptr<Directory> directory) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(directory));
}

template <class T, class Ask>
Task<Result<T>> People::OnWorker(Ask ask) {
  ToWorker to_worker(workers_);
  co_await to_worker;
  Result<T> answer = [&]() -> Result<T> {
    STATOR_TRY(std::unique_ptr<Directory> directory, Take());
    Result<T> found = ask(*directory);
    if (found.ok()) Give(std::move(directory));
    return found;
  }();
  ToLane to_lane(lane_);
  co_await to_lane;
  co_return answer;
}

Task<Result<std::optional<Person>>> People::BySub(std::string sub) {
  const MonotonicTime now = MonotonicNow();
  const auto kept = by_sub_.find(sub);
  if (kept != by_sub_.end() && now < kept->second.until) co_return std::optional<Person>(kept->second.person);
  auto ask = [sub](Directory& directory) -> Result<std::optional<Person>> {
    STATOR_TRY(const std::optional<User> user, directory.FindByCognitoId(sub));
    return PersonOf(user);
  };
  auto found = co_await OnWorker<std::optional<Person>>(ask);
  if (found.ok() && *found) {
    if (by_sub_.size() >= kMostKept) by_sub_.clear();
    by_sub_.insert_or_assign(sub, Kept{**found, now + kKept});
  }
  co_return found;
}

Task<Result<std::optional<Person>>> People::ByHandle(std::string handle) {
  auto ask = [handle](Directory& directory) -> Result<std::optional<Person>> {
    STATOR_TRY(const std::optional<User> user, directory.FindByHandle(handle));
    return PersonOf(user);
  };
  co_return co_await OnWorker<std::optional<Person>>(ask);
}

Task<Result<std::vector<Person>>> People::Search(std::string text, size_t limit) {
  auto ask = [text, limit](Directory& directory) -> Result<std::vector<Person>> {
    STATOR_TRY(const std::vector<User> users, directory.Search(text, limit));
    std::vector<Person> people;
    people.reserve(users.size());
    for (const User& user : users) people.push_back(PersonOf(user));
    return people;
  };
  co_return co_await OnWorker<std::vector<Person>>(ask);
}

}  // namespace stator::messages
