#include "base/os/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>
#include <vector>

namespace stator {
namespace {

std::string Reason() { return std::system_category().message(errno); }

bool WriteAll(int fd, Bytes content) {
  while (!content.empty()) {
    const ssize_t n = write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    content.remove_prefix(static_cast<size_t>(n));
  }
  return true;
}

std::string Replace(const std::string& path, Bytes content, int mode, const Sync& sync) {
  const std::string fresh = path + ".new";
  unlink(fresh.c_str());
  const int fd = open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return Reason();
  // The umask may have taken from the mode.
  const bool written = fchmod(fd, static_cast<mode_t>(mode)) == 0 && WriteAll(fd, content) && sync(fd, fresh);
  std::string reason = written ? std::string() : Reason();
  close(fd);
  if (!written) {
    unlink(fresh.c_str());
    return reason;
  }
  return rename(fresh.c_str(), path.c_str()) == 0 ? std::string() : Reason();
}

// The folder that a path lies in.
std::string FolderOf(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string SyncFolder(const std::string& path, const Sync& sync) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return Reason();
  std::string reason = sync(fd, path) ? std::string() : Reason();
  close(fd);
  return reason;
}

// From the first that is missing downward; each is synced into the one above it.
std::string MakeFolders(const std::string& path, const Sync& sync) {
  std::vector<std::string> missing;
  struct stat info;
  for (std::string at = path; stat(at.c_str(), &info) != 0; at = FolderOf(at)) {
    if (errno != ENOENT) return Reason();
    missing.push_back(at);
  }
  for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
    std::string reason = MakeFolder(*at, 0755);
    if (reason.empty()) reason = SyncFolder(FolderOf(*at), sync);
    if (!reason.empty()) return reason;
  }
  return {};
}

}  // namespace

std::optional<std::string> ReadFile(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::string content;
  char buffer[16384];
  ssize_t n = 0;
  while ((n = read(fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR)) {
    if (n > 0) content.append(buffer, static_cast<size_t>(n));
  }
  close(fd);
  if (n < 0) return std::nullopt;
  return content;
}

bool SyncNow(int fd, const std::string&) { return fsync(fd) == 0; }

std::string ReplaceFile(const std::string& path, Bytes content, int mode) {
  return Replace(path, content, mode, SyncNow);
}

std::string WriteDurably(const std::string& path, Bytes content, int mode, const Sync& sync) {
  const std::string folder = FolderOf(path);
  std::string reason = MakeFolders(folder, sync);
  if (reason.empty()) reason = Replace(path, content, mode, sync);
  return reason.empty() ? SyncFolder(folder, sync) : reason;
}

std::string MakeTemporaryFolder(const std::string& prefix) {
  const char* place = std::getenv("TMPDIR");
  std::string name = std::string(place && *place ? place : "/tmp") + "/" + prefix + "XXXXXX";
  return mkdtemp(name.data()) ? name : std::string();
}

std::string MakeFolder(const std::string& path, int mode) {
  if (mkdir(path.c_str(), static_cast<mode_t>(mode)) == 0 || errno == EEXIST) return {};
  return Reason();
}

}  // namespace stator
