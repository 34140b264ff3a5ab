// PostgreSQL by libpq. See drivers.h.
#include <libpq-fe.h>

#include <map>

#include "directory/drivers.h"
#include "directory/errors.h"
#include "directory/statements.h"

namespace stator::messages {
namespace {

constexpr char kConnectSeconds[] = "5";
constexpr Bytes kNoSuchTable = "42P01";
constexpr Bytes kNoSuchDatabase = "3D000";

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
  void operator()(PGconn* connection) const { PQfinish(connection); }
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
  void operator()(char* text) const { PQfreemem(text); }
};
using Answer = std::unique_ptr<PGresult, Clear>;
using Connection = std::unique_ptr<PGconn, Clear>;
using Options = std::unique_ptr<PQconninfoOption, Clear>;

// A message of libpq in one line.
std::string OneLine(const char* text) {
  std::string line(text != nullptr ? text : "");
  while (line.ends_with('\n')) line.pop_back();
  for (size_t at; (at = line.find('\n')) != std::string::npos;) line.replace(at, 1, "; ");
  return line;
}

Result<Options> ReadOptions(const DatabaseUrl& url) {
  char* problem = nullptr;
  Options options(PQconninfoParse(url.url.c_str(), &problem));
  const std::unique_ptr<char, Clear> owned(problem);
  if (options == nullptr) return Fail(directory_errors::kDatabaseUrl, url.shown);
  return options;
}

// The database's name in the address.
Result<std::string> NameOf(const DatabaseUrl& url) {
  STATOR_TRY(const Options options, ReadOptions(url));
  for (const PQconninfoOption* each = options.get(); each->keyword != nullptr; ++each) {
    if (Bytes(each->keyword) == "dbname" && each->val != nullptr && *each->val != '\0') return std::string(each->val);
  }
  return Fail(directory_errors::kDatabaseUrl, url.shown);
}

Result<Connection> Connect(const DatabaseUrl& url, const char* database) {
  // The second dbname counts where the first, the address, is expanded.
  const char* keys[] = {"connect_timeout",
                        "fallback_application_name",
                        "dbname",
                        "client_encoding",
                        "options",
                        database != nullptr ? "dbname" : nullptr,
                        nullptr};
  const char* values[] = {kConnectSeconds, "cruddur", url.url.c_str(), "UTF8", "-c timezone=UTC", database, nullptr};
  Connection connection(PQconnectdbParams(keys, values, 1));
  if (connection == nullptr) return Fail(directory_errors::kDatabaseUnreachable, url.shown, "out of memory");
  // Notices ("exists already, skipping") are for nobody.
  PQsetNoticeProcessor(
      connection.get(), [](void*, const char*) {}, nullptr);
  if (PQstatus(connection.get()) == CONNECTION_OK) return connection;
  const std::string text = OneLine(PQerrorMessage(connection.get()));
  if (text.ends_with("does not exist") && text.find("FATAL:  database \"") != std::string::npos) {
    return Fail(directory_errors::kNoDatabase, url.shown);
  }
  return Fail(directory_errors::kDatabaseUnreachable, url.shown, text);
}

bool Good(const Answer& answer) {
  const ExecStatusType status = PQresultStatus(answer.get());
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

Error ErrorOf(const Answer& answer, PGconn* connection, const DatabaseUrl& url) {
  const char* state = answer != nullptr ? PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE) : nullptr;
  const Bytes code = state != nullptr ? state : "";
  if (code == kNoSuchTable) return Fail(directory_errors::kNoSchema, url.shown);
  if (code == kNoSuchDatabase) return Fail(directory_errors::kNoDatabase, url.shown);
  if (PQstatus(connection) != CONNECTION_OK) {
    return Fail(directory_errors::kDatabaseUnreachable, url.shown, OneLine(PQerrorMessage(connection)));
  }
  const char* text = answer != nullptr ? PQresultErrorField(answer.get(), PG_DIAG_MESSAGE_PRIMARY) : nullptr;
  return Fail(directory_errors::kDatabase, url.shown, text != nullptr ? text : OneLine(PQerrorMessage(connection)));
}

class PostgresDatabase final : public Database {
 public:
  PostgresDatabase(DatabaseUrl address, Connection connection)
      : Database(std::move(address)), connection_(std::move(connection)) {}

 private:
  Result<Rows> Do(const std::string& sql, const Parameters& parameters) override {
    const bool alone = PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
    auto rows = Try(sql, parameters);
    if (rows.ok() || PQstatus(connection_.get()) == CONNECTION_OK || !alone) return rows;
    STATOR_OK(Reconnect());
    return Try(sql, parameters);
  }

  Status DoScript(const std::string& sql) override {
    const bool alone = PQtransactionStatus(connection_.get()) == PQTRANS_IDLE;
    Answer answer(PQexec(connection_.get(), sql.c_str()));
    if (!Good(answer) && PQstatus(connection_.get()) != CONNECTION_OK && alone) {
      STATOR_OK(Reconnect());
      answer.reset(PQexec(connection_.get(), sql.c_str()));
    }
    if (!Good(answer)) return ErrorOf(answer, connection_.get(), url());
    return {};
  }

