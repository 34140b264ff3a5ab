#include "db/commands.h"

#include <functional>

#include "db/seed.h"
#include "db/sql_printer.h"
#include "directory/directory.h"
#include "directory/drivers.h"
#include "directory/errors.h"
#include "directory/migrate.h"
#include "json/writer.h"

namespace stator::messages {
namespace {

// What a command has done: for people a line each, or members of one JSON object.
class Report {
 public:
  explicit Report(const Session& session, const DatabaseUrl& url) : session_(session) {
    writer_.BeginObject().Key("directory").String(url.shown);
  }

  void Fact(const char* name, bool value, const std::string& line) {
    writer_.Key(name).Bool(value);
    lines_ += line + "\n";
  }
  void List(const char* name, const std::vector<std::string>& values, const std::string& line,
            const std::string& none) {
    writer_.Key(name).BeginArray();
    for (const std::string& value : values) {
      writer_.String(value);
      lines_.append(line).append(" ").append(value).append("\n");
    }
    writer_.EndArray();
    if (values.empty()) lines_ += none + "\n";
  }
  void Show() {
    writer_.EndObject();
    Print(session_.json ? json_ + "\n" : lines_);
  }

 private:
  const Session& session_;
  std::string json_;
  json::Writer writer_{&json_};
  std::string lines_;
};

Status Create(const DatabaseUrl& url, const Watch& watch) {
  return url.dialect == Dialect::kSqlite ? CreateSqlite(url) : CreatePostgres(url, watch);
}

// Whether it has been made.
Result<bool> CreateMissing(const DatabaseUrl& url, const Watch& watch, bool if_missing) {
  const Status created = Create(url, watch);
  if (created.ok()) return true;
  if (if_missing && created.error().id == directory_errors::kDatabaseExists) return false;
  return created.error();
}

void ReportCreated(Report* report, bool created, const DatabaseUrl& url) {
  report->Fact("created", created, (created ? "created the directory at " : "kept the directory at ") + url.shown);
}

void ReportMigrations(Report* report, const std::vector<std::string>& names) {
  report->List("migrations", names, "migrated", "the schema is up to date");
}

void ReportSeeded(Report* report, const std::vector<std::string>& handles) {
  report->List("seeded", handles, "seeded user", "kept the users of the seeded conversations");
}

Result<std::unique_ptr<Database>> Open(Session& session, const DatabaseUrl& url, const DbOptions& options) {
  return OpenDatabase(url, SqlPrinter(session, options.print_sql));
}

}  // namespace

Result<DatabaseUrl> DatabaseOf(const Session& session) { return ParseDatabaseUrl(DirectoryUrl(session.around.env)); }

Status DbCreate(Session& session, const DbOptions& options) {
  STATOR_TRY(const DatabaseUrl url, DatabaseOf(session));
  const Watch watch = SqlPrinter(session, options.print_sql);
  if (url.dialect == Dialect::kSqlite) PrintCommand(session, options.print_sql, {"create the file", url.path});
  STATOR_TRY(const bool created, CreateMissing(url, watch, options.if_missing));
  Report report(session, url);
  ReportCreated(&report, created, url);
  report.Show();
  return {};
}

Status DbDrop(Session& session, const DbOptions& options) {
  STATOR_TRY(const DatabaseUrl url, DatabaseOf(session));
  if (url.dialect == Dialect::kSqlite) {
    PrintCommand(session, options.print_sql, {"remove the file", url.path});
    STATOR_OK(DropSqlite(url, options.force));
  } else {
    STATOR_OK(DropPostgres(url, options.force, SqlPrinter(session, options.print_sql)));
  }
  Report report(session, url);
  report.Fact("dropped", true, "dropped the directory at " + url.shown);
  report.Show();
  return {};
}

Status DbSchemaLoad(Session& session, const DbOptions& options) {
  STATOR_TRY(const DatabaseUrl url, DatabaseOf(session));
  STATOR_TRY(const auto database, Open(session, url, options));
  STATOR_TRY(const int version, SchemaVersion(*database));
  if (version > 0 && !options.if_missing) return Fail(directory_errors::kSchemaExists, url.shown);
  std::vector<std::string> done;
  if (version == 0) {
    STATOR_TRY(done, Migrate(*database));
  }
  Report report(session, url);
  report.List("migrations", done, "migrated", "kept the tables at " + url.shown);
  report.Show();
  return {};
}

Status DbMigrate(Session& session, const DbOptions& options) {
  STATOR_TRY(const DatabaseUrl url, DatabaseOf(session));
  STATOR_TRY(const auto database, Open(session, url, options));
  STATOR_TRY(const auto done, Migrate(*database));
  Report report(session, url);
  ReportMigrations(&report, done);
  report.Show();
  return {};
}

Status DbRollback(Session& session, const DbOptions& options) {
  STATOR_TRY(const DatabaseUrl url, DatabaseOf(session));
  STATOR_TRY(const auto database, Open(session, url, options));
  STATOR_TRY(const auto undone, Rollback(*database, options.steps));
  Report report(session, url);
  report.List("rolled_back", undone, "rolled back", "there is nothing to roll back");
  report.Show();
  return {};
}

Status DbSeed(Session& session, const DbOptions& options) {
  STATOR_TRY(const DatabaseUrl url, DatabaseOf(session));
  STATOR_TRY(const auto database, Open(session, url, options));
  STATOR_OK(CheckSchema(*database));
  STATOR_TRY(const auto handles, SeedDirectory(*database));
  Report report(session, url);
  ReportSeeded(&report, handles);
  report.Show();
  return {};
}

Status DbSetup(Session& session, const DbOptions& options) {
  STATOR_TRY(const DatabaseUrl url, DatabaseOf(session));
  STATOR_TRY(const bool created, CreateMissing(url, SqlPrinter(session, options.print_sql), true));
  STATOR_TRY(const auto database, Open(session, url, options));
  STATOR_TRY(const auto done, Migrate(*database));
  STATOR_TRY(const auto handles, SeedDirectory(*database));
  Report report(session, url);
  ReportCreated(&report, created, url);
  ReportMigrations(&report, done);
  ReportSeeded(&report, handles);
  report.Show();
  return {};
}

}  // namespace stator::messages
