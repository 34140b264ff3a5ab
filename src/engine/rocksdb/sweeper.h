// Removes the bytes of dropped spaces in the background.
//
// A dropped space has a mark on disk until nothing of it is left, so a crash only delays the removal. Whole files go at
// once; what they leave is erased row by row: a range tombstone would be cheaper to write and dearer for every read.
#pragma once

#include <atomic>
#include <mutex>

#include "engine/rocksdb/committer.h"

namespace stator::engine {

class Sweeper {
 public:
  Sweeper(Database& database, Committer& committer) : database_(database), committer_(committer) {}
  ~Sweeper() { Stop(); }

  // The mark of `space` is on disk. `generation` is that of the moment it was dropped: after a Reset its number may
  // belong to another.
  void Sweep(Space space, uint64_t generation);
  uint64_t generation() const { return generation_; }
  // Everything was erased; gives the space back to the device.
  void CompactSoon();
  // Holds removal off; what was to be removed before is forgotten when `forget` is called inside.
  std::unique_lock<std::mutex> Pause() { return std::unique_lock(mutex_); }
  void Forget() { ++generation_; }
  void Stop();

 private:
  void Remove(Space space, uint64_t generation);
  // Erases up to kSlice rows; how many there were.
  size_t RemoveSlice(Space space);
  bool RemoveLog(Space space);

  Database& database_;
  Committer& committer_;
  std::mutex mutex_;  // held while a slice is removed
  std::atomic<uint64_t> generation_{0};
  std::atomic<bool> stopping_{false};
  std::mutex pool_mutex_;
  std::unique_ptr<WorkerPool> pool_;  // made when there is work
  void Post(Callback<> work);
};

}  // namespace stator::engine
