// FORMAT is durable before the database exists, so a folder with a database and without FORMAT is not ours or is
// damaged, and a folder with at most a torn FORMAT is one whose making was cut short.
#include "engine/rocksdb/folder.h"

#include <charconv>
#include <vector>

#include "engine/rocksdb/layout.h"

namespace stator::engine {
namespace {

constexpr Bytes kMagic = "stator ";

Error Failed(const rocksdb::Status& status) { return Fail(ErrorId::kEngineIo, status.ToString()); }

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

Status WriteFormat(rocksdb::Env* env, const std::string& path) {
  const std::string text = std::string(kMagic) + std::to_string(kFormat) + "\n";
  const rocksdb::Status status = rocksdb::WriteStringToFile(env, text, path + "/FORMAT", /*should_sync=*/true);
  if (!status.ok()) return Failed(status);
  return SyncFolder(env, path);
}

// What a database leaves in its folder before it has a CURRENT file, and what file systems and we put there.
bool MayStandInNewFolder(const std::string& name) {
  return name == "." || name == ".." || name == "FORMAT" || name == "LOCK" || name == "IDENTITY" ||
         name == "lost+found" || name.starts_with("MANIFEST-") || name.ends_with(".dbtmp") || name.ends_with(".log");
}

}  // namespace

Status SyncFolder(rocksdb::Env* env, const std::string& path) {
  std::unique_ptr<rocksdb::Directory> directory;
  rocksdb::Status status = env->NewDirectory(path, &directory);
  if (status.ok()) status = directory->Fsync();
  if (!status.ok()) return Failed(status);
  return {};
}

Status PrepareFolder(rocksdb::Env* env, const std::string& path) {
  STATOR_OK(MakeFolder(env, path));
  const int format = ReadFormat(env, path + "/FORMAT");
  if (format > kFormat) return Fail(ErrorId::kEngineNewer, path, format, kFormat);
  if (format > 0) return {};
  if (env->FileExists(path + "/CURRENT").ok()) {
    return Fail(ErrorId::kEngineCorrupt, path, "its FORMAT file is missing or unreadable");
  }
  std::vector<std::string> names;
  const rocksdb::Status status = env->GetChildren(path, &names);
  if (!status.ok()) return Failed(status);
  for (const std::string& name : names) {
    if (!MayStandInNewFolder(name)) {
      return Fail(ErrorId::kEngineCorrupt, path, "it holds " + name + ", which is not Stator's");
    }
  }
  return WriteFormat(env, path);
}

}  // namespace stator::engine
