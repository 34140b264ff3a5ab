// Where a database is: "sqlite:///PATH" or "postgresql://USER:PASSWORD@HOST:PORT/NAME" (also "postgres://").
#pragma once

#include <string>

#include "base/bytes.h"
#include "errors/result.h"

namespace stator::messages {

enum class Dialect { kSqlite, kPostgres };

struct DatabaseUrl {
  Dialect dialect = Dialect::kSqlite;
  std::string url;    // as given, with an absolute path: good in another folder, too
  std::string path;   // of SQLite's file
  std::string shown;  // for people: the path, or the address without its password
};

// Percent signs in a path are decoded. Fails with kDatabaseUrl.
Result<DatabaseUrl> ParseDatabaseUrl(Bytes url);

}  // namespace stator::messages