  Status Reconnect() {
    STATOR_TRY(connection_, Connect(url(), nullptr));
    prepared_.clear();
    return {};
  }

  Result<Rows> Try(const std::string& sql, const Parameters& parameters) {
    std::string& name = prepared_[sql];
    if (name.empty()) {
      const std::string fresh = "s" + std::to_string(prepared_.size());
      const Answer answer(PQprepare(connection_.get(), fresh.c_str(), sql.c_str(), 0, nullptr));
      if (!Good(answer)) {
        Error error = ErrorOf(answer, connection_.get(), url());
        prepared_.erase(sql);
        return error;
      }
      name = fresh;
    }
    std::vector<const char*> values;
    for (const Cell& each : parameters) values.push_back(each ? each->c_str() : nullptr);
    const Answer answer(PQexecPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()), values.data(),
                                       nullptr, nullptr, 0));
    if (!Good(answer)) return ErrorOf(answer, connection_.get(), url());
    return Read(answer.get());
  }

  static Rows Read(const PGresult* answer) {
    Rows rows;
    const int columns = PQnfields(answer);
    for (int column = 0; column < columns; ++column) rows.columns.emplace_back(PQfname(answer, column));
    for (int row = 0; row < PQntuples(answer); ++row) {
      std::vector<Cell>& cells = rows.rows.emplace_back();
      for (int column = 0; column < columns; ++column) {
        if (PQgetisnull(answer, row, column) != 0) {
          cells.emplace_back();
        } else {
          cells.emplace_back(
              std::string(PQgetvalue(answer, row, column), static_cast<size_t>(PQgetlength(answer, row, column))));
        }
      }
    }
    return rows;
  }

  Connection connection_;
  std::map<std::string, std::string> prepared_;  // statement: its name in this connection
};

// A connection to the same server that can make and remove the database: one to "postgres".
class Server {
 public:
  static Result<Server> Open(const DatabaseUrl& url, const Watch& watch) {
    STATOR_TRY(std::string name, messages::NameOf(url));
    STATOR_TRY(Connection connection, Connect(url, "postgres"));
    DatabaseUrl maintenance = url;
    return Server(std::move(name), std::make_unique<PostgresDatabase>(std::move(maintenance), std::move(connection)),
                  watch);
  }

  Result<bool> Has() {
    STATOR_TRY(const Rows rows, database_->Run(Statement(Dialect::kPostgres, "database/exists"), {name_}));
    return !rows.rows.empty();
  }

  Result<bool> InUse() {
    STATOR_TRY(const Rows rows, database_->Run(Statement(Dialect::kPostgres, "sessions/count"), {name_}));
    return rows.rows.at(0).at(0) != "0";
  }

  // The statement of that name for this database.
  Status Do(Bytes statement) {
    std::string sql(Statement(Dialect::kPostgres, statement));
    constexpr Bytes kPlace = "{name}";
    sql.replace(sql.find(kPlace), kPlace.size(), Quoted());
    return database_->RunScript(sql);
  }

 private:
  Server(std::string name, std::unique_ptr<Database> database, const Watch& watch)
      : name_(std::move(name)), database_(std::move(database)) {
    database_->set_watch(watch);
  }

  // As an identifier: quotes doubled; NUL cannot be in it.
  std::string Quoted() const {
    std::string quoted = "\"";
    for (const char c : name_) quoted.append(c == '"' ? 2 : 1, c);
    return quoted + "\"";
  }

  std::string name_;
  std::unique_ptr<Database> database_;
};

}  // namespace

Result<std::unique_ptr<Database>> OpenPostgres(const DatabaseUrl& url) {
  STATOR_TRY(Connection connection, Connect(url, nullptr));
  return std::unique_ptr<Database>(std::make_unique<PostgresDatabase>(url, std::move(connection)));
}

Status CreatePostgres(const DatabaseUrl& url, const Watch& watch) {
  STATOR_TRY(Server server, Server::Open(url, watch));
  STATOR_TRY(const bool there, server.Has());
  if (there) return Fail(directory_errors::kDatabaseExists, url.shown);
  return server.Do("database/create");
}

Status DropPostgres(const DatabaseUrl& url, bool force, const Watch& watch) {
  STATOR_TRY(Server server, Server::Open(url, watch));
  STATOR_TRY(const bool there, server.Has());
  if (!there) return Fail(directory_errors::kNoDatabase, url.shown);
  if (force) return server.Do("database/drop_with_sessions");
  STATOR_TRY(const bool in_use, server.InUse());
  if (in_use) return Fail(directory_errors::kDatabaseInUse, url.shown);
  return server.Do("database/drop");
}

Result<std::vector<std::pair<std::string, std::string>>> PostgresEnvironment(const DatabaseUrl& url) {
  STATOR_TRY(const Options options, ReadOptions(url));
  std::vector<std::pair<std::string, std::string>> environment;
  for (const PQconninfoOption* each = options.get(); each->keyword != nullptr; ++each) {
    if (each->val != nullptr && each->envvar != nullptr) environment.emplace_back(each->envvar, each->val);
  }
  return environment;
}

}  // namespace stator::messages
