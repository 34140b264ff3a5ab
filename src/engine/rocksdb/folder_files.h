// The file system as the store's RocksDB sees it. On top of the real one (or a test's) it does three things:
//
// - It holds the folder's lock from before anything in the folder is looked at until RocksDB closes.
// - While a new folder is made, syncs are held back: RocksDB asks for a dozen of them, one after the other, for files
//   that hold nothing yet. ReleaseSyncs makes up for them, before anything is written that matters.
// - Log files are filled with zeros ahead of what is written: a sync that only writes over blocks which the file has
//   already spares the file system a journal entry, which costs as much again. What is read behind the last record is
//   then zeros, the end of the log to RocksDB as the end of the file is.
#pragma once

#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace stator::engine {

// Threads: as rocksdb::FileSystem; HoldSyncs and ReleaseSyncs while nobody writes.
class FolderFiles final : public rocksdb::FileSystemWrapper {
 public:
  // `fill`: by how many bytes log files are filled ahead; 0: not at all.
  FolderFiles(std::shared_ptr<rocksdb::FileSystem> disk, size_t fill)
      : rocksdb::FileSystemWrapper(std::move(disk)), fill_(fill) {}
  ~FolderFiles() override;

  // Takes the lock, which RocksDB is given when it asks for the same file.
  rocksdb::IOStatus Lock(const std::string& path);

  void HoldSyncs() { holding_ = true; }
  // Forgets what was held back: nothing was.
  void KeepSyncing();
  // Syncs every file whose sync was held back, then the folders; from here on syncs are what they say.
  rocksdb::IOStatus ReleaseSyncs();

  const char* Name() const override { return "FolderFiles"; }
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& path, const std::string& old,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LockFile(const std::string& path, const rocksdb::IOOptions& options, rocksdb::FileLock** lock,
                             rocksdb::IODebugContext* debug) override;

 private:
  class HeldFile;
  class HeldFolder;

  // Whether the sync is to be left out for now; it is noted.
  bool HoldsFile(const std::string& path);
  bool HoldsFolder(const std::string& path);

  const size_t fill_;
  std::atomic<bool> holding_{false};
  std::mutex mutex_;
  std::set<std::string> files_, folders_;  // guarded by mutex_: whose syncs were held back
  std::string lock_path_;
  rocksdb::FileLock* lock_ = nullptr;  // until RocksDB has it
};

}  // namespace stator::engine
