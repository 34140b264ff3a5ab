#include "engine/fault/disk_file_system.h"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <cstring>

namespace stator::engine {
namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;
using Disk = std::shared_ptr<DiskImage>;

IOStatus Done(bool ok, const std::string& what) { return ok ? IOStatus::OK() : IOStatus::IOError(what, "no power"); }

class SequentialFile final : public rocksdb::FSSequentialFile {
 public:
  SequentialFile(Disk disk, DiskImage::Handle handle) : disk_(std::move(disk)), handle_(std::move(handle)) {}
  IOStatus Read(size_t n, const IOOptions&, Slice* result, char* scratch, IODebugContext*) override {
    std::string bytes;
    if (!disk_->Read(handle_, at_, n, &bytes)) return Done(false, "read");
    std::memcpy(scratch, bytes.data(), bytes.size());
    *result = Slice(scratch, bytes.size());
    at_ += bytes.size();
    return IOStatus::OK();
  }
  IOStatus Skip(uint64_t n) override {
    at_ += n;
    return IOStatus::OK();
  }

 private:
  Disk disk_;
  DiskImage::Handle handle_;
  uint64_t at_ = 0;
};

class RandomAccessFile final : public rocksdb::FSRandomAccessFile {
 public:
  RandomAccessFile(Disk disk, DiskImage::Handle handle) : disk_(std::move(disk)), handle_(std::move(handle)) {}
  IOStatus Read(uint64_t offset, size_t n, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    std::string bytes;
    if (!disk_->Read(handle_, offset, n, &bytes)) return Done(false, "read");
    std::memcpy(scratch, bytes.data(), bytes.size());
    *result = Slice(scratch, bytes.size());
    return IOStatus::OK();
  }

 private:
  Disk disk_;
  DiskImage::Handle handle_;
};

class WritableFile final : public rocksdb::FSWritableFile {
 public:
  WritableFile(Disk disk, DiskImage::Handle handle, uint64_t at)
      : disk_(std::move(disk)), handle_(std::move(handle)), at_(at) {}
  using rocksdb::FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    if (!disk_->Write(handle_, at_, {data.data(), data.size()})) return Done(false, "write");
    at_ += data.size();
    return IOStatus::OK();
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override { return Done(disk_->Sync(handle_), "sync"); }
  bool IsSyncThreadSafe() const override { return true; }
  uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return at_; }

 private:
  Disk disk_;
  DiskImage::Handle handle_;
  uint64_t at_;
};

class Directory final : public rocksdb::FSDirectory {
 public:
  Directory(Disk disk, std::string path) : disk_(std::move(disk)), path_(std::move(path)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override { return Done(disk_->SyncFolder(path_), "sync folder"); }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  Disk disk_;
  std::string path_;
};

class Lock final : public rocksdb::FileLock {
 public:
  explicit Lock(std::string p) : path(std::move(p)) {}
  const std::string path;
};

class DiskFileSystem final : public rocksdb::FileSystem {
 public:
  explicit DiskFileSystem(Disk disk) : disk_(std::move(disk)) {}
  const char* Name() const override { return "DiskImage"; }

