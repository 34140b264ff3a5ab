#include "engine/rocksdb/folder_files.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/random.h"

namespace stator::engine {
namespace {

namespace fs = std::filesystem;
using rocksdb::FileOptions;
using rocksdb::IOOptions;

// Counts what reaches the disk.
class Counting final : public rocksdb::FileSystemWrapper {
 public:
  Counting() : rocksdb::FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "Counting"; }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = target()->NewWritableFile(path, options, file, debug);
    if (status.ok()) *file = std::make_unique<File>(*this, std::move(*file));
    return status;
  }
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = target()->ReopenWritableFile(path, options, file, debug);
    if (status.ok()) *file = std::make_unique<File>(*this, std::move(*file));
    return status;
  }
  int syncs = 0;

 private:
  class File final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    File(Counting& counting, std::unique_ptr<rocksdb::FSWritableFile> file)
        : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), counting_(counting) {}
    rocksdb::IOStatus Sync(const IOOptions& options, rocksdb::IODebugContext* debug) override {
      ++counting_.syncs;
      return rocksdb::FSWritableFileOwnerWrapper::Sync(options, debug);
    }

   private:
    Counting& counting_;
  };
};

class FolderFilesTest : public testing::Test {
 protected:
  FolderFilesTest() { fs::create_directories(folder_); }
  ~FolderFilesTest() override { fs::remove_all(folder_); }
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  static std::unique_ptr<rocksdb::FSWritableFile> New(FolderFiles& files, const std::string& path) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    EXPECT_TRUE(files.NewWritableFile(path, FileOptions(), &file, nullptr).ok());
    return file;
  }
  static void Write(rocksdb::FSWritableFile& file, const std::string& bytes) {
    EXPECT_TRUE(file.Append(bytes, IOOptions(), nullptr).ok());
    EXPECT_TRUE(file.Sync(IOOptions(), nullptr).ok());
  }

  const fs::path folder_ = fs::temp_directory_path() / ("stator-files-" + NewUuid());
  const std::shared_ptr<Counting> disk_ = std::make_shared<Counting>();
};

TEST_F(FolderFilesTest, HeldSyncsAreMadeUpForOncePerFile) {
  FolderFiles files(disk_, 0);
  files.HoldSyncs();
  const auto renamed = New(files, Path("a"));
  Write(*renamed, "x");
  Write(*renamed, "y");
  EXPECT_TRUE(files.RenameFile(Path("a"), Path("b"), IOOptions(), nullptr).ok());
  const auto removed = New(files, Path("c"));
  Write(*removed, "x");
  EXPECT_TRUE(files.DeleteFile(Path("c"), IOOptions(), nullptr).ok());
  EXPECT_EQ(disk_->syncs, 0);
  EXPECT_TRUE(files.ReleaseSyncs().ok());
  EXPECT_EQ(disk_->syncs, 1);
  Write(*renamed, "z");
  EXPECT_EQ(disk_->syncs, 2);
}

TEST_F(FolderFilesTest, AFileThatIsGoneFailsTheRelease) {
  FolderFiles files(disk_, 0);
  files.HoldSyncs();
  fs::create_directories(folder_ / "inside");
  Write(*New(files, Path("inside/a")), "x");
  fs::remove_all(folder_ / "inside");
  EXPECT_FALSE(files.ReleaseSyncs().ok());
}

TEST_F(FolderFilesTest, LogsAreZerosBehindWhatWasWritten) {
  FolderFiles files(disk_, 1000);
  const auto log = New(files, Path("000001.log"));
  const auto other = New(files, Path("other"));
  Write(*log, std::string(600, 'a'));
  Write(*other, "o");
  EXPECT_EQ(fs::file_size(Path("000001.log")), 1000u);
  EXPECT_EQ(fs::file_size(Path("other")), 1u);
  Write(*log, std::string(600, 'b'));
  std::string bytes;
  EXPECT_TRUE(rocksdb::ReadFileToString(disk_.get(), Path("000001.log"), &bytes).ok());
  EXPECT_EQ(bytes, std::string(600, 'a') + std::string(600, 'b') + std::string(800, '\0'));
}

TEST_F(FolderFilesTest, AReusedLogIsFilledOnlyBehindItsOldEnd) {
  FolderFiles files(disk_, 1000);
  Write(*New(files, Path("000001.log")), std::string(10, 'a'));
  std::unique_ptr<rocksdb::FSWritableFile> log;
  ASSERT_TRUE(files.ReuseWritableFile(Path("000002.log"), Path("000001.log"), FileOptions(), &log, nullptr).ok());
  Write(*log, std::string(1000, 'b'));
  EXPECT_EQ(fs::file_size(Path("000002.log")), 1000u);
  Write(*log, "b");
  EXPECT_EQ(fs::file_size(Path("000002.log")), 2000u);
}

TEST_F(FolderFilesTest, TheLockIsHandedOver) {
  FolderFiles files(disk_, 0);
  ASSERT_TRUE(files.Lock(Path("LOCK")).ok());
  FolderFiles second(disk_, 0);
  EXPECT_FALSE(second.Lock(Path("LOCK")).ok());
  rocksdb::FileLock* lock = nullptr;
  ASSERT_TRUE(files.LockFile(Path("LOCK"), IOOptions(), &lock, nullptr).ok());
  rocksdb::FileLock* again = nullptr;
  EXPECT_FALSE(files.LockFile(Path("LOCK"), IOOptions(), &again, nullptr).ok());
  EXPECT_TRUE(files.UnlockFile(lock, IOOptions(), nullptr).ok());
  EXPECT_TRUE(second.Lock(Path("LOCK")).ok());
}

}  // namespace
}  // namespace stator::engine
