// The schema's steps, up and down; each is one transaction and one row of schema_migrations.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "directory/database.h"
#include "directory/statements.h"

namespace stator::messages {

// The number of the last step done; 0: none, and perhaps no table to tell.
Result<int> SchemaVersion(Database&);

// Does every step that is not done; their names. Two at once do each step once. kNewSchema.
Result<std::vector<std::string>> Migrate(Database&);

// Undoes the last `steps` steps, or those there are; their names.
Result<std::vector<std::string>> Rollback(Database&, int steps);

// kNoSchema, kOldSchema or kNewSchema if the schema is not this program's.
Status CheckSchema(Database&);

}  // namespace stator::messages
