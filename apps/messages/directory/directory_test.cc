// The same behaviour on every database: SQLite files, and PostgreSQL when CRUDDUR_TEST_POSTGRES is the address of one
// (a black-box test starts one and runs these tests on it).
#include "directory/directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

#include "directory/database.h"
#include "directory/drivers.h"
#include "directory/errors.h"
#include "directory/migrate.h"

namespace stator::messages {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kServer[] = "CRUDDUR_TEST_POSTGRES";

std::vector<Dialect> Dialects() {
  std::vector<Dialect> all{Dialect::kSqlite};
  if (std::getenv(kServer) != nullptr) all.push_back(Dialect::kPostgres);
  return all;
}

class DirectoryTest : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    if (GetParam() == Dialect::kPostgres) {
      // Of this process: others may run beside it.
      text_ = std::string(std::getenv(kServer)) + "/directory_test_" + std::to_string(getpid());
    } else {
      std::string folder = testing::TempDir() + "/directory-test-XXXXXX";
      ASSERT_NE(mkdtemp(folder.data()), nullptr);
      folder_ = folder;
      text_ = "sqlite://" + folder_ + "/new/folder/it's 100% \"this\".sqlite3";
    }
    auto url = ParseDatabaseUrl(text_);
    ASSERT_TRUE(url.ok()) << url.error().text;
    url_ = *url;
    const Status created = Create();
    ASSERT_TRUE(created.ok()) << created.error().text;
    auto database = OpenDatabase(url_);
    ASSERT_TRUE(database.ok()) << database.error().text;
    database_ = std::move(*database);
  }

  void TearDown() override {
    database_.reset();
    EXPECT_TRUE(url_.url.empty() || Drop().ok());
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  Status Create() { return GetParam() == Dialect::kSqlite ? CreateSqlite(url_) : CreatePostgres(url_, {}); }
  Status Drop() { return GetParam() == Dialect::kSqlite ? DropSqlite(url_, true) : DropPostgres(url_, true, {}); }

  Directory Migrated() {
    const auto done = Migrate(*database_);
    EXPECT_TRUE(done.ok()) << done.error().text;
    auto directory = Directory::Open(url_.url);
    EXPECT_TRUE(directory.ok()) << directory.error().text;
    return std::move(*directory);
  }

  static NewUser Person(const std::string& handle, const std::string& name = "Somebody") {
    return {"", name, handle, handle + "@example.com", "sub-of-" + handle};
  }

  std::string folder_;
  std::string text_;
  DatabaseUrl url_;
  std::unique_ptr<Database> database_;
};

INSTANTIATE_TEST_SUITE_P(, DirectoryTest, testing::ValuesIn(Dialects()),
                         [](const auto& of) { return of.param == Dialect::kSqlite ? "Sqlite" : "Postgres"; });

std::vector<std::string> Handles(const Result<std::vector<User>>& users) {
  std::vector<std::string> handles;
  EXPECT_TRUE(users.ok()) << users.error().text;
  for (const User& user : *users) handles.push_back(user.handle);
  return handles;
}

TEST_P(DirectoryTest, FindsWhomItHasInserted) {
  Directory directory = Migrated();
  const auto nora = directory.Insert(Person("nora", "Nora Lindqvist"));
  ASSERT_TRUE(nora.ok()) << nora.error().text;
  EXPECT_EQ(nora->uuid.size(), 36u);
  EXPECT_EQ(nora->created_at.substr(0, 2), "20");
  EXPECT_EQ((*directory.FindByHandle("@NORA"))->uuid, nora->uuid);
  EXPECT_EQ((*directory.FindByCognitoId("sub-of-nora"))->email, "nora@example.com");
  EXPECT_FALSE(directory.FindByHandle("nor")->has_value());
  EXPECT_FALSE(directory.FindByCognitoId("SUB-OF-NORA")->has_value());
}

TEST_P(DirectoryTest, TheSameSubTwiceIsOneUser) {
  Directory directory = Migrated();
  const auto first = directory.Insert(Person("nora"));
  NewUser again = Person("other");
  again.cognito_user_id = "sub-of-nora";
  EXPECT_EQ(directory.Insert(again)->uuid, first->uuid);
  EXPECT_THAT(Handles(directory.List("", 10)), ElementsAre("nora"));
}

TEST_P(DirectoryTest, AHandleIsOnePersons) {
  Directory directory = Migrated();
  ASSERT_TRUE(directory.Insert(Person("nora")).ok());
  NewUser other = Person("Nora");
  const auto taken = directory.Insert(other);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().id, directory_errors::kHandleTaken);
}

