// One connection to a SQL database, SQLite or PostgreSQL: statements with parameters $1, $2, ... in, rows of text out.
// Every statement is prepared, and kept prepared; a parameter is never part of a statement.
//
// Threads: one at a time; calls block. A connection that PostgreSQL has closed is made anew, once, and the statement
// done again, unless a transaction is open; so statements outside of transactions must bear being done twice.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "directory/database_url.h"
#include "errors/result.h"

namespace stator::messages {

using Cell = std::optional<std::string>;  // nothing: NULL
using Parameters = std::vector<Cell>;

struct Rows {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
};

// Is told of each statement before it runs.
using Watch = std::function<void(Bytes sql, const Parameters&)>;

class Database {
 public:
  explicit Database(DatabaseUrl url) : url_(std::move(url)) {}
  virtual ~Database() = default;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const DatabaseUrl& url() const { return url_; }
  void set_watch(Watch watch) { watch_ = std::move(watch); }

  // One statement. Fails with kNoSchema (no such table), kDatabaseUnreachable, kDatabaseBusy, kDatabase; with kBadUser
  // when a parameter is not text that a database keeps (IsText).
  Result<Rows> Run(Bytes sql, const Parameters& = {});
  // Several statements without parameters, as a file has them.
  Status RunScript(Bytes sql);
  // `work` within a transaction; its error, or a failed commit, undoes all of it.
  Status Transact(const std::function<Status()>& work);

 private:
  virtual Result<Rows> Do(const std::string& sql, const Parameters&) = 0;
  virtual Status DoScript(const std::string& sql) = 0;

  const DatabaseUrl url_;
  Watch watch_;
};

// Fails with kNoDatabase, kNotADatabase, kDatabaseUnreachable or kDatabase. A database is never created.
Result<std::unique_ptr<Database>> OpenDatabase(const DatabaseUrl&, Watch = {});

}  // namespace stator::messages
