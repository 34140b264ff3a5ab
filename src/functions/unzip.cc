// Every path is walked from the folder's descriptor, component by component, without following links; links are made
// last. So nothing is written through one, and a link's own folder is a real one: it may climb out of that by leading
// ".." as far as the top, and then only descend, through folders or other such links. Tests: unzip_test.cc.
#include "functions/unzip.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "errors/functions.h"

namespace stator::functions {
namespace {

constexpr size_t kPiece = size_t{64} << 10;
constexpr size_t kLongestPath = 4000;

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, CloseArchive>;
struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};
using Entry = std::unique_ptr<zip_file_t, CloseEntry>;

using Path = std::vector<std::string>;

struct Link {
  Path path;
  std::string target;
};

// "a/./b/": a, b. False for what leads out.
bool Split(Bytes name, Path* path) {
  if (name.empty() || name.front() == '/' || name.size() > kLongestPath) return false;
  while (!name.empty()) {
    const size_t slash = name.find('/');
    const Bytes component = name.substr(0, slash);
    name.remove_prefix(slash == Bytes::npos ? name.size() : slash + 1);
    if (component == "..") return false;
    if (!component.empty() && component != ".") path->emplace_back(component);
  }
  return true;
}

// Whether a link in a folder `depth` levels below the top stays below it.
bool StaysInside(Bytes target, size_t depth) {
  if (target.empty() || target.front() == '/' || target.find('\0') != Bytes::npos) return false;
  bool descending = false;
  while (!target.empty()) {
    const size_t slash = target.find('/');
    const Bytes component = target.substr(0, slash);
    target.remove_prefix(slash == Bytes::npos ? target.size() : slash + 1);
    if (component.empty() || component == ".") continue;
    if (component != "..") {
      descending = true;
    } else if (descending || depth-- == 0) {
      return false;
    }
  }
  return true;
}

class Unpacking {
 public:
  Unpacking(zip_t* archive, const ZipLimits& limits)
      : archive_(archive), limits_(limits), left_(limits.unpacked_bytes) {}

  Status Run(const std::string& folder) {
    folder_ = folder;
    top_ = Descriptor(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!top_.open()) return NotWritten();
    const zip_int64_t count = zip_get_num_entries(archive_, 0);
    if (count == 0) return Fail(errors::kZipEmpty);
    if (count < 0 || count > limits_.entries) return Fail(errors::kZipUnreadable);
    STATOR_OK(CheckClaims(count));
    for (zip_int64_t i = 0; i < count; ++i) STATOR_OK(Unpack(static_cast<zip_uint64_t>(i)));
    for (const Link& link : links_) STATOR_OK(MakeLink(link));
    return {};
  }

 private:
  // What the directory says, before anything is written.
  Status CheckClaims(zip_int64_t count) const {
    uint64_t sum = 0;
    for (zip_int64_t i = 0; i < count; ++i) {
      zip_stat_t stat;
      if (zip_stat_index(archive_, static_cast<zip_uint64_t>(i), 0, &stat) != 0) return Fail(errors::kZipUnreadable);
      const bool known = (stat.valid & ZIP_STAT_SIZE) != 0 && (stat.valid & ZIP_STAT_COMP_METHOD) != 0;
      const bool plain = stat.comp_method == ZIP_CM_STORE || stat.comp_method == ZIP_CM_DEFLATE;
      const bool open = (stat.valid & ZIP_STAT_ENCRYPTION_METHOD) == 0 || stat.encryption_method == ZIP_EM_NONE;
      if (!known || !plain || !open) return Fail(errors::kZipUnreadable);
      if (stat.size > static_cast<uint64_t>(limits_.unpacked_bytes)) return TooLarge();
      sum += stat.size;
      if (sum > static_cast<uint64_t>(limits_.unpacked_bytes)) return TooLarge();
    }
    return {};
  }

  // The Unix mode, type included; 0 if the zip was made elsewhere.
  mode_t ModeOf(zip_uint64_t index) const {
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(archive_, index, 0, &system, &attributes) != 0) return 0;
    return system == ZIP_OPSYS_UNIX || system == ZIP_OPSYS_OS_X ? attributes >> 16 : 0;
  }

