#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include <future>

#include "base/run_on.h"
#include "engine/memory/memory_engine.h"
#include "errors/catalog.h"
#include "errors/common.h"

namespace stator::catalog {
namespace {

using engine::Outcome;
using engine::Space;

// Forwards to another engine, except for the outcomes it is told to give.
class FailingEngine final : public engine::Engine {
 public:
  explicit FailingEngine(engine::Engine& base) : base_(base) {}

  Outcome next = Outcome::kDone;
  bool apply = true;  // whether a commit of a failing outcome reaches the store

  void Commit(engine::Batch batch, Lane* lane, Callback<engine::Committed> done) override {
    const Outcome outcome = std::exchange(next, Outcome::kDone);
    if (outcome != Outcome::kDone && !apply) batch = engine::Batch();
    base_.Commit(std::move(batch), lane, [outcome, done = std::move(done)](engine::Committed committed) mutable {
      if (outcome != Outcome::kDone) committed.outcome = outcome;
      done(committed);
    });
  }
  Result<bool> Get(Space space, Bytes key, engine::Value* out) const override { return base_.Get(space, key, out); }
  std::unique_ptr<engine::Cursor> Range(Space space, Bytes from, Bytes to, engine::Order order) const override {
    return base_.Range(space, from, to, order);
  }
  Result<std::unique_ptr<engine::View>> Snapshot() override { return base_.Snapshot(); }
  engine::Position newest() const override { return base_.newest(); }
  Status ReadLog(Space log, engine::Position from, size_t limit, size_t max_bytes,
                 absl::AnyInvocable<bool(const engine::LogRecord&)> each) const override {
    return base_.ReadLog(log, from, limit, max_bytes, std::move(each));
  }
  Status Trim(Space log, engine::Position before) override { return base_.Trim(log, before); }
  Status Drop(Space space) override { return base_.Drop(space); }
  engine::Subscription OnAppend(Space log, Lane* lane, Callback<> wake) override {
    return base_.OnAppend(log, lane, std::move(wake));
  }
  Status Reset() override { return base_.Reset(); }
  engine::Traits traits() const override { return base_.traits(); }
  Statistics statistics() const override { return base_.statistics(); }

 private:
  engine::Engine& base_;
};

TableSchema Table(const std::string& name) {
  TableSchema table;
  table.name = name;
  table.arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/" + name;
  table.id = "id of " + name;
  table.key.hash = {{"pk", item::Tag::kString}};
  table.attributes = table.key.hash;
  table.created = Time{1};
  return table;
}

IndexSchema Index(const std::string& name) {
  IndexSchema index;
  index.name = name;
  index.key.hash = {{"pk", item::Tag::kString}};
  index.projection = ProjectionType::kKeysOnly;
  return index;
}

class CatalogTest : public testing::Test {
 protected:
  CatalogTest() {
    lanes_.Start();
    Open();
  }
  ~CatalogTest() override { lanes_.StopAndJoin(); }

  void Open(Duration delay = Duration(0)) {
    auto catalog = Catalog::Open(engine_, clock_, CatalogOptions{.account = "000000000000", .state_delay = delay});
    ASSERT_TRUE(catalog.ok()) << catalog.error().text;
    catalog_ = *std::move(catalog);
    catalog_->Observe([this](const TableRef& before, const TableRef& after) {
      seen_.push_back((before ? before->name : "-") + ">" + (after ? after->name : "-"));
    });
  }
  Result<TableRef> Create(TableSchema schema) {
    return RunOn(lane(), [&](Lane& on) { return catalog_->Create(schema, on); });
  }
  Result<TableRef> Change(const std::string& name, std::function<Result<TableSchema>(const TableSchema&)> change) {
    return RunOn(lane(), [&](Lane& on) { return catalog_->Change(kSharedNamespace, name, change, on); });
  }
  Result<TableRef> Remove(const std::string& name) {
    return RunOn(lane(), [&](Lane& on) {
      return catalog_->Remove(
          kSharedNamespace, name, [](const TableSchema&) { return Status(); }, on);
    });
  }
  TableRef Find(Bytes name) { return catalog_->Find(kSharedNamespace, name); }
  void WaitUntil(const std::function<bool()>& holds) {
    while (!holds()) {
      std::promise<bool> turn;
      lane().After(std::chrono::milliseconds(1), [&turn] { turn.set_value(true); });
      turn.get_future().get();
    }
  }
  Lane& lane() { return lanes_.at(0); }