  IOStatus NewSequentialFile(const std::string& path, const FileOptions&,
                             std::unique_ptr<rocksdb::FSSequentialFile>* file, IODebugContext*) override {
    DiskImage::Handle handle;
    if (!disk_->Open(path, &handle)) return NotThere(path);
    *file = std::make_unique<SequentialFile>(disk_, std::move(handle));
    return IOStatus::OK();
  }
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions&,
                               std::unique_ptr<rocksdb::FSRandomAccessFile>* file, IODebugContext*) override {
    DiskImage::Handle handle;
    if (!disk_->Open(path, &handle)) return NotThere(path);
    *file = std::make_unique<RandomAccessFile>(disk_, std::move(handle));
    return IOStatus::OK();
  }
  IOStatus NewWritableFile(const std::string& path, const FileOptions&, std::unique_ptr<rocksdb::FSWritableFile>* file,
                           IODebugContext*) override {
    DiskImage::Handle handle;
    if (!disk_->Create(path, &handle)) return Done(false, path);
    *file = std::make_unique<WritableFile>(disk_, std::move(handle), 0);
    return IOStatus::OK();
  }
  // As on a real disk, the old bytes stay until they are written over.
  IOStatus ReuseWritableFile(const std::string& path, const std::string& old, const FileOptions&,
                             std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext*) override {
    DiskImage::Handle handle;
    if (!disk_->Rename(old, path) || !disk_->Open(path, &handle)) return Done(false, path);
    *file = std::make_unique<WritableFile>(disk_, std::move(handle), 0);
    return IOStatus::OK();
  }
  IOStatus ReopenWritableFile(const std::string& path, const FileOptions&,
                              std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext*) override {
    DiskImage::Handle handle;
    uint64_t size = 0;
    if (!disk_->Open(path, &handle) || !disk_->Size(handle, &size)) return NotThere(path);
    *file = std::make_unique<WritableFile>(disk_, std::move(handle), size);
    return IOStatus::OK();
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions&, std::unique_ptr<rocksdb::FSDirectory>* directory,
                        IODebugContext*) override {
    if (!disk_->IsFolder(path)) return NotThere(path);
    *directory = std::make_unique<Directory>(disk_, path);
    return IOStatus::OK();
  }
  IOStatus FileExists(const std::string& path, const IOOptions&, IODebugContext*) override {
    return disk_->Exists(path) ? IOStatus::OK() : NotThere(path);
  }
  IOStatus GetChildren(const std::string& path, const IOOptions&, std::vector<std::string>* names,
                       IODebugContext*) override {
    names->clear();
    return disk_->List(path, names) ? IOStatus::OK() : NotThere(path);
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) override {
    return disk_->Remove(path) ? IOStatus::OK() : NotThere(path);
  }
  IOStatus CreateDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    return Done(disk_->MakeFolder(path), path);
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions&, IODebugContext*) override {
    return Done(disk_->MakeFolder(path), path);
  }
  IOStatus DeleteDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    return IOStatus::NotSupported(path);
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions&, uint64_t* size, IODebugContext*) override {
    DiskImage::Handle handle;
    return disk_->Open(path, &handle) && disk_->Size(handle, size) ? IOStatus::OK() : NotThere(path);
  }
  IOStatus GetFileModificationTime(const std::string&, const IOOptions&, uint64_t* time, IODebugContext*) override {
    *time = 0;
    return IOStatus::OK();
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&, IODebugContext*) override {
    return disk_->Rename(from, to) ? IOStatus::OK() : NotThere(from);
  }
  IOStatus LockFile(const std::string& path, const IOOptions&, rocksdb::FileLock** lock, IODebugContext*) override {
    if (!disk_->Lock(path)) return IOStatus::IOError("lock " + path, "held");
    *lock = new Lock(path);
    return IOStatus::OK();
  }
  IOStatus UnlockFile(rocksdb::FileLock* lock, const IOOptions&, IODebugContext*) override {
    const std::unique_ptr<Lock> held(static_cast<Lock*>(lock));
    disk_->Unlock(held->path);
    return IOStatus::OK();
  }
  IOStatus GetTestDirectory(const IOOptions&, std::string* path, IODebugContext*) override {
    *path = "/";
    return IOStatus::OK();
  }
  IOStatus GetAbsolutePath(const std::string& path, const IOOptions&, std::string* out, IODebugContext*) override {
    *out = path;
    return IOStatus::OK();
  }
  IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* is, IODebugContext*) override {
    *is = disk_->IsFolder(path);
    return IOStatus::OK();
  }
  IOStatus GetFreeSpace(const std::string&, const IOOptions&, uint64_t* bytes, IODebugContext*) override {
    *bytes = disk_->free_bytes();
    return IOStatus::OK();
  }

 private:
  IOStatus NotThere(const std::string& path) const {
    return disk_->off() ? Done(false, path) : IOStatus::NotFound(path, "no such file");
  }

  Disk disk_;
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> NewDiskFileSystem(std::shared_ptr<DiskImage> disk) {
  return std::make_shared<DiskFileSystem>(std::move(disk));
}

}  // namespace stator::engine
