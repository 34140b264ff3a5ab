// Conflicts on demand: tests choose an item, or a token, and how often who comes for it is told that a transaction
// holds it. Nothing is asked of anybody while none are wanted but one load.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "engine/engine.h"

namespace stator::table {

// Threads: any.
class Conflicts {
 public:
  // Who is told, as bits of one set.
  enum Kind : uint8_t {
    kWrite = 1,        // PutItem, UpdateItem, DeleteItem
    kTransaction = 2,  // TransactWriteItems
    kRead = 4,         // TransactGetItems
  };

  // The next `times` of these `kinds` that come for the item, counted together; 0: none any more.
  void Want(engine::Space space, Bytes key, uint8_t kinds, uint64_t times);
  // The next `times` transactions with this token find it in use.
  void WantInProgress(Bytes token, uint64_t times);
  void Clear();

  // Whether this one is to be told; counts.
  bool Take(Kind kind, engine::Space space, Bytes key) {
    return wanted_.load(std::memory_order_relaxed) && TakeItem(kind, space, key);
  }
  bool TakeInProgress(Bytes token) { return wanted_.load(std::memory_order_relaxed) && TakeToken(token); }

 private:
  struct Wanted {
    uint8_t kinds;
    uint64_t times;
  };

  bool TakeItem(Kind kind, engine::Space space, Bytes key);
  bool TakeToken(Bytes token);
  void Note();  // REQUIRES: mutex_

  std::atomic<bool> wanted_{false};
  std::mutex mutex_;
  std::map<std::pair<engine::Space, std::string>, Wanted> items_;
  std::map<std::string, uint64_t, std::less<>> tokens_;
};

}  // namespace stator::table