TEST_P(DirectoryTest, ManyAtOnceLeaveOne) {
  Directory directory = Migrated();
  std::vector<std::thread> threads;
  std::vector<std::string> uuids(4);
  for (size_t i = 0; i < uuids.size(); ++i) {
    threads.emplace_back([this, &uuids, i] {
      auto own = Directory::Open(url_.url);
      ASSERT_TRUE(own.ok()) << own.error().text;
      const auto user = own->Insert(Person("nora"));
      ASSERT_TRUE(user.ok()) << user.error().text;
      uuids[i] = user->uuid;
    });
  }
  for (std::thread& each : threads) each.join();
  EXPECT_EQ(std::set<std::string>(uuids.begin(), uuids.end()).size(), 1u);
}

TEST_P(DirectoryTest, PlaceholdersAreNobody) {
  Directory directory = Migrated();
  for (const char* handle : {"nora", "teo"}) {
    NewUser user = Person(handle);
    user.cognito_user_id = kPlaceholderSub;
    ASSERT_TRUE(directory.Insert(user).ok());
  }
  EXPECT_FALSE(directory.FindByCognitoId(kPlaceholderSub)->has_value());
  EXPECT_TRUE(*directory.SetCognitoId("nora", "a"));
  EXPECT_TRUE(*directory.SetCognitoId("nora", "a"));
  EXPECT_FALSE(*directory.SetCognitoId("nobody", "b"));
  const auto taken = directory.SetCognitoId("teo", "a");
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().id, directory_errors::kSubTaken);
  EXPECT_EQ((*directory.FindByCognitoId("a"))->handle, "nora");
}

TEST_P(DirectoryTest, FindsByUuidsInTheOrderAskedFor) {
  Directory directory = Migrated();
  std::vector<std::string> uuids;
  for (const char* handle : {"a", "b", "c"}) uuids.push_back(directory.Insert(Person(handle))->uuid);
  std::string upper = uuids[2];
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_THAT(Handles(directory.FindByUuids({upper, "no uuid", uuids[0], uuids[0]})), ElementsAre("c", "a"));
  EXPECT_THAT(Handles(directory.FindByUuids({})), IsEmpty());
  EXPECT_FALSE(directory.FindByUuids(std::vector<std::string>(1001, uuids[0])).ok());
}

TEST_P(DirectoryTest, SearchTakesNothingForAPattern) {
  Directory directory = Migrated();
  ASSERT_TRUE(directory.Insert(Person("nora", "Nora Lindqvist")).ok());
  ASSERT_TRUE(directory.Insert(Person("teo", "Teo 100% _sure_!")).ok());
  ASSERT_TRUE(directory.Insert(Person("no_ra", "X")).ok());
  EXPECT_THAT(Handles(directory.Search("NO", 10)), ElementsAre("no_ra", "nora"));
  EXPECT_THAT(Handles(directory.Search("@nora", 10)), ElementsAre("nora"));
  EXPECT_THAT(Handles(directory.Search("lind", 10)), ElementsAre("nora"));
  EXPECT_THAT(Handles(directory.Search("no_", 10)), ElementsAre("no_ra"));
  EXPECT_THAT(Handles(directory.Search("100%", 10)), ElementsAre("teo"));
  EXPECT_THAT(Handles(directory.Search("_sure_!", 10)), ElementsAre("teo"));
  EXPECT_THAT(Handles(directory.Search("%", 10)), IsEmpty());
  EXPECT_THAT(Handles(directory.Search("!", 10)), IsEmpty());
  EXPECT_THAT(Handles(directory.Search("", 2)), SizeIs(2));
  EXPECT_THAT(Handles(directory.Search("\xff", 10)), IsEmpty());
}

TEST_P(DirectoryTest, TextIsOnlyText) {
  Directory directory = Migrated();
  const std::string evil = "x'); DROP TABLE users; --\" $1 {name} \\";
  NewUser user{"", evil, evil, evil, evil};
  const auto made = directory.Insert(user);
  ASSERT_TRUE(made.ok()) << made.error().text;
  EXPECT_EQ((*directory.FindByHandle(evil))->display_name, evil);
  EXPECT_EQ((*directory.FindByCognitoId(evil))->email, evil);
  EXPECT_THAT(Handles(directory.Search(evil, 10)), ElementsAre(evil));
  EXPECT_TRUE(*directory.SetCognitoId(evil, evil + "2"));
  EXPECT_THAT(Handles(directory.List("", 10)), ElementsAre(evil));
}

TEST_P(DirectoryTest, RefusesUsersThatAreNone) {
  Directory directory = Migrated();
  for (const std::string& handle :
       {std::string(), std::string("\0", 1), std::string("\xff"), std::string(65, 'x'), std::string("@x")}) {
    NewUser user = Person("x");
    user.handle = handle;
    const auto made = directory.Insert(user);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().id, directory_errors::kBadUser);
    EXPECT_FALSE(directory.FindByHandle(handle)->has_value());
  }
  NewUser user = Person("x");
  user.uuid = "'; DROP TABLE users";
  EXPECT_FALSE(directory.Insert(user).ok());
}

