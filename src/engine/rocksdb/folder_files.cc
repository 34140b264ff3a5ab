// Tests: folder_files_test.cc; power_cut_test.cc cuts the power while folders are made and logs are filled.
#include "engine/rocksdb/folder_files.h"

#include "engine/rocksdb/filled_log.h"

namespace stator::engine {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;

class FolderFiles::HeldFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  HeldFile(FolderFiles& files, std::string path, std::unique_ptr<rocksdb::FSWritableFile> file)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(file)), files_(files), path_(std::move(path)) {}
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (files_.HoldsFile(path_)) return IOStatus::OK();
    return rocksdb::FSWritableFileOwnerWrapper::Sync(options, debug);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    if (files_.HoldsFile(path_)) return IOStatus::OK();
    return rocksdb::FSWritableFileOwnerWrapper::Fsync(options, debug);
  }

 private:
  FolderFiles& files_;
  const std::string path_;
};

class FolderFiles::HeldFolder final : public rocksdb::FSDirectoryWrapper {
 public:
  HeldFolder(FolderFiles& files, std::string path, std::unique_ptr<rocksdb::FSDirectory> directory)
      : rocksdb::FSDirectoryWrapper(std::move(directory)), files_(files), path_(std::move(path)) {}
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    if (files_.HoldsFolder(path_)) return IOStatus::OK();
    return rocksdb::FSDirectoryWrapper::Fsync(options, debug);
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& reason) override {
    if (files_.HoldsFolder(path_)) return IOStatus::OK();
    return rocksdb::FSDirectoryWrapper::FsyncWithDirOptions(options, debug, reason);
  }

 private:
  FolderFiles& files_;
  const std::string path_;
};

FolderFiles::~FolderFiles() {
  if (lock_) (void)target()->UnlockFile(lock_, IOOptions(), nullptr);
}

IOStatus FolderFiles::Lock(const std::string& path) {
  lock_path_ = path;
  return target()->LockFile(path, IOOptions(), &lock_, nullptr);
}

IOStatus FolderFiles::LockFile(const std::string& path, const IOOptions& options, rocksdb::FileLock** lock,
                               IODebugContext* debug) {
  if (!lock_ || path != lock_path_) return target()->LockFile(path, options, lock, debug);
  *lock = std::exchange(lock_, nullptr);
  return IOStatus::OK();
}

bool FolderFiles::HoldsFile(const std::string& path) {
  if (!holding_.load(std::memory_order_relaxed)) return false;
  const std::lock_guard lock(mutex_);
  files_.insert(path);
  return true;
}

bool FolderFiles::HoldsFolder(const std::string& path) {
  if (!holding_.load(std::memory_order_relaxed)) return false;
  const std::lock_guard lock(mutex_);
  folders_.insert(path);
  return true;
}

void FolderFiles::KeepSyncing() {
  const std::lock_guard lock(mutex_);
  files_.clear();
  folders_.clear();
  holding_ = false;
}

IOStatus FolderFiles::ReleaseSyncs() {
  const std::lock_guard lock(mutex_);
  holding_ = false;
  for (const std::string& path : files_) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    IOStatus status = target()->ReopenWritableFile(path, FileOptions(), &file, nullptr);
    if (status.ok()) status = file->Sync(IOOptions(), nullptr);
    if (status.ok()) status = file->Close(IOOptions(), nullptr);
    if (!status.ok()) return status;
  }
  for (const std::string& path : folders_) {
    std::unique_ptr<rocksdb::FSDirectory> folder;
    IOStatus status = target()->NewDirectory(path, IOOptions(), &folder, nullptr);
    if (status.ok()) status = folder->Fsync(IOOptions(), nullptr);
    if (!status.ok()) return status;
  }
  files_.clear();
  folders_.clear();
  return IOStatus::OK();
}

IOStatus FolderFiles::NewWritableFile(const std::string& path, const FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) {
  IOStatus status = target()->NewWritableFile(path, options, file, debug);
  if (!status.ok()) return status;
  if (fill_ > 0 && path.ends_with(".log")) {
    std::unique_ptr<rocksdb::FSWritableFile> filler;
    status = target()->ReopenWritableFile(path, options, &filler, debug);
    if (!status.ok()) return status;
    *file = std::make_unique<FilledLog>(std::move(*file), std::move(filler), 0, fill_);
  }
  if (holding_) *file = std::make_unique<HeldFile>(*this, path, std::move(*file));
  return status;
}

// A file that is written over is as long as what was once written.
IOStatus FolderFiles::ReuseWritableFile(const std::string& path, const std::string& old, const FileOptions& options,
                                        std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) {
  IOStatus status = target()->ReuseWritableFile(path, old, options, file, debug);
  if (!status.ok() || fill_ == 0) return status;
  uint64_t size = 0;
  std::unique_ptr<rocksdb::FSWritableFile> filler;
  status = target()->GetFileSize(path, IOOptions(), &size, debug);
  if (status.ok()) status = target()->ReopenWritableFile(path, options, &filler, debug);
  if (status.ok()) *file = std::make_unique<FilledLog>(std::move(*file), std::move(filler), size, fill_);
  return status;
}

IOStatus FolderFiles::NewDirectory(const std::string& path, const IOOptions& options,
                                   std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext* debug) {
  IOStatus status = target()->NewDirectory(path, options, directory, debug);
  if (status.ok() && holding_) *directory = std::make_unique<HeldFolder>(*this, path, std::move(*directory));
  return status;
}

IOStatus FolderFiles::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                                 IODebugContext* debug) {
  IOStatus status = target()->RenameFile(from, to, options, debug);
  if (!status.ok() || !holding_) return status;
  const std::lock_guard lock(mutex_);
  if (files_.erase(from) > 0) files_.insert(to);
  return status;
}

IOStatus FolderFiles::DeleteFile(const std::string& path, const IOOptions& options, IODebugContext* debug) {
  IOStatus status = target()->DeleteFile(path, options, debug);
  if (!status.ok() || !holding_) return status;
  const std::lock_guard lock(mutex_);
  files_.erase(path);
  return status;
}

}  // namespace stator::engine
