#include "db/line.h"

#include <memory>

#include <CLI/CLI.hpp>

#include "cognito/commands.h"
#include "db/commands.h"
#include "db/local_postgres.h"

namespace stator::messages {
namespace {

constexpr char kPrintSql[] = "print each SQL statement before it runs (with --json on stderr)";

class DbLine {
 public:
  explicit DbLine(Commands& commands)
      : commands_(commands),
        family_(commands.Family("db", "the SQL directory of users, at DATABASE_URL (default: a SQLite file)")) {}

  void Add() {
    Command("setup", "make what is missing: database, tables, users of the seeded conversations", &DbSetup);
    IfMissing(Command("create", "make an empty database", &DbCreate));
    CLI::App* drop = Command("drop", "remove the database and everything in it", &DbDrop);
    drop->add_flag("--force", options_->force, "end the sessions of others first");
    IfMissing(Command("schema-load", "make the tables in an empty database", &DbSchemaLoad));
    Command("seed", "insert the users of the seeded conversations", &DbSeed);
    Command("connect", "open it in psql or sqlite3", &DbConnect);
    Command("sessions", "print who has it open", &DbSessions);
    Command("migrate", "bring the tables up to date", &DbMigrate);
    CLI::App* back = Command("rollback", "undo the last migration", &DbRollback);
    back->add_option("--steps", options_->steps, "undo so many")->check(CLI::Range(1, 10'000))->capture_default_str();
    AddPostgres("start", "start a PostgreSQL of your own in a folder; prints its DATABASE_URL", &DbStart);
    AddPostgres("stop", "stop it", &DbStop);
    AddUpdate();
  }

 private:
  CLI::App* Command(const char* name, const char* what, Status (*run)(Session&, const DbOptions&)) {
    CLI::App* command = commands_.Local(family_, name, what);
    command->add_flag("--print-sql", options_->print_sql, kPrintSql);
    commands_.OnRun(command, [run, options = options_](Session& session) { return run(session, *options); });
    return command;
  }

  void IfMissing(CLI::App* command) {
    command->add_flag("--if-missing", options_->if_missing, "succeed if it is there already");
  }

  void AddPostgres(const char* name, const char* what, Status (*run)(Session&, const PostgresOptions&)) {
    CLI::App* command = commands_.Local(family_, name, what);
    command->add_option("--folder", postgres_->folder,
                        "its folder (default: beside the SQLite file; as root /var/lib/cruddur/postgresql)");
    command->add_option("--port", postgres_->port, "its port (default: that of the last start, at first 5442)")
        ->check(CLI::Range(1, 65535));
    command->add_flag("--print-sql", postgres_->print_sql, "print each command before it runs");
    commands_.OnRun(command, [run, options = postgres_](Session& session) { return run(session, *options); });
  }

  void AddUpdate() {
    CLI::App* update = commands_.Remote(family_, "update-cognito-user-ids",
                                        "write the sub of each user of the pool into the directory", false);
    update->add_option("--user-pool-id", pool_->pool, "the pool")->envname("AWS_COGNITO_USER_POOL_ID");
    update->add_flag("--print-sql", pool_->print_sql, kPrintSql);
    commands_.AddProd(update);
    commands_.OnRun(update, [options = pool_](Session& session) { return UpdateCognitoUserIds(session, *options); });
  }

  Commands& commands_;
  CLI::App* const family_;
  // Kept alive by the commands.
  const std::shared_ptr<DbOptions> options_ = std::make_shared<DbOptions>();
  const std::shared_ptr<PostgresOptions> postgres_ = std::make_shared<PostgresOptions>();
  const std::shared_ptr<PoolOptions> pool_ = std::make_shared<PoolOptions>();
};

}  // namespace

void AddDbCommands(Commands& commands) { DbLine(commands).Add(); }

}  // namespace stator::messages
