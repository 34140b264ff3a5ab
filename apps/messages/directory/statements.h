// The SQL of sql/, which travels inside the program, by name: "users/insert" is sql/users/insert.sql, or
// sql/sqlite/users/insert.sql and sql/postgresql/users/insert.sql where the two dialects do not agree.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "directory/database_url.h"

namespace stator::messages {

// REQUIRES: there is one. Without its leading comment and final semicolon's line end.
Bytes Statement(Dialect, Bytes name);

// A step of the schema: sql/migrations/NNNN_name.up.sql and .down.sql.
struct Migration {
  int number = 0;
  std::string name;  // "0001_users"
  Bytes up;
  Bytes down;
};
// By number, which go 1, 2, 3, ...
std::vector<Migration> Migrations(Dialect);

struct SqlText {
  Bytes path;  // "users/insert.sql", "sqlite/users/insert.sql"
  Bytes text;
};
// All files.
const std::vector<SqlText>& SqlTexts();

}  // namespace stator::messages
