#include "engine/rocksdb/rocksdb_engine.h"

#include <rocksdb/file_system.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <utility>

#include "engine/contract_suite.h"
#include "errors/common.h"
#include "errors/engine.h"

namespace stator::engine {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("stator-engine-" + NewUuid())) {}
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path_); }
  std::string path() const { return path_.string(); }
  void Write(const std::string& file, const std::string& text) const {
    fs::create_directories(path_);
    std::ofstream(path_ / file, std::ios::binary) << text;
  }

 private:
  fs::path path_;
};

RocksOptions OptionsFor(const std::string& path, Durability durability = Durability::kStrict) {
  RocksOptions options;
  options.path = path;
  options.durability = durability;
  options.cache_bytes = 8 << 20;
  return options;
}

class RocksWorld final : public World {
 public:
  explicit RocksWorld(Durability durability) : durability_(durability) {}
  std::unique_ptr<Engine> Open(const Clock& clock) override {
    auto engine = OpenRocksEngine(OptionsFor(folder_.path(), durability_), clock);
    if (!engine.ok()) ADD_FAILURE() << engine.error().text;
    return std::move(*engine);
  }

 private:
  const Durability durability_;
  Folder folder_;
};

INSTANTIATE_TEST_SUITE_P(
    Rocks, EngineContract,
    testing::Values(Contestant{"strict", [] { return std::make_unique<RocksWorld>(Durability::kStrict); }},
                    Contestant{"relaxed", [] { return std::make_unique<RocksWorld>(Durability::kRelaxed); }}),
    ContestantName);

class RocksEngineTest : public testing::Test {
 protected:
  std::unique_ptr<Engine> Open() {
    auto engine = OpenRocksEngine(OptionsFor(folder_.path()), clock_);
    if (!engine.ok()) ADD_FAILURE() << engine.error().text;
    return std::move(*engine);
  }
  Error OpenFails() {
    auto engine = OpenRocksEngine(OptionsFor(folder_.path()), clock_);
    if (engine.ok()) ADD_FAILURE() << "opened";
    return engine.ok() ? Fail(errors::kInternal) : engine.error();
  }
  void PutOne(Engine& engine) {
    Batch batch;
    batch.Put(Space{1}, "k", "v");
    EXPECT_EQ(CommitAndWait(engine, std::move(batch)).outcome, Outcome::kDone);
  }

  Clock clock_;
  Folder folder_;
};

TEST_F(RocksEngineTest, ASecondServerIsRefused) {
  const auto engine = Open();
  const Error error = OpenFails();
  EXPECT_EQ(error.id, errors::kEngineLocked);
  EXPECT_NE(error.text.find(folder_.path()), std::string::npos);
  PutOne(*engine);  // and the first goes on
}

// A disk on which a test may step in before a table file is read.
class PausingDisk final : public rocksdb::FileSystemWrapper {
 public:
  PausingDisk() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "PausingDisk"; }
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path, const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        rocksdb::IODebugContext* debug) override {
    std::unique_ptr<rocksdb::FSRandomAccessFile> real;
    rocksdb::IOStatus status = target()->NewRandomAccessFile(path, options, &real, debug);
    if (status.ok()) *file = std::make_unique<File>(std::move(real), *this);
    return status;
  }

  std::function<void()> before_read;  // called once

 private:
  class File final : public rocksdb::FSRandomAccessFileOwnerWrapper {
   public:
    File(std::unique_ptr<rocksdb::FSRandomAccessFile>&& real, PausingDisk& disk)
        : rocksdb::FSRandomAccessFileOwnerWrapper(std::move(real)), disk_(disk) {}
    rocksdb::IOStatus Read(uint64_t offset, size_t size, const rocksdb::IOOptions& options, rocksdb::Slice* result,
                           char* scratch, rocksdb::IODebugContext* debug) const override {
      if (disk_.before_read) std::exchange(disk_.before_read, nullptr)();
      return target()->Read(offset, size, options, result, scratch, debug);
    }

   private:
    PausingDisk& disk_;
  };
};

// The reader has missed in the row cache and found the old row when a commit is acknowledged; what it then brings to
// the row cache must not stay there.
TEST_F(RocksEngineTest, AReadThatACommitOvertookLeavesNothingOld) {
  const auto put = [](Engine& engine, Bytes value) {
    Batch batch;
    batch.Put(Space{1}, "k", value);
    EXPECT_EQ(CommitAndWait(engine, std::move(batch)).outcome, Outcome::kDone);
  };
  put(*Open(), "old");
  const auto disk = std::make_shared<PausingDisk>();
  RocksOptions options = OptionsFor(folder_.path());
  options.file_system = disk;
  auto engine = OpenRocksEngine(options, clock_);
  ASSERT_TRUE(engine.ok()) << engine.error().text;
  bool overtaken = false;
  disk->before_read = [&] {
    put(**engine, "new");
    overtaken = true;
  };
  Value value;
  ASSERT_TRUE(*(*engine)->Get(Space{1}, "k", &value));
  ASSERT_TRUE(overtaken);
  EXPECT_EQ(value.bytes, "old");  // it began before
  for (int i = 0; i < 2; ++i) {   // from RocksDB, then from the row cache
    ASSERT_TRUE(*(*engine)->Get(Space{1}, "k", &value));
    EXPECT_EQ(value.bytes, "new");
  }
}

TEST_F(RocksEngineTest, ANewerFormatIsRefused) {
  Open().reset();
  folder_.Write("FORMAT", "stator 2\n");
  EXPECT_EQ(OpenFails().id, errors::kEngineNewer);
}

