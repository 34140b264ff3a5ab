// `cruddur db`: the SQL directory made, filled, read and removed. DATABASE_URL says where it is
// (directory/directory.h).
#pragma once

#include "directory/database_url.h"
#include "errors/result.h"
#include "session.h"

namespace stator::messages {

struct DbOptions {
  bool print_sql = false;   // each statement, before it runs: on stdout, with --json on stderr
  bool if_missing = false;  // create, schema-load: what is there already is fine
  bool force = false;       // drop: end the sessions of others
  int steps = 1;            // rollback
};

// An empty database.
Status DbCreate(Session&, const DbOptions&);
Status DbDrop(Session&, const DbOptions&);
// The tables, in a database that has none.
Status DbSchemaLoad(Session&, const DbOptions&);
// The people of the seeded conversations, with the uuids they have there, and some activities; keeps who is there.
Status DbSeed(Session&, const DbOptions&);
// All of it: what is missing is made, what is there is kept and brought up to date.
Status DbSetup(Session&, const DbOptions&);
Status DbMigrate(Session&, const DbOptions&);
Status DbRollback(Session&, const DbOptions&);
// Becomes psql or sqlite3.
Status DbConnect(Session&, const DbOptions&);
// Who has it open.
Status DbSessions(Session&, const DbOptions&);

// For functions of other families: the directory of DATABASE_URL, its tables checked.
Result<DatabaseUrl> DatabaseOf(const Session&);

}  // namespace stator::messages
