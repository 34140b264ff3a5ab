#include "directory/migrate.h"

#include <cstdlib>

#include "directory/errors.h"

namespace stator::messages {
namespace {

Status Unknown(const Database& database, int version) {
  return Fail(directory_errors::kNewSchema, database.url().shown, version);
}

// Whether it was this program that did it.
Result<bool> Step(Database& database, const Migration& step) {
  bool done = false;
  STATOR_OK(database.Transact([&]() -> Status {
    STATOR_TRY(const Rows taken, database.Run(Statement(database.url().dialect, "migrations/insert"),
                                              {std::to_string(step.number), step.name}));
    done = !taken.rows.empty();
    return done ? database.RunScript(step.up) : Status();
  }));
  return done;
}

Status StepBack(Database& database, const Migration& step) {
  return database.Transact([&]() -> Status {
    STATOR_TRY(const Rows taken,
               database.Run(Statement(database.url().dialect, "migrations/delete"), {std::to_string(step.number)}));
    return taken.rows.empty() ? Status() : database.RunScript(step.down);
  });
}

}  // namespace

Result<int> SchemaVersion(Database& database) {
  const auto rows = database.Run(Statement(database.url().dialect, "migrations/newest"));
  if (!rows.ok() && rows.error().id == directory_errors::kNoSchema) return 0;
  if (!rows.ok()) return rows.error();
  return rows->rows.empty() ? 0 : std::atoi(rows->rows[0][0].value_or("0").c_str());
}

Result<std::vector<std::string>> Migrate(Database& database) {
  STATOR_OK(database.RunScript(Statement(database.url().dialect, "migrations/create_table")));
  STATOR_TRY(const int version, SchemaVersion(database));
  const std::vector<Migration> steps = Migrations(database.url().dialect);
  if (version > static_cast<int>(steps.size())) return Unknown(database, version).error();
  std::vector<std::string> names;
  for (size_t i = static_cast<size_t>(version); i < steps.size(); ++i) {
    STATOR_TRY(const bool done, Step(database, steps[i]));
    if (done) names.push_back(steps[i].name);
  }
  return names;
}

Result<std::vector<std::string>> Rollback(Database& database, int count) {
  STATOR_TRY(int version, SchemaVersion(database));
  const std::vector<Migration> steps = Migrations(database.url().dialect);
  if (version > static_cast<int>(steps.size())) return Unknown(database, version).error();
  std::vector<std::string> names;
  for (; count > 0 && version > 0; --count, --version) {
    const Migration& step = steps[static_cast<size_t>(version) - 1];
    STATOR_OK(StepBack(database, step));
    names.push_back(step.name);
  }
  return names;
}

Status CheckSchema(Database& database) {
  STATOR_TRY(const int version, SchemaVersion(database));
  const int known = static_cast<int>(Migrations(database.url().dialect).size());
  if (version == 0) return Fail(directory_errors::kNoSchema, database.url().shown);
  if (version < known) return Fail(directory_errors::kOldSchema, database.url().shown, version, known);
  if (version > known) return Unknown(database, version);
  return {};
}

}  // namespace stator::messages
