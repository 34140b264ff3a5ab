#include "base/os/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

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

std::string ReplaceFile(const std::string& path, Bytes content, int mode) {
  const std::string fresh = path + ".new";
  unlink(fresh.c_str());
  const int fd = open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0) return Reason();
  // The umask may have taken from the mode.
  const bool written = fchmod(fd, static_cast<mode_t>(mode)) == 0 && WriteAll(fd, content) && fsync(fd) == 0;
  const std::string reason = written ? std::string() : Reason();
  close(fd);
  if (!written) {
    unlink(fresh.c_str());
    return reason;
  }
  return rename(fresh.c_str(), path.c_str()) == 0 ? std::string() : Reason();
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
