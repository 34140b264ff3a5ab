#include "directory/directory.h"

#include <algorithm>
#include <map>

#include "base/random.h"
#include "directory/database.h"
#include "directory/errors.h"
#include "directory/migrate.h"
#include "directory/statements.h"
#include "directory/text.h"
#include "ids.h"
#include "json/writer.h"

namespace stator::messages {
namespace {

constexpr size_t kMostUuids = 1000;

Bytes StatementFor(const Database& database, Bytes name) { return Statement(database.url().dialect, name); }

User UserIn(const std::vector<Cell>& row) {
  return {row[0].value_or(""), row[1].value_or(""), row[2].value_or(""),
          row[3].value_or(""), row[4].value_or(""), row[5].value_or("")};
}

std::vector<User> UsersIn(const Rows& rows) {
  std::vector<User> users;
  for (const auto& row : rows.rows) users.push_back(UserIn(row));
  return users;
}

std::optional<User> FirstIn(const Rows& rows) {
  if (rows.rows.empty()) return std::nullopt;
  return UserIn(rows.rows.front());
}

Bytes WithoutAt(Bytes handle) {
  if (handle.starts_with('@')) handle.remove_prefix(1);
  return handle;
}

// The text as the beginning in a pattern of LIKE, with '!' as the escape character: nothing in it stands for more than
// itself.
std::string PrefixPattern(Bytes text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '!' || c == '%' || c == '_') pattern.push_back('!');
    pattern.push_back(c);
  }
  return pattern + "%";
}

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

Status CheckText(const char* what, Bytes text, size_t longest) {
  const auto size = CodePoints(text);
  if (!size || text.find('\0') != Bytes::npos) {
    return Fail(directory_errors::kBadUser, std::string("the ") + what + " must be UTF-8 without NUL");
  }
  if (*size > 0 && *size <= longest) return {};
  return Fail(directory_errors::kBadUser,
              std::string("the ") + what + " must have 1 to " + std::to_string(longest) + " characters");
}

Status Check(const NewUser& user) {
  STATOR_OK(CheckText("handle", user.handle, kLongestHandle));
  STATOR_OK(CheckText("display name", user.display_name, kLongestName));
  STATOR_OK(CheckText("email", user.email, kLongestName));
  STATOR_OK(CheckText("cognito_user_id", user.cognito_user_id, kLongestName));
  if (user.handle.starts_with('@')) return Fail(directory_errors::kBadUser, "a handle does not begin with '@'");
  if (!user.uuid.empty() && !IsUuid(user.uuid)) return Fail(directory_errors::kBadUser, user.uuid + " is no uuid");
  return {};
}

}  // namespace

std::string DirectoryUrl(const std::function<std::optional<std::string>(const std::string& name)>& env) {
  if (const auto url = env("DATABASE_URL")) return *url;
  return "sqlite://" + DirectoryHome(env) + "/directory.sqlite3";
}

std::string DirectoryHome(const std::function<std::optional<std::string>(const std::string& name)>& env) {
  if (const auto data = env("XDG_DATA_HOME")) return *data + "/cruddur";
  return env("HOME").value_or("/var/tmp") + "/.local/share/cruddur";
}

Result<Directory> Directory::Open(const std::string& url) {
  STATOR_TRY(const DatabaseUrl address, ParseDatabaseUrl(url));
  STATOR_TRY(std::unique_ptr<Database> database, OpenDatabase(address));
  STATOR_OK(CheckSchema(*database));
  return Directory(std::move(database));
}

Directory::Directory(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Directory::Directory(Directory&&) noexcept = default;
Directory& Directory::operator=(Directory&&) noexcept = default;
Directory::~Directory() = default;

Result<std::optional<User>> Directory::FindByCognitoId(Bytes sub) {
  if (!IsText(sub) || sub == kPlaceholderSub) return std::optional<User>();
  STATOR_TRY(const Rows rows,
             database_->Run(StatementFor(*database_, "users/find_by_cognito_user_id"), {std::string(sub)}));
  return FirstIn(rows);
}

Result<std::optional<User>> Directory::FindByHandle(Bytes handle) {
  handle = WithoutAt(handle);
  if (!IsText(handle)) return std::optional<User>();
  STATOR_TRY(const Rows rows, database_->Run(StatementFor(*database_, "users/find_by_handle"), {std::string(handle)}));
  return FirstIn(rows);
}

Result<std::vector<User>> Directory::FindByUuids(const std::vector<std::string>& uuids) {
  if (uuids.size() > kMostUuids) {
    return Fail(directory_errors::kBadUser, "at most " + std::to_string(kMostUuids) + " uuids at once");
  }
  std::vector<std::string> wanted;
  std::string list;
  json::Writer writer(&list);
  writer.BeginArray();
  for (const std::string& uuid : uuids) {
    if (!IsUuid(uuid)) continue;
    wanted.push_back(Lower(uuid));
    writer.String(wanted.back());
  }
  writer.EndArray();
  if (wanted.empty()) return std::vector<User>();
  STATOR_TRY(const Rows rows, database_->Run(StatementFor(*database_, "users/find_by_uuids"), {list}));
  std::map<std::string, User> found;
  for (User& user : UsersIn(rows)) found[user.uuid] = std::move(user);
  std::vector<User> users;
  for (const std::string& uuid : wanted) {
    const auto at = found.find(uuid);
    if (at == found.end()) continue;
    users.push_back(std::move(at->second));
    found.erase(at);
  }
  return users;
}

Result<std::vector<User>> Directory::Search(Bytes prefix, size_t limit) {
  prefix = WithoutAt(prefix);
  if (!IsText(prefix)) return std::vector<User>();
  const std::string pattern = PrefixPattern(prefix);
  STATOR_TRY(const Rows rows, database_->Run(StatementFor(*database_, "users/search"),
                                             {pattern, "% " + pattern, std::to_string(std::min(limit, kMostFound))}));
  return UsersIn(rows);
}

Result<std::vector<User>> Directory::List(Bytes after, size_t limit) {
  STATOR_TRY(const Rows rows, database_->Run(StatementFor(*database_, "users/list"),
                                             {std::string(after), std::to_string(std::min(limit, kMostUuids))}));
  return UsersIn(rows);
}

Result<User> Directory::Insert(const NewUser& user) {
  STATOR_OK(Check(user));
  STATOR_TRY(const Rows rows, database_->Run(StatementFor(*database_, "users/insert"),
                                             {user.uuid.empty() ? NewUuid() : Lower(user.uuid), user.display_name,
                                              user.handle, user.email, user.cognito_user_id}));
  if (auto inserted = FirstIn(rows)) return *std::move(inserted);
  STATOR_TRY(std::optional<User> same, FindByCognitoId(user.cognito_user_id));
  if (same) return *std::move(same);
  return Fail(directory_errors::kHandleTaken, user.handle);
}

Result<bool> Directory::SetCognitoId(Bytes handle, Bytes sub) {
  STATOR_OK(CheckText("cognito_user_id", sub, kLongestName));
  STATOR_TRY(const std::optional<User> user, FindByHandle(handle));
  if (!user) return false;
  if (user->cognito_user_id == sub) return true;
  STATOR_TRY(const std::optional<User> owner, FindByCognitoId(sub));
  if (owner) return Fail(directory_errors::kSubTaken, sub, user->handle);
  STATOR_TRY(const Rows rows,
             database_->Run(StatementFor(*database_, "users/set_cognito_user_id"), {user->handle, std::string(sub)}));
  return true;
}

}  // namespace stator::messages
