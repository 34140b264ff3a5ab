// The items of all tables on one engine: reading, changing, counting, and the background work that the states of tables
// ask for.
#pragma once

#include <memory>

#include "base/lane.h"
#include "base/task.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "table/expiry.h"
#include "table/mutate.h"
#include "table/sizes.h"
#include "table/tokens.h"

namespace stator::table {

class Tables {
 public:
  // Borrows all of them. Observes the catalog from here on.
  Tables(engine::Engine& engine, catalog::Catalog& catalog, const streams::Streams& streams, WorkerPool& workers);
  ~Tables();

  // Takes up what a restart interrupted: counts, backfills, dropped spaces. `lane` runs the background tasks; the lanes
  // need not run yet. Before the first mutation.
  Status Start(Lane& lane);
  // Removes items whose time has come, from here on until StopExpiry. After Start, before the first change of a table.
  void StartExpiry(const Clock& clock, ExpiryOptions options);
  // Blocks; the lanes still run.
  void StopExpiry();
  // A clean stop: no mutation is running or will. Writes the counts down.
  Status Stop();

  engine::Engine& engine() { return engine_; }
  Mutator& mutator() { return mutator_; }
  Tokens& tokens() { return tokens_; }
  ExpiryKeeper* expiry() { return expiry_.get(); }  // null unless it was started
  // Of a table or, if given, its index.
  Size SizeOf(const catalog::TableSchema& table, const catalog::IndexSchema* index) const;
  // After Engine::Reset.
  void Reset() { sizes_.Clear(); }

 private:
  class Lifecycle;

  engine::Engine& engine_;
  catalog::Catalog& catalog_;
  WorkerPool& workers_;
  Sizes sizes_;
  Mutator mutator_;
  Tokens tokens_{engine_};
  std::unique_ptr<Lifecycle> lifecycle_;
  std::unique_ptr<ExpiryKeeper> expiry_;
};

}  // namespace stator::table
