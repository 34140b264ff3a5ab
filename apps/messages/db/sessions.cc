// `cruddur db sessions` and `connect`; see commands.h.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "db/commands.h"
#include "db/sql_printer.h"
#include "directory/drivers.h"
#include "directory/errors.h"
#include "directory/statements.h"
#include "json/writer.h"
#include "text_table.h"

namespace stator::messages {
namespace {

namespace fs = std::filesystem;

// The program of a process, as it was called.
std::string ProgramOf(const fs::path& process) {
  std::ifstream file(process / "cmdline", std::ios::binary);
  std::string words((std::istreambuf_iterator<char>(file)), {});
  while (words.ends_with('\0')) words.pop_back();
  std::replace(words.begin(), words.end(), '\0', ' ');
  return words;
}

bool HasOpen(const fs::path& process, const std::string& path) {
  std::error_code failed;
  for (fs::directory_iterator each(process / "fd", failed), end; !failed && each != end; each.increment(failed)) {
    std::error_code unreadable;
    if (fs::read_symlink(each->path(), unreadable) == path) return true;
  }
  return false;
}

// SQLite knows no sessions: processes have its file open. Those of other users are not seen without root.
Rows ProcessesWith(const std::string& path) {
  Rows rows{{"pid", "program"}, {}};
  std::error_code failed;
  for (fs::directory_iterator each("/proc", failed), end; !failed && each != end; each.increment(failed)) {
    const std::string pid = each->path().filename().string();
    if (pid.find_first_not_of("0123456789") != std::string::npos || pid == std::to_string(getpid())) continue;
    if (HasOpen(each->path(), path)) rows.rows.push_back({pid, ProgramOf(each->path())});
  }
  return rows;
}

std::string AsJson(const DatabaseUrl& url, const Rows& rows) {
  std::string out;
  json::Writer writer(&out);
  writer.BeginObject().Key("directory").String(url.shown).Key("sessions").BeginArray();
  for (const auto& row : rows.rows) {
    writer.BeginObject();
    for (size_t i = 0; i < row.size(); ++i) {
      writer.Key(rows.columns[i]);
      row[i] ? writer.String(*row[i]) : writer.Null();
    }
    writer.EndObject();
  }
  writer.EndArray().EndObject();
  return out + "\n";
}

std::string AsTable(const DatabaseUrl& url, const Rows& rows) {
  if (rows.rows.empty()) return "nobody has the directory at " + url.shown + " open\n";
  std::vector<std::string> head;
  head.reserve(rows.columns.size());
  for (std::string name : rows.columns) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
    head.push_back(std::move(name));
  }
  TextTable table(std::move(head));
  for (const auto& row : rows.rows) {
    std::vector<std::string> cells;
    cells.reserve(row.size());
    for (const Cell& cell : row) cells.push_back(cell.value_or("-"));
    table.Add(std::move(cells));
  }
  return table.Render(PrintWidth());
}

// Does not come back when it succeeds.
Status Become(const std::vector<std::string>& words, const std::string& package) {
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
  return Fail(directory_errors::kCommand,
              "there is no program " + words[0] + "; install it with: apt-get install " + package);
}

}  // namespace

Status DbSessions(Session& session, const DbOptions& options) {
  STATOR_TRY(const DatabaseUrl url, DatabaseOf(session));
  STATOR_TRY(const auto database, OpenDatabase(url, SqlPrinter(session, options.print_sql)));
  Rows rows;
  if (url.dialect == Dialect::kSqlite) {
    PrintCommand(session, options.print_sql, {"look in /proc for who has the file open:", url.path});
    std::error_code failed;
    const fs::path real = fs::canonical(url.path, failed);
    rows = ProcessesWith(failed ? url.path : real.string());
  } else {
    STATOR_TRY(rows, database->Run(Statement(url.dialect, "sessions/list")));
  }
  Print(session.json ? AsJson(url, rows) : AsTable(url, rows));
  return {};
}

Status DbConnect(Session& session, const DbOptions& options) {
  STATOR_TRY(const DatabaseUrl url, DatabaseOf(session));
  STATOR_TRY(const auto database, OpenDatabase(url));  // a clear word when it is not there
  if (url.dialect == Dialect::kSqlite) {
    PrintCommand(session, options.print_sql, {"sqlite3", url.path});
    return Become({"sqlite3", url.path}, "sqlite3");
  }
  PrintCommand(session, options.print_sql, {"psql", url.shown});
  STATOR_TRY(const auto environment, PostgresEnvironment(url));
  for (const auto& [name, value] : environment) setenv(name.c_str(), value.c_str(), 1);
  return Become({"psql"}, "postgresql-client");
}

}  // namespace stator::messages
