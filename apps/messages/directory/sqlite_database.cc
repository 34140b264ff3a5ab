// SQLite: a file in write-ahead mode, so that readers and the one writer, in one process or several, do not wait for
// each other. See drivers.h.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <map>

#include "base/os/file.h"
#include "directory/drivers.h"
#include "directory/errors.h"

namespace stator::messages {
namespace {

constexpr int kWaitForOthersMs = 5000;
constexpr Bytes kMagic("SQLite format 3\0", 16);

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

Error ErrorOf(sqlite3* handle, const DatabaseUrl& url) {
  const std::string text = sqlite3_errmsg(handle);
  switch (sqlite3_errcode(handle)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Fail(directory_errors::kDatabaseBusy, url.shown);
    case SQLITE_NOTADB:
      return Fail(directory_errors::kNotADatabase, url.shown);
    case SQLITE_CANTOPEN:
      return Fail(directory_errors::kDatabaseUnreachable, url.shown, text);
    default:
      break;
  }
  if (text.starts_with("no such table")) return Fail(directory_errors::kNoSchema, url.shown);
  return Fail(directory_errors::kDatabase, url.shown, text);
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(DatabaseUrl address, Handle handle) : Database(std::move(address)), handle_(std::move(handle)) {}

 private:
  Result<Rows> Do(const std::string& sql, const Parameters& parameters) override {
    STATOR_TRY(sqlite3_stmt* const statement, Prepare(sql));
    auto rows = Step(statement, parameters);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rows;
  }

  Status DoScript(const std::string& sql) override {
    if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
    return ErrorOf(handle_.get(), url());
  }

  Result<sqlite3_stmt*> Prepare(const std::string& sql) {
    Prepared& kept = prepared_[sql];
    if (!kept) {
      sqlite3_stmt* made = nullptr;
      const int outcome = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                             SQLITE_PREPARE_PERSISTENT, &made, nullptr);
      kept.reset(made);
      if (outcome != SQLITE_OK || !kept) {
        Error error = ErrorOf(handle_.get(), url());
        prepared_.erase(sql);
        return error;
      }
    }
    return kept.get();
  }

  // The parameters are valid until the statement is reset.
  bool Bind(sqlite3_stmt* statement, const Parameters& parameters) {
    for (size_t i = 0; i < parameters.size(); ++i) {
      // To SQLite "$1" is a name, and its place that of its first mention.
      const int place = sqlite3_bind_parameter_index(statement, ("$" + std::to_string(i + 1)).c_str());
      const Cell& cell = parameters[i];
      const int outcome =
          !cell ? sqlite3_bind_null(statement, place)
                : sqlite3_bind_text64(statement, place, cell->data(), cell->size(), SQLITE_STATIC, SQLITE_UTF8);
      if (outcome != SQLITE_OK) return false;
    }
    return true;
  }

  Result<Rows> Step(sqlite3_stmt* statement, const Parameters& parameters) {
    if (!Bind(statement, parameters)) return ErrorOf(handle_.get(), url());
    Rows rows;
    const int columns = sqlite3_column_count(statement);
    for (int i = 0; i < columns; ++i) rows.columns.emplace_back(sqlite3_column_name(statement, i));
    int outcome;
    while ((outcome = sqlite3_step(statement)) == SQLITE_ROW) {
      std::vector<Cell>& row = rows.rows.emplace_back();
      for (int i = 0; i < columns; ++i) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, i));
        const auto size = static_cast<size_t>(sqlite3_column_bytes(statement, i));
        row.push_back(text != nullptr ? Cell(std::string(text, size)) : std::nullopt);
      }
    }
    if (outcome != SQLITE_DONE) return ErrorOf(handle_.get(), url());
    return rows;
  }

  const Handle handle_;
  std::map<std::string, Prepared> prepared_;  // goes before the handle
};

Result<Handle> OpenFile(const DatabaseUrl& url, int flags) {
  sqlite3* opened = nullptr;
  const int outcome =
      sqlite3_open_v2(url.path.c_str(), &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  Handle handle(opened);
  if (handle == nullptr) return Fail(directory_errors::kDatabaseUnreachable, url.shown, "out of memory");
  sqlite3_extended_result_codes(handle.get(), 0);
  if (outcome != SQLITE_OK) return ErrorOf(handle.get(), url);
  sqlite3_busy_timeout(handle.get(), kWaitForOthersMs);
  // FULL: what was acknowledged survives a power cut, too.
  constexpr char kSettings[] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;";
  if (sqlite3_exec(handle.get(), kSettings, nullptr, nullptr, nullptr) != SQLITE_OK) return ErrorOf(handle.get(), url);
  return handle;
}

bool Exists(const std::string& path) { return access(path.c_str(), F_OK) == 0; }

// Whether somebody else has it open: then the file cannot be locked for oneself.
bool InUse(const DatabaseUrl& url) {
  auto handle = OpenFile(url, SQLITE_OPEN_READWRITE);
  if (!handle.ok()) return false;
  sqlite3_busy_timeout(handle->get(), 0);
  constexpr char kAlone[] = "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK; PRAGMA journal_mode = DELETE;";
  return sqlite3_exec(handle->get(), kAlone, nullptr, nullptr, nullptr) != SQLITE_OK;
}

bool IsSqlite(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return false;
  char head[16];
  const size_t size = std::fread(head, 1, sizeof head, file);
  std::fclose(file);
  return size == 0 || Bytes(head, size) == kMagic;  // a new one is empty until something is written
}

}  // namespace

Result<std::unique_ptr<Database>> OpenSqlite(const DatabaseUrl& url) {
  if (!Exists(url.path)) return Fail(directory_errors::kNoDatabase, url.shown);
  STATOR_TRY(Handle handle, OpenFile(url, SQLITE_OPEN_READWRITE));
  return std::unique_ptr<Database>(std::make_unique<SqliteDatabase>(url, std::move(handle)));
}

Status CreateSqlite(const DatabaseUrl& url) {
  if (Exists(url.path)) return Fail(directory_errors::kDatabaseExists, url.shown);
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(url.path).parent_path(), failed);
  if (failed) return Fail(directory_errors::kDatabaseUnreachable, url.shown, failed.message());
  // People's addresses are in it: its owner's alone.
  const int file = open(url.path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) return Fail(directory_errors::kDatabaseUnreachable, url.shown, std::generic_category().message(errno));
  close(file);
  STATOR_TRY(const Handle handle, OpenFile(url, SQLITE_OPEN_READWRITE));
  return {};
}

Status DropSqlite(const DatabaseUrl& url, bool force) {
  if (!Exists(url.path)) return Fail(directory_errors::kNoDatabase, url.shown);
  if (!IsSqlite(url.path)) return Fail(directory_errors::kNotADatabase, url.shown);
  if (!force && InUse(url)) return Fail(directory_errors::kDatabaseInUse, url.shown);
  for (const char* suffix : {"", "-wal", "-shm"}) {
    const std::string path = url.path + suffix;
    if (unlink(path.c_str()) != 0 && errno != ENOENT) {
      return Fail(directory_errors::kDatabaseUnreachable, url.shown, std::generic_category().message(errno));
    }
  }
  return {};
}

}  // namespace stator::messages
