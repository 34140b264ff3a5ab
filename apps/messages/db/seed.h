// The people of the seeded conversations, for the directory.
#pragma once

#include <string>
#include <vector>

#include "directory/database.h"
#include "rows.h"

namespace stator::messages {

// Everybody who speaks in them, by handle.
std::vector<Person> SeededPeople();
// "nora@example.com"
std::string SeededEmail(const Person&);

// Inserts those who are missing, all or none, with an activity each; the handles inserted. Fails with kHandleTaken when
// somebody else has a handle of theirs.
Result<std::vector<std::string>> SeedDirectory(Database&);

}  // namespace stator::messages
