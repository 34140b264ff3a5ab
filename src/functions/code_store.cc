// Tests: code_store_test.cc; format: docs/formats/functions.md.
#include "functions/code_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <set>
#include <utility>

#include "base/base64.h"
#include "base/log.h"
#include "base/random.h"
#include "errors/functions.h"
#include "functions/unzip.h"
#include "sigv4/digest.h"

namespace stator::functions {
namespace {

namespace fs = std::filesystem;

constexpr size_t kZipLimit = 52'428'800;
constexpr size_t kSyncedOneByOne = 200;  // files; of more the whole file system is synced at once

Error NotStored(const std::string& where, int error) {
  return Fail(errors::kCodeNotStored, where, std::strerror(error));
}

std::string NewId() { return sigv4::Hex(SecureRandom(8)); }

Status Sync(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return NotStored(path, errno);
  const int failed = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  return failed == 0 ? Status() : NotStored(path, failed);
}

Status SyncAll(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return NotStored(path, errno);
  const int failed = syncfs(fd) == 0 ? 0 : errno;
  close(fd);
  return failed == 0 ? Status() : NotStored(path, failed);
}

// Everything below a folder, and the folder.
Status SyncTree(const std::string& folder) {
  std::vector<std::string> paths{folder};
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (!at->is_symlink()) paths.push_back(at->path());
    if (paths.size() > kSyncedOneByOne) return SyncAll(folder);
  }
  if (error) return NotStored(folder, error.value());
  for (const std::string& path : paths) STATOR_OK(Sync(path));
  return {};
}

Status WriteZip(const std::string& path, Bytes bytes) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  return file ? Status() : NotStored(path, errno);
}

// JSON may have slashes escaped.
Result<std::string> Decoded(Bytes base64) {
  std::string plain;
  if (base64.find('\\') != Bytes::npos) {
    for (size_t i = 0; i < base64.size(); ++i) {
      if (base64[i] != '\\' || i + 1 == base64.size() || base64[i + 1] != '/') plain.push_back(base64[i]);
    }
    base64 = plain;
  }
  if (base64.empty()) return Fail(errors::kZipEmpty);
  if (base64.size() / 4 * 3 > kZipLimit + 3) return Fail(errors::kZipTooLarge, kZipLimit);
  std::string zip;
  if (!AppendFromBase64(&zip, base64)) return Fail(errors::kZipUnreadable);
  if (zip.size() > kZipLimit) return Fail(errors::kZipTooLarge, kZipLimit);
  return zip;
}

}  // namespace

// Removes rubbish on a worker thread; outlives the store with the last Kept, and does nothing then.
struct CodeStore::Janitor {
  explicit Janitor(WorkerPool& workers) : pool(&workers) {}
  void Remove(std::string folder, std::string zip) {
    const std::lock_guard lock(mutex);
    if (!pool) return;
    pool->Post([folder = std::move(folder), zip = std::move(zip)] {
      std::error_code ignored;
      fs::remove_all(folder, ignored);
      fs::remove(zip, ignored);
      fs::remove(fs::path(folder).parent_path(), ignored);  // if it was the last
    });
  }
  void Leave() {
    const std::lock_guard lock(mutex);
    pool = nullptr;
  }

  std::mutex mutex;
  WorkerPool* pool;  // guarded by mutex
};

class Kept {
 public:
  Kept(std::shared_ptr<CodeStore::Janitor> janitor, std::string folder, bool is_used)
      : used(is_used), janitor_(std::move(janitor)), folder_(std::move(folder)) {}
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  ~Kept() {
    if (!used.load(std::memory_order_acquire)) janitor_->Remove(folder_, folder_ + ".zip");
  }
  const std::string& folder() const { return folder_; }

  std::atomic<bool> used;

 private:
  const std::shared_ptr<CodeStore::Janitor> janitor_;
  const std::string folder_;
};

CodeStore::CodeStore(std::string folder, bool temporary, std::shared_ptr<Janitor> janitor)
    : folder_(std::move(folder)), temporary_(temporary), janitor_(std::move(janitor)) {}

