// How far the fronts of the expiry indexes have been removed. What was removed leaves nothing to find but is slow to
// step over, so the next look goes on where the last one stopped; unless something came to lie in front of that since.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>

#include "engine/engine.h"
#include "table/expiry_index.h"

namespace stator::table {

// Threads: any; one at a time goes on in a space.
class ExpiryProgress {
 public:
  // A row of that time was committed.
  void Put(engine::Space space, Expiry expiry) {
    if (expiry <= looked_.load()) Note(space, expiry);
  }

  // Begins to look for what is due, from what it gives on. The rows committed before are seen, the others will be told
  // by Put and are found the next time.
  std::string Begin(engine::Space space, const DueKeys& due);
  // Nothing is left in front of `key`.
  void Advance(engine::Space space, std::string key);
  void Forget(engine::Space space);

 private:
  struct Front {
    std::string next;
    std::string early;  // empty: nothing came
  };
  void Note(engine::Space space, Expiry expiry);

  // The greatest time looked at. A commit and the load of it, the store and a look are in one order, whichever.
  std::atomic<Expiry> looked_{0};
  std::mutex mutex_;
  std::map<engine::Space, Front> fronts_;  // guarded by mutex_
};

}  // namespace stator::table
