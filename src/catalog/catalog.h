// The tables there are. Holds every TableSchema in memory, keeps them as records in space 0, and is the only way one
// changes: a change is validated against the newest schema, committed, published, and told to the observer, in turn.
//
// Threads: Find and List from any thread, without waiting; changes are tasks on any lane.
#pragma once

#include <absl/functional/function_ref.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/callback.h"
#include "base/clock.h"
#include "base/task.h"
#include "base/task_mutex.h"
#include "catalog/schema.h"
#include "engine/engine.h"
#include "errors/result.h"

namespace stator::catalog {

struct CatalogOptions {
  std::string account = "000000000000";
  // How long CREATING, UPDATING and DELETING last. Zero: the answer says CREATING and the next request sees ACTIVE.
  Duration state_delay{0};
};

// Told of each published change, in order, on the lane of the change: a table that appears has no `before`, one that is
// gone no `after`. `table` backfills the indexes that are kCreating in `after` and drops the spaces that left.
using SchemaObserver = std::function<void(TableRef before, TableRef after)>;

// Keeps records of its own beside those of tables (`streams`): what it adds is committed with a change, or not at all.
// Called in the catalog's turn, on the lane of the change.
class Companion {
 public:
  virtual ~Companion() = default;
  // A change about to be committed: a table that appears has no `before`, one that goes no `after`. May adjust `after`,
  // which nobody has seen yet.
  using NewSpace = absl::FunctionRef<engine::Space()>;
  virtual void Prepare(const TableSchema* before, TableSchema* after, NewSpace new_space, engine::Batch* batch) = 0;
  // Every table goes, and so does everything beside them.
  virtual void PrepareRemoveAll(engine::Batch* batch) = 0;
  // What was prepared last is durable; nobody has seen the change yet.
  virtual void Committed() = 0;
};

class Catalog {
 public:
  // Reads the catalog of the store.
  static Result<std::unique_ptr<Catalog>> Open(engine::Engine& engine, const Clock& clock, CatalogOptions options);
  ~Catalog();

  void Observe(SchemaObserver observer);  // before the first change
  void Accompany(Companion* companion);   // before the first change; borrowed, until the last

  // A table for reading and writing items, by name or ARN (up to 1,024 characters); ResourceNotFoundException with the
  // data plane's text if there is none or it is still CREATING.
  Result<TableRef> ForItems(NamespaceId, Bytes name_or_arn) const;
  // A table in any state; null if there is none.
  TableRef Find(NamespaceId, Bytes name_or_arn) const;
  // In name order, names > `after`.
  std::vector<TableRef> List(NamespaceId, Bytes after, size_t limit) const;
  std::vector<TableRef> All() const;
  // Tables, and how many indexes are being built, for DescribeLimits and the limits on creation.
  size_t size() const;
  Duration state_delay() const;

  // Adds a table (its spaces are assigned here); kTableInUse if the name is taken. Gives the schema as published.
  Task<Result<TableRef>> Create(TableSchema schema, Lane& lane);
  // Replaces a table by what `change` makes of its newest schema; new indexes (those of a name it did not have) get
  // their spaces here and begin as kCreating. A change that sets kUpdating is one the client can watch: with a delay
  // the table stays in that state so long, and the indexes it loses in kDeleting. Gives the new one. A table that is
  // not ACTIVE is in use (ResourceInUseException), for Remove too.
  Task<Result<TableRef>> Change(NamespaceId, std::string name_or_arn,
                                std::function<Result<TableSchema>(const TableSchema&)> change, Lane& lane);
  // Removes a table if `permit` agrees with its newest schema. Gives the schema it had.
  Task<Result<TableRef>> Remove(NamespaceId, std::string name_or_arn, std::function<Status(const TableSchema&)> permit,
                                Lane& lane);
  // Removes every table at once, whatever its state or protection, without the delay of states: for tests.
  Task<Status> RemoveAll(Lane& lane);
  // An index is filled: it becomes ACTIVE, after its table; an expiry index: it finds every item. Nothing happens if
  // the table or index is gone.
  Task<Status> IndexBuilt(engine::Space index, Lane& lane);
  // Spaces of tables and indexes that were removed and whose rows may still be there; kept across restarts until
  // Dropped.
  std::vector<engine::Space> DroppedSpaces() const;
  // The engine was told to drop it. Nobody waits for that to be written: it goes with the next change, and a space
  // that is dropped once more after a crash is none the worse.
  void Dropped(engine::Space space);

  // A turn among the changes, for a change of what is kept beside the tables: while it is held no table changes.
  class Turn;
  Task<Turn> TakeTurn(Lane& lane);
  Turn FirstTurn();  // before the first change

 private:
  struct Impl;
  explicit Catalog(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Catalog::Turn {
 public:
  // A space that was never used. Write must then be part of the commit that needs it.
  engine::Space NewSpace();
  void Write(engine::Batch* batch) const;
  // The record of a space that goes, for the commit by which it does: Drop it afterwards, then tell Dropped.
  static void WriteDropped(engine::Batch* batch, engine::Space space);

 private:
  friend class Catalog;
  Turn(TaskMutex::Held held, Impl* impl) : held_(std::move(held)), impl_(impl) {}

  TaskMutex::Held held_;
  Impl* impl_;
};

}  // namespace stator::catalog