TEST_F(RocksEngineTest, AFolderThatLostItsFormatIsRefused) {
  PutOne(*Open());
  for (const char* text : {"", "stator", "stator x\n", "stator 1", "garbage\n"}) {
    folder_.Write("FORMAT", text);
    EXPECT_EQ(OpenFails().id, errors::kEngineCorrupt);
  }
  folder_.Write("FORMAT", "stator 1\n");
  PutOne(*Open());
}

TEST_F(RocksEngineTest, SomebodyElsesFolderIsRefused) {
  folder_.Write("thesis.tex", "years of work");
  EXPECT_EQ(OpenFails().id, errors::kEngineCorrupt);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()), 1);
}

TEST_F(RocksEngineTest, AFolderWhoseMakingWasCutShortIsMadeAgain) {
  folder_.Write("FORMAT", "sta");
  PutOne(*Open());
}

// As the loss of power or a kill leaves it before the first commit: FORMAT comes last.
TEST_F(RocksEngineTest, ADatabaseWithoutDataAndFormatIsMadeAgain) {
  for (const char* manifest : {"", "torn"}) {
    Open().reset();
    fs::remove(fs::path(folder_.path()) / "FORMAT");
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      if (entry.path().filename().string().starts_with("MANIFEST")) std::ofstream(entry.path()) << manifest;
    }
  }
  PutOne(*Open());
  EXPECT_EQ(ReadOne(*Open(), Space{1}, "k"), "v");
}

TEST_F(RocksEngineTest, DataWithoutACurrentFileIsRefused) {
  PutOne(*Open());
  fs::remove(fs::path(folder_.path()) / "CURRENT");
  EXPECT_EQ(OpenFails().id, errors::kEngineCorrupt);
}

TEST_F(RocksEngineTest, AFolderThatIsNotFinishedIsLockedAlready) {
  const auto engine = Open();
  fs::remove(fs::path(folder_.path()) / "FORMAT");
  EXPECT_EQ(OpenFails().id, errors::kEngineLocked);
  PutOne(*engine);
}

TEST_F(RocksEngineTest, ADamagedDatabaseIsReported) {
  {
    const auto engine = Open();
    PutOne(*engine);
  }
  for (const auto& entry : fs::directory_iterator(folder_.path())) {
    if (entry.path().filename().string().starts_with("MANIFEST")) fs::resize_file(entry.path(), 10);
  }
  EXPECT_EQ(OpenFails().id, errors::kEngineCorrupt);
}

TEST_F(RocksEngineTest, MakesTheFoldersAbove) {
  auto engine = OpenRocksEngine(OptionsFor(folder_.path() + "/deep/down"), clock_);
  ASSERT_TRUE(engine.ok());
  PutOne(**engine);
}

TEST_F(RocksEngineTest, APathThatCannotBeMadeIsAnError) {
  folder_.Write("file", "");
  auto engine = OpenRocksEngine(OptionsFor(folder_.path() + "/file/data"), clock_);
  ASSERT_FALSE(engine.ok());
  EXPECT_EQ(engine.error().id, errors::kEngineIo);
}

TEST_F(RocksEngineTest, OneSyncServesAGroup) {
  const auto engine = Open();
  PutOne(*engine);
  const auto before = engine->statistics();
  constexpr int kCommits = 500;
  std::promise<void> all;
  std::atomic<int> left{kCommits};
  for (int i = 0; i < kCommits; ++i) {
    Batch batch;
    batch.Put(Space{1}, std::to_string(i), "v");
    engine->Commit(std::move(batch), nullptr, [&](Committed) {
      if (--left == 0) all.set_value();
    });
  }
  all.get_future().wait();
  const auto after = engine->statistics();
  EXPECT_EQ(after.commits - before.commits, static_cast<uint64_t>(kCommits));
  EXPECT_LT(after.syncs - before.syncs, static_cast<uint64_t>(kCommits));
  EXPECT_GE(after.syncs - before.syncs, 1u);
}

TEST_F(RocksEngineTest, AFullQueueAnswersUnavailable) {
  RocksOptions options = OptionsFor(folder_.path());
  options.queue_bytes = 100'000;
  auto engine = OpenRocksEngine(options, clock_);
  ASSERT_TRUE(engine.ok());
  std::atomic<int> done{0};
  std::atomic<int> refused{0};
  for (int i = 0; i < 200; ++i) {
    Batch batch;
    batch.Put(Space{1}, std::to_string(i), std::string(50'000, 'v'));
    (*engine)->Commit(std::move(batch), nullptr, [&](Committed committed) {
      ++(committed.outcome == Outcome::kDone ? done : refused);
      EXPECT_TRUE(committed.outcome == Outcome::kDone || committed.outcome == Outcome::kUnavailable);
    });
  }
  engine = std::unique_ptr<Engine>();
  EXPECT_EQ(done + refused, 200);
  EXPECT_GT(done, 0);
  EXPECT_GT(refused, 0);
}

TEST_F(RocksEngineTest, AFullDeviceRefusesPutsAndAllowsErasures) {
  PutOne(*Open());
  RocksOptions options = OptionsFor(folder_.path());
  options.reserve_bytes = ~uint64_t{0};
  auto engine = OpenRocksEngine(options, clock_);
  ASSERT_TRUE(engine.ok());
  Batch put;
  put.Put(Space{1}, "k", "w");
  EXPECT_EQ(CommitAndWait(**engine, std::move(put)).outcome, Outcome::kFull);
  EXPECT_EQ(ReadOne(**engine, Space{1}, "k"), "v");
  Batch erase;
  erase.Erase(Space{1}, "k");
  erase.Append(Space{2}, "erased");
  EXPECT_EQ(CommitAndWait(**engine, std::move(erase)).outcome, Outcome::kDone);
  EXPECT_EQ(ReadOne(**engine, Space{1}, "k"), std::nullopt);
}

}  // namespace
}  // namespace stator::engine
