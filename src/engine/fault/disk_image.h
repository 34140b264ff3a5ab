// A disk in memory that can lose its power: what was not synced may be lost, torn, zeroed or replaced by garbage.
//
// The model: a file's bytes are durable after a sync of the file; a name (made, renamed or removed) after a sync of its
// folder, or if every earlier change of names is, as on a journalling file system. Of the bytes written since, each
// sector may or may not be there. After a cut every open file is dead: whoever holds one gets errors.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/random.h"

namespace stator::engine {

// Threads: every member from any thread.
class DiskImage {
 public:
  struct File;
  // An open file. Dead after the next cut.
  struct Handle {
    std::shared_ptr<File> file;
    uint64_t life = 0;
  };

  explicit DiskImage(uint64_t seed) : random_(seed) {}

  // The power fails at the `changes`-th change or sync from now.
  void CutAfter(uint64_t changes);
  void CutNow();
  bool off() const;
  // Power returns.
  void Restart();
  // A disk that lies: syncs say that they are done and do nothing.
  void IgnoreSyncs(bool ignore);
  void SetFreeBytes(uint64_t bytes);
  uint64_t free_bytes() const;
  uint64_t syncs() const;
  uint64_t lost_bytes() const;  // torn away so far
  uint64_t cuts() const;

  // False everywhere: no power, or no such file.
  bool Open(const std::string& path, Handle* handle) const;
  bool Create(const std::string& path, Handle* handle);  // empties a file that is there
  bool Rename(const std::string& from, const std::string& to);
  bool Remove(const std::string& path);
  bool MakeFolder(const std::string& path);
  bool SyncFolder(const std::string& path);
  bool Write(const Handle& handle, uint64_t offset, Bytes data);
  bool Sync(const Handle& handle);
  // Up to `size` bytes from `offset`.
  bool Read(const Handle& handle, uint64_t offset, size_t size, std::string* out) const;
  bool Size(const Handle& handle, uint64_t* size) const;
  bool Exists(const std::string& path) const;
  bool IsFolder(const std::string& path) const;
  bool List(const std::string& folder, std::vector<std::string>* names) const;
  bool Lock(const std::string& path);
  void Unlock(const std::string& path);

 private:
  struct NameChange {
    enum class Kind { kCreate, kRename, kRemove } kind;
    std::string path;
    std::string to;                  // kRename
    std::shared_ptr<File> file;      // the one that is named
    std::shared_ptr<File> replaced;  // kRename: what `to` was before; may be null
  };

  // With mutex_ held.
  bool Change();  // counts down to the cut; false: no power
  bool Alive(const Handle& handle) const;
  void Cut();
  void UndoName(const NameChange& change);
  std::string Tear(const File& file);
  void SyncFile(File& file);

  mutable std::mutex mutex_;
  Random random_;  // all of these: guarded by mutex_
  std::map<std::string, std::shared_ptr<File>> names_;
  std::set<std::string> folders_{"/"};
  std::set<std::string> locks_;
  std::vector<NameChange> unsynced_names_;
  std::optional<uint64_t> until_cut_;
  bool off_ = false;
  bool ignore_syncs_ = false;
  uint64_t life_ = 1;
  uint64_t syncs_ = 0;
  uint64_t lost_bytes_ = 0;
  uint64_t free_bytes_ = uint64_t{1} << 40;
};

}  // namespace stator::engine
