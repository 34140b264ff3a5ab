// The two kinds of databases; their libraries' headers stay in one source each.
#pragma once

#include <memory>

#include "directory/database.h"

namespace stator::messages {

Result<std::unique_ptr<Database>> OpenSqlite(const DatabaseUrl&);
Result<std::unique_ptr<Database>> OpenPostgres(const DatabaseUrl&);

// Makes an empty database where there is none, with the folders above a SQLite file. kDatabaseExists.
Status CreateSqlite(const DatabaseUrl&);
Status CreatePostgres(const DatabaseUrl&, const Watch&);

// kNoDatabase; kNotADatabase: the file is something else. `force` ends the sessions of others; without, kDatabaseInUse
// when there are any.
Status DropSqlite(const DatabaseUrl&, bool force);
Status DropPostgres(const DatabaseUrl&, bool force, const Watch&);

// What the clients psql and createdb need, in place of an address with the password in it: other users of the machine
// see a program's arguments. Pairs of NAME, value of the environment (PGHOST, PGPASSWORD, ...).
Result<std::vector<std::pair<std::string, std::string>>> PostgresEnvironment(const DatabaseUrl&);

}  // namespace stator::messages
