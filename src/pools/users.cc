// A user's rows, before and after, are computed from the user alone; what differs goes into the batch, under guards on
// the user's row and on every name it claims. Tests: users_test.cc; format: docs/formats/pools.md.
#include "pools/users.h"

#include <algorithm>
#include <set>

#include "base/coding.h"
#include "base/pause.h"
#include "base/random.h"
#include "engine/commit.h"
#include "errors/pools.h"
#include "records/records.h"
#include "sigv4/digest.h"

namespace stator::pools {
namespace {

using records::Key;
using records::Kind;

constexpr uint8_t kNameFormat = 1;
constexpr uint8_t kEntryFormat = 1;
constexpr int kMostAttempts = 30;
constexpr Duration kPause{500};
constexpr const char* kIndexed[] = {"sub", "email", "phone_number", "preferred_username"};

Key UserKey(const Pool& pool, const std::string& username) {
  return Key(Kind::kPoolUser, {pool.id, pool.Fold(username)});
}
Key NameKey(const Pool& pool, const std::string& what, const std::string& value) {
  return Key(Kind::kPoolName, {pool.id, what, pool.Fold(value)});
}

// What a user is found by and nobody else may have: (attribute, value).
using Names = std::set<std::pair<std::string, std::string>>;
Names NamesOf(const Pool& pool, const User& user) {
  Names names = {{"sub", user.sub}};
  for (const std::string& attribute : pool.username_attributes) {
    if (const std::string* value = user.Find(attribute)) names.emplace(attribute, pool.Fold(*value));
  }
  for (const std::string& attribute : pool.alias_attributes) {
    const std::string* value = user.Find(attribute);
    const bool counts = value && (attribute == "preferred_username" || user.Verified(attribute));
    if (counts && !value->empty()) names.emplace(attribute, pool.Fold(*value));
  }
  return names;
}

std::set<std::string> EntriesOf(const Pool& pool, const User& user) {
  std::set<std::string> entries;
  const auto add = [&](const char* attribute, const std::string& value) {
    entries.emplace(Key(Kind::kPoolEntry, {pool.id, attribute, pool.Fold(value), pool.Fold(user.username)}).bytes());
  };
  add("sub", user.sub);
  add(Users::kCreatedEntry, Users::CreatedText(user));
  for (const char* attribute : kIndexed) {
    if (const std::string* value = user.Find(attribute)) add(attribute, *value);
  }
  for (const std::string& group : user.groups) {
    entries.emplace(Key(Kind::kPoolEntry, {pool.id, Users::kGroupEntry, group, pool.Fold(user.username)}).bytes());
  }
  return entries;
}

struct ReadUser {
  std::optional<User> user;
  engine::Version seen = 0;
};
Result<ReadUser> Read(const engine::View& view, const Key& key) {
  ReadUser read;
  engine::Value row;
  records::Record record;
  STATOR_TRY(const bool found, records::Get(view, key, &row, &record));
  read.seen = row.seen;
  if (!found) return read;
  read.user = DecodeUser(record.version, record.payload);
  if (!read.user) return Fail(errors::kPoolsDamaged);
  return read;
}

struct ReadName {
  std::string owner;  // folded user name; empty: nobody
  engine::Version seen = 0;
};
Result<ReadName> ReadNameRow(const engine::View& view, const Key& key) {
  ReadName read;
  engine::Value row;
  records::Record record;
  STATOR_TRY(const bool found, records::Get(view, key, &row, &record));
  read.seen = row.seen;
  if (found) read.owner = std::string(record.payload);
  return read;
}

// The smallest key behind all that begin with `prefix`.
std::string After(Bytes prefix) {
  std::string after(prefix);
  while (!after.empty() && after.back() == '\xff') after.pop_back();
  if (!after.empty()) after.back() = static_cast<char>(static_cast<unsigned char>(after.back()) + 1);
  return after;
}

// The key's last part still open: values that begin with it follow.
std::string Open(const Key& key) { return std::string(key.bytes().substr(0, key.bytes().size() - 2)); }

}  // namespace

// --- Reading. ---

Result<std::unique_ptr<Users>> Users::Open(engine::Engine& engine, const Clock& clock) {
  auto users = std::unique_ptr<Users>(new Users(engine, clock));
  STATOR_OK(records::ForEach(engine, Key(Kind::kPoolUser), [&](Bytes rest, const records::Record&) -> Status {
    std::string pool;
    if (!records::NextPart(&rest, &pool)) return Fail(errors::kPoolsDamaged);
    ++users->counts_[pool];
    return {};
  }));
  return users;
}

Result<std::optional<User>> Users::Get(const Pool& pool, Bytes username) const {
  STATOR_TRY(ReadUser read, Read(engine_, UserKey(pool, std::string(username))));
  return std::move(read.user);
}

Result<std::optional<User>> Users::Find(const Pool& pool, Bytes login) const {
  STATOR_TRY(std::optional<User> user, Get(pool, login));
  if (user) return user;
  std::vector<std::string> ways = pool.username_attributes;
  ways.insert(ways.end(), pool.alias_attributes.begin(), pool.alias_attributes.end());
  ways.emplace_back("sub");
  for (const std::string& way : ways) {
    STATOR_TRY(const ReadName name, ReadNameRow(engine_, NameKey(pool, way, std::string(login))));
    if (!name.owner.empty()) return Get(pool, name.owner);
  }
  return std::optional<User>();
}

Result<std::optional<User>> Users::FindBySub(const Pool& pool, Bytes sub) const {
  STATOR_TRY(const ReadName name, ReadNameRow(engine_, NameKey(pool, "sub", std::string(sub))));
  if (name.owner.empty()) return std::optional<User>();
  return Get(pool, name.owner);
}

Result<std::vector<User>> Users::List(const Pool& pool, Bytes after, size_t limit) const {
  std::vector<User> users;
  const Key all(Kind::kPoolUser, {pool.id});
  const std::string from =
      after.empty() ? std::string(all.bytes()) : std::string(Key(Kind::kPoolUser, {pool.id, after}).bytes()) + '\0';
  const auto cursor = engine_.Range(engine::kRecordSpace, from, After(all.bytes()), engine::Order::kForward);
  for (; cursor->Valid() && users.size() < limit; cursor->Next()) {
    const Bytes value = cursor->value();
    std::optional<User> user;
    if (!value.empty()) user = DecodeUser(static_cast<uint8_t>(value.front()), value.substr(1));
    if (!user) return Fail(errors::kPoolsDamaged);
    users.push_back(*std::move(user));
  }
  STATOR_OK(cursor->status());
  return users;
}

Result<std::vector<User>> Users::ListBy(const Pool& pool, const std::string& attribute, Bytes value, bool prefix,
                                        Bytes after, size_t limit) const {
  const bool folds = attribute != kGroupEntry;
  const std::string wanted = folds ? pool.Fold(std::string(value)) : std::string(value);
  const Key exact(Kind::kPoolEntry, {pool.id, attribute, wanted});
  const std::string all = prefix ? stator::pools::Open(exact) : std::string(exact.bytes());
  // A place of another list, or none.
  if (!after.empty() && !after.starts_with(all)) return Fail(errors::kPoolBadToken);
  const std::string from = after.empty() ? all : std::string(after) + '\0';
  std::vector<User> users;
  const auto cursor = engine_.Range(engine::kRecordSpace, from, After(all), engine::Order::kForward);
  const size_t behind = Key(Kind::kPoolEntry, {pool.id, attribute}).bytes().size();
  for (; cursor->Valid() && users.size() < limit; cursor->Next()) {
    Bytes rest = cursor->key().substr(behind);
    std::string found_value;
    std::string username;
    if (!records::NextPart(&rest, &found_value) || !records::NextPart(&rest, &username)) {
      return Fail(errors::kPoolsDamaged);
    }
    STATOR_TRY(std::optional<User> user, Get(pool, username));
    if (user) users.push_back(*std::move(user));
  }
  STATOR_OK(cursor->status());
  return users;
}

std::string Users::PlaceOf(const Pool& pool, const User& user) { return pool.Fold(user.username); }

std::string Users::PlaceBy(const Pool& pool, const std::string& attribute, Bytes value, const User& user) {
  const std::string folded = attribute == kGroupEntry ? std::string(value) : pool.Fold(std::string(value));
  return std::string(Key(Kind::kPoolEntry, {pool.id, attribute, folded, pool.Fold(user.username)}).bytes());
}

std::string Users::CreatedText(const User& user) {
  std::string big;
  PutBig64(&big, static_cast<uint64_t>(user.created.micros));
  return sigv4::Hex(big);
}

bool Users::IsIndexed(const std::string& attribute) {
  return std::find(std::begin(kIndexed), std::end(kIndexed), attribute) != std::end(kIndexed);
}

uint64_t Users::Count(const Pool& pool) const {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(pool.id);
  return found == counts_.end() ? 0 : found->second;
}

void Users::Counted(const Pool& pool, int by) {
  const std::lock_guard lock(mutex_);
  counts_[pool.id] += static_cast<uint64_t>(by);
}

// --- Changing. ---

// A user before and after, and the batch that makes one of the other. Either may be missing.
struct Users::Write {
  const User* before = nullptr;
  const User* after = nullptr;
  engine::Batch batch;
};

// Claims the names that are new and gives up those that are not kept.
Status Users::AddNames(const Pool& pool, Aliases aliases, Write* write) const {
  const Names old_names = write->before ? NamesOf(pool, *write->before) : Names();
  const Names new_names = write->after ? NamesOf(pool, *write->after) : Names();
  for (const auto& [what, value] : old_names) {
    if (!new_names.contains({what, value})) records::Erase(&write->batch, NameKey(pool, what, value));
  }
  for (const auto& [what, value] : new_names) {
    if (old_names.contains({what, value})) continue;
    const Key key = NameKey(pool, what, value);
    STATOR_TRY(const ReadName taken, ReadNameRow(engine_, key));
    const std::string self = pool.Fold(write->after->username);
    if (!taken.owner.empty() && taken.owner != self) {
      if (pool.UsesUsernameAttributes() && !write->before) return Fail(errors::kPoolAccountExists, what);
      if (pool.UsesUsernameAttributes()) return Fail(errors::kPoolAliasExists, what);
      if (aliases == Aliases::kKeep || what == "preferred_username") return Fail(errors::kPoolAliasExists, what);
      STATOR_TRY(ReadUser other, Read(engine_, UserKey(pool, taken.owner)));
      if (other.user) {
        other.user->Set(what + "_verified", "false");
        const Key other_key = UserKey(pool, taken.owner);
        write->batch.Guard(engine::kRecordSpace, other_key.bytes(), other.seen);
        records::Put(&write->batch, other_key, kUserFormat, EncodeUser(*other.user));
      }
    }
    write->batch.Guard(engine::kRecordSpace, key.bytes(), taken.seen);
    records::Put(&write->batch, key, kNameFormat, self);
  }
  return {};
}

namespace {

void AddRows(const Pool& pool, const User* before, const User* after, engine::Batch* batch) {
  const std::set<std::string> old_entries = before ? EntriesOf(pool, *before) : std::set<std::string>();
  const std::set<std::string> new_entries = after ? EntriesOf(pool, *after) : std::set<std::string>();
  for (const std::string& key : old_entries) {
    if (!new_entries.contains(key)) batch->Erase(engine::kRecordSpace, key);
  }
  const std::string empty(1, static_cast<char>(kEntryFormat));
  for (const std::string& key : new_entries) {
    if (!old_entries.contains(key)) batch->Put(engine::kRecordSpace, key, empty);
  }
  if (after) {
    records::Put(batch, UserKey(pool, after->username), kUserFormat, EncodeUser(*after));
  } else {
    records::Erase(batch, UserKey(pool, before->username));
  }
}

}  // namespace

// After a conflict it waits a little, longer each time, before it says so.
Task<engine::Outcome> Users::Commit(engine::Batch batch, int attempt, Lane& lane) {
  const engine::Committed committed = co_await engine::Commit(engine_, std::move(batch), lane);
  if (committed.outcome == engine::Outcome::kConflict && attempt > 1) {
    const auto most = static_cast<uint64_t>(kPause.count() * attempt);
    const Duration pause(static_cast<int64_t>(ThreadRandom().Below(most)));
    co_await Pause(lane, pause);
  }
  co_return committed.outcome;
}

Task<Result<User>> Users::Create(PoolRef pool, User user, Aliases aliases, Lane& lane) {
  if (user.sub.empty()) user.sub = NewUuid();
  if (pool->UsesUsernameAttributes()) user.username = user.sub;
  user.created = user.modified = clock_.Now();
  const Key key = UserKey(*pool, user.username);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    Result<ReadUser> read = Read(engine_, key);
    if (!read.ok()) co_return Result<User>(std::move(read).error());
    if (read->user) co_return Result<User>(Fail(errors::kPoolUserExists));
    Write write;
    write.after = &user;
    write.batch.Guard(engine::kRecordSpace, key.bytes(), read->seen);
    Status named = AddNames(*pool, aliases, &write);
    if (!named.ok()) co_return Result<User>(std::move(named).error());
    AddRows(*pool, nullptr, &user, &write.batch);
    const engine::Outcome outcome = co_await Commit(std::move(write.batch), attempt, lane);
    if (outcome == engine::Outcome::kDone) {
      Counted(*pool, 1);
      co_return Result<User>(std::move(user));
    }
    if (outcome != engine::Outcome::kConflict) break;
  }
  co_return Result<User>(Fail(errors::kPoolsUnavailable));
}

