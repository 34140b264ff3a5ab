// Statements as --print-sql shows them: the SQL, and its parameters as comments.
#pragma once

#include "directory/database.h"
#include "session.h"

namespace stator::messages {

std::string PrintedSql(Bytes sql, const Parameters&);

// What prints each statement; nothing unless `wanted`.
Watch SqlPrinter(const Session&, bool wanted);
// The same for a command line that takes the place of a statement.
void PrintCommand(const Session&, bool wanted, const std::vector<std::string>& words);

}  // namespace stator::messages
