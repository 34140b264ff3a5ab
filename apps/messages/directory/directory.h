// Who there is: the users of the SQL directory, by typed calls. Everything that other parts of the application ask of
// it goes through here; database.h is the layer below, docs/messages.md has the schema.
//
//   STATOR_TRY(Directory directory, Directory::Open(DirectoryUrl(env)));
//   STATOR_TRY(std::optional<User> user, directory.FindByHandle("nora"));
//
// Threads: one at a time, and every call blocks: up to some milliseconds as a rule, up to 5 s while another process
// writes to the same SQLite file or a PostgreSQL server comes back. So: one Directory for each worker thread, none on
// an event thread. Several, in one process or many, may be open on the same database.
//
// Errors: values, each with a text that says what to do next (directory/errors.h). A connection that broke is made
// anew, once, by the call that notices; a failed call leaves nothing half done.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::messages {

class Database;

// What stands for the sub of a user of whom no pool has told yet.
constexpr Bytes kPlaceholderSub = "MOCK";
// Longest texts, in code points.
constexpr size_t kLongestHandle = 64;
constexpr size_t kLongestName = 256;
constexpr size_t kMostFound = 50;  // by one search

struct User {
  std::string uuid;  // lower case
  std::string display_name;
  std::string handle;  // without '@'
  std::string email;
  std::string cognito_user_id;  // sub in the user pool, or kPlaceholderSub
  std::string created_at;       // "2026-11-20 10:00:00", UTC, perhaps with a fraction
};

struct NewUser {
  std::string uuid;  // empty: a random one
  std::string display_name;
  std::string handle;
  std::string email;
  std::string cognito_user_id{kPlaceholderSub};
};

class Directory {
 public:
  // `url` as DirectoryUrl gives it. Fails with kNoDatabase (nothing there yet), kNoSchema (no tables yet),
  // kOldSchema, kDatabaseUrl, kDatabaseUnreachable or kDatabase.
  static Result<Directory> Open(const std::string& url);  // creates nothing
  explicit Directory(std::unique_ptr<Database>);          // its tables are there
  Directory(Directory&&) noexcept;
  Directory& operator=(Directory&&) noexcept;
  ~Directory();

  // Text that no user can have (not UTF-8, NUL in it, no uuid) finds nobody. The placeholder is nobody's sub.
  Result<std::optional<User>> FindByCognitoId(Bytes sub);
  // With or without '@'; upper and lower case of ASCII are the same.
  Result<std::optional<User>> FindByHandle(Bytes handle);
  // Those who exist, in the order of `uuids`, each once. At most 1,000 are asked for at once.
  Result<std::vector<User>> FindByUuids(const std::vector<std::string>& uuids);
  // Whose handle, display name or a later word of it begins with the text, '@' in front or not; by handle. Upper and
  // lower case of ASCII are the same, of other letters on PostgreSQL only. Nothing in the text is a pattern. An empty
  // text finds the first of all. At most min(limit, kMostFound).
  Result<std::vector<User>> Search(Bytes prefix, size_t limit);
  // All, by handle, page by page: those after `after` (empty: from the first).
  Result<std::vector<User>> List(Bytes after, size_t limit);

  // The new user, or the one who is there already with the same cognito_user_id (not the placeholder): repeating it
  // leaves one. Fails with kHandleTaken (also when only case differs), kBadUser (empty or too long; bad text).
  Result<User> Insert(const NewUser&);
  // Whether there is a user of that handle; writes the sub where it differs. Fails with kSubTaken.
  Result<bool> SetCognitoId(Bytes handle, Bytes sub);

 private:
  std::unique_ptr<Database> database_;
};

// DATABASE_URL, or a SQLite file: ${XDG_DATA_HOME:-~/.local/share}/cruddur/directory.sqlite3. `env` answers nothing for
// a variable that is unset or empty (client::Surroundings::env).
std::string DirectoryUrl(const std::function<std::optional<std::string>(const std::string& name)>& env);
// The folder of that file.
std::string DirectoryHome(const std::function<std::optional<std::string>(const std::string& name)>& env);

}  // namespace stator::messages