  Clock clock_;
  std::unique_ptr<engine::Engine> memory_ = engine::NewMemoryEngine(clock_);
  FailingEngine engine_{*memory_};
  Lanes lanes_{1};
  std::vector<std::string> seen_;
  std::unique_ptr<Catalog> catalog_;
};

TEST_F(CatalogTest, CreatesFindsAndKeeps) {
  TableSchema music = Table("Music");
  music.indexes.push_back(Index("by-year"));
  ASSERT_TRUE(Create(music).ok());
  ASSERT_TRUE(Create(Table("Albums")).ok());
  EXPECT_EQ(Create(Table("Music")).error().text, "Table already exists: Music");
  EXPECT_EQ(Find("Music")->state, State::kActive);
  EXPECT_EQ(Find("arn:aws:dynamodb:us-east-1:999999999999:table/Music")->id, "id of Music");
  EXPECT_EQ(Find("music"), nullptr);
  EXPECT_EQ(seen_, (std::vector<std::string>{"->Music", "->Albums"}));

  const TableRef before = Find("Music");
  EXPECT_NE(before->space, Space{});
  EXPECT_NE(before->space, before->indexes[0].space);
  EXPECT_EQ(before->indexes[0].projected, std::vector<std::string>{"pk"});
  Open();
  const TableRef after = Find("Music");
  EXPECT_EQ(after->space, before->space);
  EXPECT_EQ(after->indexes[0].space, before->indexes[0].space);
  EXPECT_EQ(after->indexes[0].projected, before->indexes[0].projected);
  EXPECT_EQ(catalog_->size(), 2u);
}

TEST_F(CatalogTest, ListsInOrder) {
  for (const char* name : {"delta", "alpha", "charlie", "bravo"}) ASSERT_TRUE(Create(Table(name)).ok());
  const auto names = [&](Bytes after, size_t limit) {
    std::string all;
    for (const TableRef& table : catalog_->List(kSharedNamespace, after, limit)) all += table->name + " ";
    return all;
  };
  EXPECT_EQ(names("", 100), "alpha bravo charlie delta ");
  EXPECT_EQ(names("bravo", 1), "charlie ");
  EXPECT_EQ(names("bravissimo", 2), "bravo charlie ");
  EXPECT_EQ(names("delta", 2), "");
}

TEST_F(CatalogTest, NameSpacesAreApart) {
  TableSchema other = Table("Music");
  other.name_space = NamespaceId{7};
  ASSERT_TRUE(Create(other).ok());
  EXPECT_EQ(Find("Music"), nullptr);
  ASSERT_TRUE(Create(Table("Music")).ok());
  EXPECT_NE(Find("Music")->space, catalog_->Find(NamespaceId{7}, "Music")->space);
  EXPECT_EQ(catalog_->List(NamespaceId{7}, "", 10).size(), 1u);
}

TEST_F(CatalogTest, SpacesAreNeverReused) {
  ASSERT_TRUE(Create(Table("Music")).ok());
  const Space first = Find("Music")->space;
  ASSERT_TRUE(Remove("Music").ok());
  EXPECT_EQ(Find("Music"), nullptr);
  EXPECT_EQ(catalog_->DroppedSpaces(), std::vector<Space>{first});
  Open();
  EXPECT_EQ(catalog_->DroppedSpaces(), std::vector<Space>{first});
  ASSERT_TRUE(Create(Table("Music")).ok());
  EXPECT_GT(Find("Music")->space, first);
  catalog_->Dropped(first);
  EXPECT_TRUE(catalog_->DroppedSpaces().empty());
  Open();  // nothing was written yet
  EXPECT_EQ(catalog_->DroppedSpaces(), std::vector<Space>{first});
  catalog_->Dropped(first);
  ASSERT_TRUE(Create(Table("Films")).ok());
  Open();
  EXPECT_TRUE(catalog_->DroppedSpaces().empty());
}

TEST_F(CatalogTest, ANewIndexIsCreatingUntilItIsBuilt) {
  ASSERT_TRUE(Create(Table("Music")).ok());
  const auto changed = Change("Music", [](const TableSchema& before) -> Result<TableSchema> {
    TableSchema next = before;
    next.indexes.push_back(Index("by-year"));
    next.state = State::kUpdating;
    return next;
  });
  ASSERT_TRUE(changed.ok());
  EXPECT_EQ(Find("Music")->state, State::kActive);
  EXPECT_EQ(Find("Music")->indexes[0].state, State::kCreating);
  EXPECT_TRUE(Find("Music")->indexes[0].backfilling);
  Open();  // a restart does not finish it: its rows may be missing
  EXPECT_EQ(Find("Music")->indexes[0].state, State::kCreating);
  const Space index = Find("Music")->indexes[0].space;
  ASSERT_TRUE(RunOn(lane(), [&](Lane& on) { return catalog_->IndexBuilt(index, on); }).ok());
  EXPECT_EQ(Find("Music")->indexes[0].state, State::kActive);
  EXPECT_FALSE(Find("Music")->indexes[0].backfilling);
  Open();
  EXPECT_EQ(Find("Music")->indexes[0].state, State::kActive);
  EXPECT_TRUE(RunOn(lane(), [&](Lane& on) { return catalog_->IndexBuilt(Space{999}, on); }).ok());
}

TEST_F(CatalogTest, AnIndexThatLeavesIsDropped) {
  TableSchema music = Table("Music");
  music.indexes = {Index("one"), Index("two")};
  ASSERT_TRUE(Create(music).ok());
  const Space one = Find("Music")->indexes[0].space;
  ASSERT_TRUE(Change("Music", [](const TableSchema& before) -> Result<TableSchema> {
                TableSchema next = before;
                next.indexes.erase(next.indexes.begin());
                return next;
              }).ok());
  EXPECT_EQ(catalog_->DroppedSpaces(), std::vector<Space>{one});
  EXPECT_EQ(Find("Music")->indexes.size(), 1u);
}

TEST_F(CatalogTest, ARefusedChangeChangesNothing) {
  ASSERT_TRUE(Create(Table("Music")).ok());
  const auto refuse = [](const TableSchema&) -> Result<TableSchema> { return Fail(errors::kValidation, "no"); };
  EXPECT_EQ(Change("Music", refuse).error().text, "no");
  EXPECT_EQ(Change("Nothing", refuse).error().text, "Requested resource not found: Table: Nothing not found");
  EXPECT_EQ(Remove("Nothing").error().id, errors::kTableNotFound);
  EXPECT_EQ(seen_.size(), 1u);
}

TEST_F(CatalogTest, ItemsOfATableThatIsNotThere) {
  EXPECT_EQ(catalog_->ForItems(kSharedNamespace, "Music").error().text, "Requested resource not found");
  EXPECT_EQ(catalog_->ForItems(kSharedNamespace, "x").error().text, "Requested resource not found");
  Open(std::chrono::hours(1));
  ASSERT_TRUE(Create(Table("Music")).ok());
  EXPECT_EQ(catalog_->ForItems(kSharedNamespace, "Music").error().text, "Requested resource not found");
  Open(std::chrono::hours(1));  // the restart takes the last step
  EXPECT_TRUE(catalog_->ForItems(kSharedNamespace, "Music").ok());
  ASSERT_TRUE(Remove("Music").ok());
  EXPECT_EQ(Find("Music")->state, State::kDeleting);
  EXPECT_FALSE(catalog_->ForItems(kSharedNamespace, "Music").ok());
}

TEST_F(CatalogTest, StatesWithADelay) {
  Open(std::chrono::hours(1));
  ASSERT_TRUE(Create(Table("Music")).ok());
  EXPECT_EQ(Find("Music")->state, State::kCreating);
  EXPECT_EQ(Remove("Music").error().text,
            "Attempt to change a resource which is still in use: Table is being created: Music");
  Open(std::chrono::hours(1));
  ASSERT_TRUE(Change("Music", [](const TableSchema& before) -> Result<TableSchema> {
                TableSchema next = before;
                next.indexes = {Index("one")};
                return next;
              }).ok());
  ASSERT_TRUE(Change("Music", [](const TableSchema& before) -> Result<TableSchema> {
                TableSchema next = before;
                next.indexes.clear();
                next.state = State::kUpdating;
                return next;
              }).ok());
  EXPECT_EQ(Find("Music")->state, State::kUpdating);
  ASSERT_EQ(Find("Music")->indexes.size(), 1u);
  EXPECT_EQ(Find("Music")->indexes[0].state, State::kDeleting);
  const Space index = Find("Music")->indexes[0].space;
  Open(std::chrono::hours(1));
  EXPECT_EQ(Find("Music")->state, State::kActive);
  EXPECT_TRUE(Find("Music")->indexes.empty());
  EXPECT_EQ(catalog_->DroppedSpaces(), std::vector<Space>{index});
  ASSERT_TRUE(Remove("Music").ok());
  Open();
  EXPECT_EQ(Find("Music"), nullptr);
  EXPECT_EQ(catalog_->DroppedSpaces().size(), 2u);
}

TEST_F(CatalogTest, ATableIsActiveBeforeItsNewIndex) {
  const auto add_index = [](const TableSchema& before) -> Result<TableSchema> {
    TableSchema next = before;
    next.indexes = {Index("one")};
    next.state = State::kUpdating;
    return next;
  };
  const auto built = [this](Bytes table) {
    const Space index = Find(table)->indexes[0].space;
    return RunOn(lane(), [&](Lane& on) { return catalog_->IndexBuilt(index, on); }).ok();
  };
  ASSERT_TRUE(Create(Table("Music")).ok());
  ASSERT_TRUE(Create(Table("Albums")).ok());
  Open(std::chrono::hours(1));
  ASSERT_TRUE(Change("Music", add_index).ok());
  ASSERT_TRUE(built("Music"));
  EXPECT_EQ(Find("Music")->state, State::kUpdating);
  EXPECT_EQ(Find("Music")->indexes[0].state, State::kCreating);
  Open(std::chrono::milliseconds(1));  // the restart takes the table's last step; its index is filled again
  EXPECT_EQ(Find("Music")->state, State::kActive);
  ASSERT_TRUE(built("Music"));
  EXPECT_EQ(Find("Music")->indexes[0].state, State::kActive);
  ASSERT_TRUE(Change("Albums", add_index).ok());
  ASSERT_TRUE(built("Albums"));
  WaitUntil([&] { return Find("Albums")->indexes[0].state == State::kActive; });
  EXPECT_EQ(Find("Albums")->state, State::kActive);
}

TEST_F(CatalogTest, ADelayPasses) {
  Open(std::chrono::milliseconds(1));
  ASSERT_TRUE(Create(Table("Music")).ok());
  WaitUntil([&] { return Find("Music")->state == State::kActive; });
  ASSERT_TRUE(Remove("Music").ok());
  WaitUntil([&] { return Find("Music") == nullptr; });
}

TEST_F(CatalogTest, AFailedCommitPublishesNothing) {
  engine_.apply = false;
  engine_.next = Outcome::kFull;
  EXPECT_FALSE(Create(Table("Music")).ok());
  EXPECT_EQ(Find("Music"), nullptr);
  ASSERT_TRUE(Create(Table("Music")).ok());
}

TEST_F(CatalogTest, AnUnknownOutcomeIsReadAgain) {
  engine_.apply = true;
  engine_.next = Outcome::kUnknown;
  EXPECT_FALSE(Create(Table("Music")).ok());
  EXPECT_NE(Find("Music"), nullptr);
  engine_.apply = false;
  engine_.next = Outcome::kUnknown;
  EXPECT_FALSE(Remove("Music").ok());
  EXPECT_NE(Find("Music"), nullptr);
  engine_.apply = true;
  engine_.next = Outcome::kUnknown;
  EXPECT_FALSE(Remove("Music").ok());
  EXPECT_EQ(Find("Music"), nullptr);
}

TEST_F(CatalogTest, RemoveAllLeavesNothingButSpacesToDrop) {
  ASSERT_TRUE(Create(Table("Music")).ok());
  ASSERT_TRUE(Create(Table("Albums")).ok());
  ASSERT_TRUE(RunOn(lane(), [&](Lane& on) { return catalog_->RemoveAll(on); }).ok());
  EXPECT_EQ(catalog_->size(), 0u);
  EXPECT_EQ(catalog_->DroppedSpaces().size(), 2u);
  EXPECT_TRUE(Create(Table("Music")).ok());
  Open();
  EXPECT_EQ(catalog_->size(), 1u);
}

// Whoever waits for the mutations under an old schema waits until nobody holds it.
TEST_F(CatalogTest, NoThreadKeepsAnOldSchema) {
  ASSERT_TRUE(Create(Table("Music")).ok());
  const std::weak_ptr<const TableSchema> old = Find("Music");
  ASSERT_TRUE(RunOn(lane(), [&](Lane&) -> Task<Status> {
                (void)Find("Music");
                co_return Status();
              }).ok());
  ASSERT_TRUE(Remove("Music").ok());
  EXPECT_TRUE(old.expired());
}

TEST_F(CatalogTest, ChangesWaitForEachOther) {
  constexpr int kTables = 50;
  std::promise<void> done;
  int left = kTables;
  lane().Post([&] {
    for (int i = 0; i < kTables; ++i) {
      Start(catalog_->Create(Table("table-" + std::to_string(i)), lane()), [&](const Result<TableRef>& created) {
        EXPECT_TRUE(created.ok());
        if (--left == 0) done.set_value();
      });
    }
  });
  done.get_future().get();
  EXPECT_EQ(catalog_->size(), static_cast<size_t>(kTables));
  std::vector<Space> spaces;
  for (const TableRef& table : catalog_->All()) spaces.push_back(table->space);
  std::sort(spaces.begin(), spaces.end());
  EXPECT_EQ(std::unique(spaces.begin(), spaces.end()), spaces.end());
}

}  // namespace
}  // namespace stator::catalog
