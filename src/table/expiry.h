// Expiry: items are removed when the time in their attribute has passed.
//
// Control, data, checkpoint: this is the control; what is due is found by the expiry index (table/expiry_index.h), and
// where the last look at it stopped is its progress (table/expiry_progress.h), which a restart may forget. An item is
// removed like any other (table/mutate.h): when it is its key's turn it is looked at again, and one that was given more
// time meanwhile, or another that took its place, stays. Its removal says in the stream that a service did it.
//
// All of it runs on an event thread of its own, since items that expire are seldom in a cache. It goes in small steps
// and rests between them for longer than they took: what slows the others slows it more.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/lane.h"
#include "base/task.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "table/mutate.h"

namespace stator::table {

struct ExpiryOptions {
  Duration interval = std::chrono::seconds(10);  // between looks
  // Told of items that were removed from a table, on the keeper's own thread; must not block.
  std::function<void(const std::string& table, uint64_t items)> on_removed{};
};

// Threads: every member from any thread, unless it says otherwise.
class ExpiryKeeper {
 public:
  // Borrows all of them. The event thread begins with the first table whose items expire.
  ExpiryKeeper(engine::Engine& engine, catalog::Catalog& catalog, Mutator& mutator, const Clock& clock,
               ExpiryOptions options);
  ~ExpiryKeeper();

  // Takes up what a restart interrupted. Before the first change of a table.
  void Start();
  // Blocks until nothing is under way; nothing begins any more. The lanes of others still run.
  void Stop();

  // A published change of a table, on the lane of the change: an expiry index that is to be filled, or one that goes.
  void OnChange(const catalog::TableRef& before, const catalog::TableRef& after);
  // Removes everything that is due now, without rests, once the indexes that are being filled are. For tests.
  Task<Status> RemoveDue(Lane& lane);

  struct Figures {
    uint64_t removed = 0;  // items
    uint64_t kept = 0;     // items that were given more time just before they would have been removed
  };
  Figures figures() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::table