  Status Unpack(zip_uint64_t index) {
    const char* raw = zip_get_name(archive_, index, ZIP_FL_ENC_RAW);
    const Bytes name = raw ? Bytes(raw) : Bytes();
    Path path;
    if (!Split(name, &path)) return Fail(errors::kZipUnreadable);
    const mode_t mode = ModeOf(index);
    if (name.ends_with('/') || S_ISDIR(mode)) return Enter(path);
    if (path.empty()) return Fail(errors::kZipUnreadable);
    const Entry entry(zip_fopen_index(archive_, index, 0));
    if (!entry) return Fail(errors::kZipUnreadable);
    if (S_ISLNK(mode)) return ReadLink(entry.get(), std::move(path));
    zip_stat_t stat;
    if (zip_stat_index(archive_, index, 0, &stat) != 0) return Fail(errors::kZipUnreadable);
    return WriteFile(entry.get(), path, (mode & 0777) == 0 ? 0644 : (mode & 0777) | 0444, stat.size);
  }

  Status ReadLink(zip_file_t* entry, Path path) {
    std::string target(kLongestPath + 1, '\0');
    size_t size = 0;
    while (size < target.size()) {
      const zip_int64_t got = zip_fread(entry, target.data() + size, target.size() - size);
      if (got < 0) return Fail(errors::kZipUnreadable);
      if (got == 0) break;
      size += static_cast<size_t>(got);
    }
    target.resize(size);
    if (size > kLongestPath || !StaysInside(target, path.size() - 1)) return Fail(errors::kZipUnreadable);
    links_.push_back({std::move(path), std::move(target)});
    return {};
  }

  Status MakeLink(const Link& link) {
    STATOR_OK(Enter({link.path.begin(), link.path.end() - 1}));
    if (symlinkat(link.target.c_str(), folder_fd(), link.path.back().c_str()) != 0) return NotWritten();
    return {};
  }

  // `claimed`: the size in the directory, which may not be true.
  Status WriteFile(zip_file_t* entry, const Path& path, mode_t mode, uint64_t claimed) {
    STATOR_OK(Enter({path.begin(), path.end() - 1}));
    const Descriptor file(openat(folder_fd(), path.back().c_str(),
                                 O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
    if (!file.open()) return NotWritten();
    buffer_.resize(kPiece);
    uint64_t written = 0;
    while (true) {
      const zip_int64_t got = zip_fread(entry, buffer_.data(), buffer_.size());
      if (got < 0) return Fail(errors::kZipUnreadable);
      if (got == 0) break;
      left_ -= got;
      if (left_ < 0) return TooLarge();
      written += static_cast<uint64_t>(got);
      STATOR_OK(Write(file.get(), Bytes(buffer_.data(), static_cast<size_t>(got))));
    }
    if (written != claimed) return Fail(errors::kZipUnreadable);
    if (fchmod(file.get(), mode) != 0) return NotWritten();
    return {};
  }

  Status Write(int file, Bytes piece) const {
    while (!piece.empty()) {
      const ssize_t written = write(file, piece.data(), piece.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return NotWritten();
      piece.remove_prefix(static_cast<size_t>(written));
    }
    return {};
  }

  // Makes that folder the present one, and makes it if need be.
  Status Enter(const Path& path) {
    if (path == entered_path_) return {};
    entered_path_.clear();
    entered_ = Descriptor();
    for (const std::string& component : path) {
      if (mkdirat(folder_fd(), component.c_str(), 0755) != 0 && errno != EEXIST) return NotWritten();
      Descriptor next(openat(folder_fd(), component.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!next.open()) return NotWritten();
      entered_ = std::move(next);
    }
    entered_path_ = path;
    return {};
  }
  int folder_fd() const { return entered_.open() ? entered_.get() : top_.get(); }

  // By errno: the device's fault, or the zip's, whose names do not go together.
  Status NotWritten() const {
    switch (errno) {
      case EEXIST:
      case EISDIR:
      case ENOTDIR:
      case ELOOP:
      case ENAMETOOLONG:
      case EINVAL:
      case EILSEQ:
        return Fail(errors::kZipUnreadable);
      default:
        return Fail(errors::kCodeNotStored, folder_, std::strerror(errno));
    }
  }
  Status TooLarge() const { return Fail(errors::kZipUnpackedTooLarge, limits_.unpacked_bytes); }

  zip_t* archive_;
  const ZipLimits& limits_;
  int64_t left_;
  std::string folder_;
  Descriptor top_;
  Descriptor entered_;  // closed: the top
  Path entered_path_;
  std::vector<Link> links_;
  std::string buffer_;
};

}  // namespace

Status Unzip(const std::string& file, const std::string& folder, const ZipLimits& limits) {
  const Archive archive(zip_open(file.c_str(), ZIP_RDONLY, nullptr));
  if (!archive) return Fail(errors::kZipUnreadable);
  return Unpacking(archive.get(), limits).Run(folder);
}

}  // namespace stator::functions
