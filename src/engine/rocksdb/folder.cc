// FORMAT is the last file of a new folder to become durable: a database is whole when its FORMAT is.
#include "engine/rocksdb/folder.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "engine/rocksdb/layout.h"
#include "errors/engine.h"

namespace stator::engine {
namespace {

constexpr Bytes kMagic = "stator ";

Error Failed(const rocksdb::Status& status) { return Fail(errors::kEngineIo, status.ToString()); }

std::string Parent(const std::string& path) {
  const size_t end = path.find_last_not_of('/');
  const size_t slash = end == std::string::npos ? end : path.rfind('/', end);
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status MakeFolder(rocksdb::Env* env, const std::string& path) {
  std::vector<std::string> missing;
  for (std::string at = path; !env->FileExists(at).ok() && at != Parent(at); at = Parent(at)) missing.push_back(at);
  for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
    const rocksdb::Status status = env->CreateDirIfMissing(*at);
    if (!status.ok()) return Failed(status);
    STATOR_OK(SyncFolder(env, Parent(*at)));
  }
  return {};
}

// The number in FORMAT; 0 if it says nothing that we understand.
int ReadFormat(rocksdb::Env* env, const std::string& file) {
  std::string text;
  if (!rocksdb::ReadFileToString(env, file, &text).ok()) return 0;
  Bytes rest = text;
  if (!rest.starts_with(kMagic) || !rest.ends_with('\n')) return 0;
  rest.remove_prefix(kMagic.size());
  rest.remove_suffix(1);
  int format = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), format);
  return error == std::errc() && end == rest.data() + rest.size() ? format : 0;
}

bool IsEmpty(rocksdb::Env* env, const std::string& file) {
  uint64_t size = 0;
  return env->GetFileSize(file, &size).ok() && size == 0;
}

Status WriteFormat(rocksdb::Env* env, const std::string& path) {
  const std::string text = std::string(kMagic) + std::to_string(kFormat) + "\n";
  const rocksdb::Status status = rocksdb::WriteStringToFile(env, text, path + "/FORMAT", /*should_sync=*/true);
  if (!status.ok()) return Failed(status);
  return SyncFolder(env, path);
}

bool IsDatabaseFile(const std::string& name) {
  return name == "FORMAT" || name == "CURRENT" || name == "IDENTITY" || name.starts_with("MANIFEST-") ||
         name.starts_with("OPTIONS-") || name.ends_with(".dbtmp") || name.ends_with(".log");
}

// What a database without data leaves in its folder, and what file systems and we put there.
bool MayStandInNewFolder(const std::string& name) {
  return name == "." || name == ".." || name == "LOCK" || name == "lost+found" || IsDatabaseFile(name);
}

struct Look {
  bool complete = false;           // a database and its FORMAT
  std::vector<std::string> names;  // if not complete
};

// What is in the folder; an error if nothing may be done with it.
Result<Look> LookInto(rocksdb::Env* env, const std::string& path, const std::vector<std::string>& beside) {
  const int format = ReadFormat(env, path + "/FORMAT");
  if (format > kFormat) return Fail(errors::kEngineNewer, path, format, kFormat);
  const bool has_database = env->FileExists(path + "/CURRENT").ok();
  Look look;
  look.complete = format > 0 && has_database;
  if (look.complete) return look;
  const rocksdb::Status status = env->GetChildren(path, &look.names);
  if (!status.ok()) return Failed(status);
  for (const std::string& name : look.names) {
    const bool data = name.ends_with(".sst") || (name.ends_with(".log") && !IsEmpty(env, path + "/" + name));
    if (data && format == 0) {
      return Fail(errors::kEngineCorrupt, path, "its FORMAT file is missing or unreadable");
    }
    if (data) return Fail(errors::kEngineCorrupt, path, "its CURRENT file is missing");
    if (!MayStandInNewFolder(name) && std::find(beside.begin(), beside.end(), name) == beside.end()) {
      return Fail(errors::kEngineCorrupt, path, "it holds " + name + ", which is not Stator's");
    }
  }
  return look;
}

// A half-made database goes, FORMAT for good before anything else is touched.
Status ClearFolder(rocksdb::Env* env, FolderFiles& files, const std::string& path,
                   const std::vector<std::string>& names) {
  if (env->FileExists(path + "/FORMAT").ok()) {
    const rocksdb::Status status = env->DeleteFile(path + "/FORMAT");
    if (!status.ok()) return Failed(status);
    files.KeepSyncing();
    STATOR_OK(SyncFolder(env, path));
    files.HoldSyncs();
  }
  for (const std::string& name : names) {
    if (name == "FORMAT" || !IsDatabaseFile(name)) continue;
    const rocksdb::Status status = env->DeleteFile(path + "/" + name);
    if (!status.ok()) return Failed(status);
  }
  return {};
}

bool IsLockFailure(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  return status.IsIOError() && (text.find("lock file") != std::string::npos || text.find("lock ") != std::string::npos);
}

}  // namespace

Status SyncFolder(rocksdb::Env* env, const std::string& path) {
  std::unique_ptr<rocksdb::Directory> directory;
  rocksdb::Status status = env->NewDirectory(path, &directory);
  if (status.ok()) status = directory->Fsync();
  if (!status.ok()) return Failed(status);
  return {};
}

Result<bool> PrepareFolder(rocksdb::Env* env, FolderFiles& files, const std::string& path,
                           const std::vector<std::string>& beside) {
  files.HoldSyncs();
  STATOR_OK(MakeFolder(env, path));
  STATOR_OK(LookInto(env, path, beside));  // a folder of somebody else gets no LOCK from us
  const rocksdb::IOStatus locked = files.Lock(path + "/LOCK");
  if (IsLockFailure(locked)) return Fail(errors::kEngineLocked, path);
  if (!locked.ok()) return Failed(locked);
  STATOR_TRY(const Look look, LookInto(env, path, beside));
  if (look.complete) {
    files.KeepSyncing();
    return false;
  }
  STATOR_OK(ClearFolder(env, files, path, look.names));
  STATOR_OK(SyncFolder(env, Parent(path)));  // a server before this one may have been killed in front of its sync
  return true;
}

Status FinishFolder(rocksdb::Env* env, FolderFiles& files, const std::string& path) {
  const rocksdb::IOStatus status = files.ReleaseSyncs();
  if (!status.ok()) return Failed(status);
  return WriteFormat(env, path);
}

}  // namespace stator::engine