TEST_P(DirectoryTest, SaysWhatIsMissing) {
  auto no_tables = Directory::Open(url_.url);
  ASSERT_FALSE(no_tables.ok());
  EXPECT_EQ(no_tables.error().id, directory_errors::kNoSchema);
  Migrated();
  ASSERT_TRUE(Rollback(*database_, 1).ok());
  auto old = Directory::Open(url_.url);
  ASSERT_FALSE(old.ok());
  EXPECT_EQ(old.error().id, directory_errors::kOldSchema);
  database_.reset();
  ASSERT_TRUE(Drop().ok());
  auto none = Directory::Open(url_.url);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().id, directory_errors::kNoDatabase) << none.error().text;
  ASSERT_TRUE(Create().ok());
  EXPECT_EQ(Create().error().id, directory_errors::kDatabaseExists);
}

TEST_P(DirectoryTest, MigratesUpAndDown) {
  const auto all = Migrations(url_.dialect);
  EXPECT_THAT(*Migrate(*database_), SizeIs(all.size()));
  EXPECT_THAT(*Migrate(*database_), IsEmpty());
  for (size_t left = all.size(); left > 0; --left) {
    EXPECT_THAT(*Rollback(*database_, 1), ElementsAre(all[left - 1].name));
    EXPECT_EQ(*SchemaVersion(*database_), static_cast<int>(left) - 1);
  }
  EXPECT_THAT(*Rollback(*database_, 1), IsEmpty());
  EXPECT_THAT(*Migrate(*database_), SizeIs(all.size()));
  ASSERT_TRUE(database_->Run("INSERT INTO schema_migrations (version, name) VALUES (99, 'later')").ok());
  EXPECT_EQ(Migrate(*database_).error().id, directory_errors::kNewSchema);
}

TEST_P(DirectoryTest, ABrokenConnectionIsMadeAnew) {
  Directory directory = Migrated();
  ASSERT_TRUE(directory.Insert(Person("nora")).ok());
  if (GetParam() == Dialect::kSqlite) return;  // has none
  const auto ended = database_->Run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
      "WHERE datname = current_database() AND pid <> pg_backend_pid()");
  ASSERT_THAT(ended->rows, SizeIs(1));
  EXPECT_TRUE(directory.FindByHandle("nora")->has_value());
}

TEST_P(DirectoryTest, AFailedTransactionLeavesNothing) {
  Migrated();
  const Status status = database_->Transact([&]() -> Status {
    STATOR_TRY(const Rows done, database_->Run("INSERT INTO users (display_name, handle, email, cognito_user_id) "
                                               "VALUES ('a', 'a', 'a', 'a')"));
    STATOR_TRY(const Rows more, database_->Run("INSERT INTO nowhere VALUES (1)"));
    return {};
  });
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(database_->Run("SELECT uuid FROM users")->rows.size(), 0u);
  EXPECT_TRUE(
      database_->Run("INSERT INTO users (display_name, handle, email, cognito_user_id) VALUES ($1, $1, $1, $1)", {"a"})
          .ok());
}

TEST(DatabaseUrl, IsReadOrRefused) {
  EXPECT_EQ(ParseDatabaseUrl("sqlite:///a/b.db")->path, "/a/b.db");
  EXPECT_EQ(ParseDatabaseUrl("sqlite:////a/b.db")->path, "/a/b.db");
  EXPECT_EQ(ParseDatabaseUrl("sqlite:///a%20b%25.db")->path, "/a b%.db");
  EXPECT_EQ(ParseDatabaseUrl(ParseDatabaseUrl("sqlite:///a%2541")->url)->path, "/a%41");
  EXPECT_TRUE(ParseDatabaseUrl("sqlite:b.db")->path.starts_with('/'));
  EXPECT_EQ(ParseDatabaseUrl("postgres://nora:secret@host:1/db")->shown, "postgres://nora@host:1/db");
  EXPECT_EQ(ParseDatabaseUrl("postgresql://host/db?password=secret&x=1")->shown.find("secret"), std::string::npos);
  for (const char* bad : {"", "mysql://x", "sqlite://x", "sqlite:", "sqlite:///", "/a/b.db", "sqlite:///a/"}) {
    EXPECT_FALSE(ParseDatabaseUrl(bad).ok()) << bad;
  }
}

TEST(Sqlite, LeavesOtherFilesAlone) {
  const std::string path = testing::TempDir() + "/not-a-database-" + std::to_string(getpid());
  std::FILE* file = std::fopen(path.c_str(), "w");
  std::fputs("this is somebody's letter, not a database", file);
  std::fclose(file);
  const DatabaseUrl url = *ParseDatabaseUrl("sqlite://" + path);
  EXPECT_EQ(OpenDatabase(url).error().id, directory_errors::kNotADatabase);
  EXPECT_EQ(DropSqlite(url, true).error().id, directory_errors::kNotADatabase);
  EXPECT_TRUE(std::filesystem::remove(path));
}

}  // namespace
}  // namespace stator::messages
