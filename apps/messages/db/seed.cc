#include "db/seed.h"

#include <map>

#include "conversation.h"
#include "directory/directory.h"
#include "directory/errors.h"
#include "directory/statements.h"
#include "ids.h"

namespace stator::messages {
namespace {

constexpr Duration kActivityLives = std::chrono::hours(24 * 10);

struct Activity {
  const char* handle;
  const char* message;
};
constexpr Activity kActivities[] = {
    {"ines", "Soup on the 31st. It wants three hours and no advice."},
    {"malik", "Off shift until the 2nd. I have never been so popular, or so tired."},
    {"nora", "The cabin is free over New Year. The stove only hates people who close the damper too early."},
    {"teo", "I have regrets, but none about the lasagne."},
};

// "2026-11-20 10:00:00", as both databases write times.
std::string SqlTime(Time time) {
  std::string text = FormatIso(time).substr(0, 19);
  text[10] = ' ';
  return text;
}

// Whether the person was missing.
Result<bool> Insert(Database& database, const Person& person) {
  const Dialect dialect = database.url().dialect;
  STATOR_TRY(const Rows rows,
             database.Run(Statement(dialect, "users/insert"), {person.uuid, person.display_name, person.handle,
                                                               SeededEmail(person), std::string(kPlaceholderSub)}));
  if (!rows.rows.empty()) return true;
  STATOR_TRY(const Rows there, database.Run(Statement(dialect, "users/find_by_handle"), {person.handle}));
  if (!there.rows.empty() && there.rows[0][0] == person.uuid) return false;
  return Fail(directory_errors::kHandleTaken, person.handle);
}

}  // namespace

std::string SeededEmail(const Person& person) { return person.handle + "@example.com"; }

std::vector<Person> SeededPeople() {
  std::map<std::string, Person> people;
  for (const Conversation& conversation : SeededConversations(std::nullopt)) {
    for (const Person& person : conversation.people) people[person.handle] = person;
  }
  std::vector<Person> all;
  all.reserve(people.size());
  for (auto& [handle, person] : people) all.push_back(std::move(person));
  return all;
}

Result<std::vector<std::string>> SeedDirectory(Database& database) {
  std::vector<std::string> handles;
  STATOR_OK(database.Transact([&]() -> Status {
    for (const Person& person : SeededPeople()) {
      STATOR_TRY(const bool inserted, Insert(database, person));
      if (inserted) handles.push_back(person.handle);
    }
    for (const Activity& each : kActivities) {
      STATOR_TRY(const Rows done, database.Run(Statement(database.url().dialect, "activities/insert"),
                                               {NameUuid("activity/" + std::string(each.handle)), UserUuid(each.handle),
                                                each.message, SqlTime(Clock().Now() + kActivityLives)}));
    }
    return {};
  }));
  return handles;
}

}  // namespace stator::messages
