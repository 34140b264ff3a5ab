#include "engine/fault/disk_image.h"

#include <algorithm>
#include <cstring>

namespace stator::engine {
namespace {

constexpr size_t kSector = 512;

struct Written {
  uint64_t offset;
  std::string data;
  bool empties;  // cut to length 0 first
};

void Apply(std::string* content, const Written& write, size_t bytes) {
  if (write.empties) content->clear();
  if (bytes == 0) return;
  if (content->size() < write.offset + bytes) content->resize(write.offset + bytes, '\0');
  std::memcpy(content->data() + write.offset, write.data.data(), bytes);
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

std::string Clean(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

struct DiskImage::File {
  std::string content;
  std::string durable;            // as of the last sync
  std::vector<Written> unsynced;  // since then, in order
};

void DiskImage::CutAfter(uint64_t changes) {
  const std::lock_guard lock(mutex_);
  until_cut_ = changes;
}

void DiskImage::CutNow() {
  const std::lock_guard lock(mutex_);
  if (!off_) Cut();
}

bool DiskImage::off() const {
  const std::lock_guard lock(mutex_);
  return off_;
}

void DiskImage::Restart() {
  const std::lock_guard lock(mutex_);
  off_ = false;
  until_cut_.reset();
  locks_.clear();
}

void DiskImage::IgnoreSyncs(bool ignore) {
  const std::lock_guard lock(mutex_);
  ignore_syncs_ = ignore;
}

void DiskImage::SetFreeBytes(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  free_bytes_ = bytes;
}

uint64_t DiskImage::free_bytes() const {
  const std::lock_guard lock(mutex_);
  return free_bytes_;
}

uint64_t DiskImage::syncs() const {
  const std::lock_guard lock(mutex_);
  return syncs_;
}

uint64_t DiskImage::lost_bytes() const {
  const std::lock_guard lock(mutex_);
  return lost_bytes_;
}

uint64_t DiskImage::cuts() const {
  const std::lock_guard lock(mutex_);
  return life_ - 1;
}

bool DiskImage::Change() {
  if (off_) return false;
  if (!until_cut_) return true;
  if (*until_cut_ > 0) {
    --*until_cut_;
    return true;
  }
  Cut();
  return false;
}

bool DiskImage::Alive(const Handle& handle) const { return !off_ && handle.life == life_; }

void DiskImage::Cut() {
  off_ = true;
  ++life_;
  until_cut_.reset();
  const size_t kept = random_.Below(unsynced_names_.size() + 1);
  for (size_t i = unsynced_names_.size(); i > kept; --i) UndoName(unsynced_names_[i - 1]);
  unsynced_names_.clear();
  for (auto& [path, file] : names_) {
    auto after = std::make_shared<File>();
    after->content = Tear(*file);
    after->durable = after->content;
    file = std::move(after);
  }
}

void DiskImage::UndoName(const NameChange& change) {
  switch (change.kind) {
    case NameChange::Kind::kCreate:
      names_.erase(change.path);
      break;
    case NameChange::Kind::kRemove:
      names_[change.path] = change.file;
      break;
    case NameChange::Kind::kRename:
      names_.erase(change.to);
      if (change.replaced) names_[change.to] = change.replaced;
      names_[change.path] = change.file;
      break;
  }
}

// What is left of a file: its durable bytes and some of what was written since.
std::string DiskImage::Tear(const File& file) {
  std::string left = file.durable;
  if (file.unsynced.empty()) return left;
  enum { kNothing, kEverything, kPrefix, kPrefixThenZeros, kPrefixThenGarbage, kSomeSectors, kWays };
  const uint64_t way = random_.Below(kWays);
  if (way == kEverything) return file.content;
  size_t total = 0;
  for (const Written& write : file.unsynced) total += write.data.size();
  size_t prefix = way == kNothing ? 0 : random_.Below(total + 1);
  lost_bytes_ += total - prefix;
  if (way == kSomeSectors) {
    for (const Written& write : file.unsynced) {
      if (write.empties) left.clear();
      for (size_t at = 0; at < write.data.size();) {
        const size_t size = std::min(kSector - (write.offset + at) % kSector, write.data.size() - at);
        if (random_.Below(2)) Apply(&left, {write.offset + at, write.data.substr(at, size), false}, size);
        at += size;
      }
    }
    return left;
  }
  for (const Written& write : file.unsynced) {
    const size_t size = std::min(prefix, write.data.size());
    if (way != kNothing) Apply(&left, write, size);
    prefix -= size;
  }
  if (way == kPrefixThenZeros && left.size() < file.content.size()) left.resize(file.content.size(), '\0');
  if (way == kPrefixThenGarbage && left.size() < file.content.size()) {
    const size_t size = random_.Below(file.content.size() - left.size()) + 1;
    for (size_t i = 0; i < size; ++i) left.push_back(static_cast<char>(random_.Next()));
  }
  return left;
}

bool DiskImage::Open(const std::string& path, Handle* handle) const {
  const std::lock_guard lock(mutex_);
  const auto found = names_.find(path);
  if (off_ || found == names_.end()) return false;
  *handle = Handle{found->second, life_};
  return true;
}

bool DiskImage::Create(const std::string& path, Handle* handle) {
  const std::lock_guard lock(mutex_);
  if (!Change() || !folders_.contains(FolderOf(path))) return false;
  auto& file = names_[path];
  if (!file) {
    file = std::make_shared<File>();
    unsynced_names_.push_back({NameChange::Kind::kCreate, path, {}, file, nullptr});
  } else {
    file->content.clear();
    file->unsynced.push_back({0, {}, true});
  }
  *handle = Handle{file, life_};
  return true;
}

bool DiskImage::Rename(const std::string& from, const std::string& to) {
  const std::lock_guard lock(mutex_);
  const auto found = names_.find(from);
  if (!Change() || found == names_.end()) return false;
  std::shared_ptr<File> file = found->second;
  names_.erase(found);
  std::shared_ptr<File>& place = names_[to];
  unsynced_names_.push_back({NameChange::Kind::kRename, from, to, file, place});
  place = std::move(file);
  return true;
}

bool DiskImage::Remove(const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto found = names_.find(path);
  if (!Change() || found == names_.end()) return false;
  unsynced_names_.push_back({NameChange::Kind::kRemove, path, {}, found->second, nullptr});
  names_.erase(found);
  return true;
}

bool DiskImage::MakeFolder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (off_ || !folders_.contains(FolderOf(Clean(path)))) return false;
  folders_.insert(Clean(path));
  return true;
}

bool DiskImage::SyncFolder(const std::string& path) {
  const std::lock_guard lock(mutex_);
  if (!Change()) return false;
  ++syncs_;
  if (ignore_syncs_) return true;
  std::erase_if(unsynced_names_,
                [folder = Clean(path)](const NameChange& change) { return FolderOf(change.path) == folder; });
  return true;
}

bool DiskImage::Write(const Handle& handle, uint64_t offset, Bytes data) {
  const std::lock_guard lock(mutex_);
  if (!Alive(handle) || !Change()) return false;
  handle.file->unsynced.push_back({offset, std::string(data), false});
  Apply(&handle.file->content, handle.file->unsynced.back(), data.size());
  return true;
}

bool DiskImage::Sync(const Handle& handle) {
  const std::lock_guard lock(mutex_);
  if (!Alive(handle) || !Change()) return false;
  ++syncs_;
  if (!ignore_syncs_) SyncFile(*handle.file);
  return true;
}

void DiskImage::SyncFile(File& file) {
  for (const Written& write : file.unsynced) Apply(&file.durable, write, write.data.size());
  file.unsynced.clear();
}

bool DiskImage::Read(const Handle& handle, uint64_t offset, size_t size, std::string* out) const {
  const std::lock_guard lock(mutex_);
  if (!Alive(handle)) return false;
  const std::string& content = handle.file->content;
  *out = offset < content.size() ? content.substr(offset, size) : std::string();
  return true;
}

bool DiskImage::Size(const Handle& handle, uint64_t* size) const {
  const std::lock_guard lock(mutex_);
  if (!Alive(handle)) return false;
  *size = handle.file->content.size();
  return true;
}

bool DiskImage::Exists(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return !off_ && (names_.contains(path) || folders_.contains(Clean(path)));
}

bool DiskImage::IsFolder(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return !off_ && folders_.contains(Clean(path));
}

bool DiskImage::List(const std::string& folder, std::vector<std::string>* names) const {
  const std::lock_guard lock(mutex_);
  if (off_ || !folders_.contains(Clean(folder))) return false;
  const std::string inside = Clean(folder) == "/" ? "/" : Clean(folder) + "/";
  for (auto at = names_.lower_bound(inside); at != names_.end() && at->first.starts_with(inside); ++at) {
    if (at->first.find('/', inside.size()) == std::string::npos) names->push_back(at->first.substr(inside.size()));
  }
  return true;
}

bool DiskImage::Lock(const std::string& path) {
  const std::lock_guard lock(mutex_);
  return !off_ && locks_.insert(path).second;
}

void DiskImage::Unlock(const std::string& path) {
  const std::lock_guard lock(mutex_);
  locks_.erase(path);
}

}  // namespace stator::engine
