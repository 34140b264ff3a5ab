#include "directory/database.h"

#include "directory/drivers.h"
#include "directory/errors.h"
#include "directory/statements.h"
#include "directory/text.h"

namespace stator::messages {

Result<Rows> Database::Run(Bytes sql, const Parameters& parameters) {
  for (const Cell& each : parameters) {
    if (each && !IsText(*each)) return Fail(directory_errors::kBadUser, "text must be UTF-8 without NUL");
  }
  if (watch_) watch_(sql, parameters);
  return Do(std::string(sql), parameters);
}

Status Database::RunScript(Bytes sql) {
  if (watch_) watch_(sql, {});
  return DoScript(std::string(sql));
}

Status Database::Transact(const std::function<Status()>& work) {
  const Dialect dialect = url_.dialect;
  STATOR_OK(RunScript(Statement(dialect, "transaction/begin")));
  Status status = work();
  if (status.ok()) status = RunScript(Statement(dialect, "transaction/commit"));
  if (status.ok()) return status;
  // Nothing to be done when this fails as well: the connection is gone, and with it the transaction.
  static_cast<void>(RunScript(Statement(dialect, "transaction/rollback")));
  return status;
}

Result<std::unique_ptr<Database>> OpenDatabase(const DatabaseUrl& url, Watch watch) {
  STATOR_TRY(std::unique_ptr<Database> database, url.dialect == Dialect::kSqlite ? OpenSqlite(url) : OpenPostgres(url));
  database->set_watch(std::move(watch));
  return database;
}

}  // namespace stator::messages
