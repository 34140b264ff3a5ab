#include "directory/statements.h"

#include <algorithm>
#include <charconv>

#include "base/check.h"

namespace stator::messages {
namespace {

constexpr Bytes kUp = ".up.sql";
constexpr Bytes kMigrations = "migrations/";

Bytes FolderOf(Dialect dialect) { return dialect == Dialect::kSqlite ? "sqlite/" : "postgresql/"; }

const SqlText* Find(Bytes path) {
  const auto& all = SqlTexts();
  const auto found = std::find_if(all.begin(), all.end(), [&](const SqlText& each) { return each.path == path; });
  return found == all.end() ? nullptr : &*found;
}

const SqlText& FindFor(Dialect dialect, const std::string& path) {
  const SqlText* found = Find(std::string(FolderOf(dialect)) + path);
  if (found == nullptr) found = Find(path);
  STATOR_CHECK(found != nullptr);
  return *found;
}

}  // namespace

Bytes Statement(Dialect dialect, Bytes name) {
  Bytes text = FindFor(dialect, std::string(name) + ".sql").text;
  while (text.starts_with("--")) text.remove_prefix(text.find('\n') + 1);
  while (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

std::vector<Migration> Migrations(Dialect dialect) {
  std::vector<Migration> all;
  for (const SqlText& each : SqlTexts()) {
    Bytes path = each.path;
    if (path.starts_with(FolderOf(dialect))) path.remove_prefix(FolderOf(dialect).size());
    if (!path.starts_with(kMigrations) || !path.ends_with(kUp)) continue;
    Migration migration;
    migration.name = path.substr(kMigrations.size(), path.size() - kMigrations.size() - kUp.size());
    const char* begin = migration.name.data();
    std::from_chars(begin, begin + migration.name.size(), migration.number);
    const std::string stem = std::string(kMigrations) + migration.name;
    migration.up = Statement(dialect, stem + ".up");
    migration.down = Statement(dialect, stem + ".down");
    all.push_back(std::move(migration));
  }
  std::sort(all.begin(), all.end(), [](const Migration& a, const Migration& b) { return a.number < b.number; });
  for (size_t i = 0; i < all.size(); ++i) STATOR_CHECK(all[i].number == static_cast<int>(i) + 1);
  return all;
}

}  // namespace stator::messages