Task<Result<User>> Users::Change(PoolRef pool, std::string username, std::string sub, ChangeUser change,
                                 Aliases aliases, Lane& lane) {
  const Key key = UserKey(*pool, username);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    Result<ReadUser> read = Read(engine_, key);
    if (!read.ok()) co_return Result<User>(std::move(read).error());
    const bool there = read->user && (sub.empty() || read->user->sub == sub);
    if (!there) co_return Result<User>(Fail(errors::kPoolUserNotFound));
    User user = *read->user;
    Status changed = change(&user);
    if (!changed.ok()) co_return Result<User>(std::move(changed).error());
    user.modified = clock_.Now();
    Write write;
    write.before = &*read->user;
    write.after = &user;
    write.batch.Guard(engine::kRecordSpace, key.bytes(), read->seen);
    Status named = AddNames(*pool, aliases, &write);
    if (!named.ok()) co_return Result<User>(std::move(named).error());
    AddRows(*pool, write.before, write.after, &write.batch);
    const engine::Outcome outcome = co_await Commit(std::move(write.batch), attempt, lane);
    if (outcome == engine::Outcome::kDone) co_return Result<User>(std::move(user));
    if (outcome != engine::Outcome::kConflict) break;
  }
  co_return Result<User>(Fail(errors::kPoolsUnavailable));
}

Task<Status> Users::Remove(PoolRef pool, std::string username, Lane& lane) {
  const Key key = UserKey(*pool, username);
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    Result<ReadUser> read = Read(engine_, key);
    if (!read.ok()) co_return Status(std::move(read).error());
    if (!read->user) co_return Status(Fail(errors::kPoolUserNotFound));
    Write write;
    write.before = &*read->user;
    write.batch.Guard(engine::kRecordSpace, key.bytes(), read->seen);
    Status named = AddNames(*pool, Aliases::kKeep, &write);
    if (!named.ok()) co_return named;
    AddRows(*pool, write.before, nullptr, &write.batch);
    const engine::Outcome outcome = co_await Commit(std::move(write.batch), attempt, lane);
    if (outcome == engine::Outcome::kDone) {
      Counted(*pool, -1);
      co_return Status();
    }
    if (outcome != engine::Outcome::kConflict) break;
  }
  co_return Status(Fail(errors::kPoolsUnavailable));
}

}  // namespace stator::pools