CodeStore::~CodeStore() {
  janitor_->Leave();
  std::error_code ignored;
  if (temporary_) fs::remove_all(folder_, ignored);
}

Result<std::unique_ptr<CodeStore>> CodeStore::Open(const std::string& folder, WorkerPool& workers) {
  std::error_code error;
  std::string path = folder;
  if (folder.empty()) {
    path = (fs::temp_directory_path(error) / "stator-functions-XXXXXX").string();
    if (error || !mkdtemp(path.data())) return NotStored(path, errno);
  } else {
    fs::create_directories(folder, error);
    if (error) return NotStored(folder, error.value());
    path = fs::absolute(folder, error).string();
  }
  return std::unique_ptr<CodeStore>(new CodeStore(path, folder.empty(), std::make_shared<Janitor>(workers)));
}

std::string CodeStore::FolderOf(const std::string& name, const std::string& id) const {
  return folder_ + "/" + name + "/" + id;
}

Result<CodeStore::Unpacked> CodeStore::Unpack(const std::string& name, Bytes base64) {
  STATOR_TRY(const std::string zip, Decoded(base64));
  Unpacked unpacked{.id = NewId(), .sha256 = Base64(sigv4::Sha256(zip)), .size = static_cast<int64_t>(zip.size())};
  const std::string folder = FolderOf(name, unpacked.id);
  unpacked.kept = std::make_shared<Kept>(janitor_, folder, false);
  const std::string begun = folder + ".new";
  std::error_code error;
  // Again, since the janitor may remove the function's empty folder in between.
  for (int i = 0; i < 3 && !fs::is_directory(begun, error); ++i) fs::create_directories(begun, error);
  if (error) return NotStored(begun, error.value());
  const std::string zip_file = folder + ".zip";
  Status status = WriteZip(zip_file, zip);
  if (status.ok()) status = Unzip(zip_file, begun);
  if (status.ok() && !temporary_) status = SyncTree(begun);
  if (status.ok() && !temporary_) status = Sync(zip_file);
  if (!status.ok()) {
    fs::remove_all(begun, error);
    return status.error();
  }
  fs::rename(begun, folder, error);
  if (error) return NotStored(folder, error.value());
  if (!temporary_) {
    STATOR_OK(Sync(folder_ + "/" + name));
    STATOR_OK(Sync(folder_));
  }
  return unpacked;
}

Result<std::string> CodeStore::ReadZip(const std::string& name, const std::string& id) const {
  const std::string path = FolderOf(name, id) + ".zip";
  std::ifstream file(path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file || bytes.empty()) return Fail(errors::kCodeGone, path);
  return bytes;
}

KeptRef CodeStore::Adopt(const std::string& name, const std::string& id) {
  const std::string folder = FolderOf(name, id);
  for (const auto& weak : adopted_) {
    if (KeptRef kept = weak.lock(); kept && kept->folder() == folder) return kept;
  }
  auto kept = std::make_shared<Kept>(janitor_, folder, true);
  std::error_code error;
  if (!fs::is_directory(folder, error)) LogWarn("the code of function " + name + " is missing: " + folder);
  adopted_.push_back(kept);
  return kept;
}

void CodeStore::RemoveOthers() {
  std::set<std::string> wanted;
  for (const auto& weak : adopted_) {
    const KeptRef kept = weak.lock();
    if (kept) wanted.insert({kept->folder(), kept->folder() + ".zip"});
  }
  adopted_.clear();
  std::error_code error;
  for (const auto& name : fs::directory_iterator(folder_, error)) {
    std::error_code ignored;
    std::vector<fs::path> rubbish;
    for (const auto& entry : fs::directory_iterator(name.path(), ignored)) {
      if (!wanted.contains(entry.path().string())) rubbish.push_back(entry.path());
    }
    for (const fs::path& path : rubbish) fs::remove_all(path, ignored);
    fs::remove(name.path(), ignored);  // if nothing is left in it
  }
}

void CodeStore::SetUsed(Kept& kept, bool used) { kept.used.store(used, std::memory_order_release); }

}  // namespace stator::functions
