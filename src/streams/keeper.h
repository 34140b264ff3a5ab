// How streams change: with their tables, in the same commit, and with time. What is kept of a stream changes in the
// catalog's turn only; readers and writers take what is published.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/task.h"
#include "catalog/catalog.h"
#include "engine/engine.h"
#include "streams/published.h"
#include "streams/shards.h"

namespace stator::streams {

class Keeper final : public catalog::Companion {
 public:
  // Borrows all of them.
  Keeper(engine::Engine& engine, catalog::Catalog& catalog, const Clock& clock, StreamOptions options)
      : engine_(engine), catalog_(catalog), clock_(clock), options_(options) {}
  ~Keeper() override { catalog_.Accompany(nullptr); }

  // Reads the streams of the store, brings them in line with the catalog, and accompanies it from here on.
  Status Load();
  // Advances in the background.
  void Start(Lane& lane);
  // Rolls over the shards that are due, or all of them, and forgets what is too old; done when the parents are closed.
  // Waits for what has begun by itself.
  Task<Status> Advance(bool roll_all, Lane& lane);

  // Any thread. Closings that wait for writers are left to the next start.
  void Stop() { stopping_.store(true); }

  StreamStatus StatusOf(const Stream& stream) const;
  Published& published() { return published_; }
  engine::Engine& engine() { return engine_; }
  const Clock& clock() const { return clock_; }

  void Prepare(const catalog::TableSchema* before, catalog::TableSchema* after, NewSpace new_space,
               engine::Batch* batch) override;
  void PrepareRemoveAll(engine::Batch* batch) override;
  void Committed() override;

 private:
  using Turn = catalog::Catalog::Turn;

  Moment ThisMoment() const { return {clock_.Now(), engine_.newest() + 1}; }
  void MakeLabelNew(catalog::TableSchema* table) const;

  // What a commit in the making changes. REQUIRES: the catalog's turn.
  void Stage(StreamRef before, Stream after, engine::Batch* batch);
  void StageEnd(const StreamName& name, engine::Batch* batch);
  void StageReconciled(Turn& turn, engine::Batch* batch);
  Status StageClosed(const StreamRef& stream, const std::vector<engine::Space>& logs, engine::Batch* batch);
  void StageDue(bool roll_all, Turn& turn, engine::Batch* batch);
  Status CommitNow(engine::Batch batch);
  Task<Status> CommitStaged(engine::Batch batch, std::vector<Left>* left, Lane& lane);

  bool IsAnythingDue(bool roll_all) const;
  Task<Status> AdvanceNow(bool roll_all, Lane& lane);
  Task<Status> AdvanceInTurn(bool roll_all, std::vector<Left>* left, Lane& lane);
  Task<Status> Finish(Left left, Lane& lane);
  Task<Status> CloseInTurn(StreamName name, std::vector<engine::Space> logs, Lane& lane);

  engine::Engine& engine_;
  catalog::Catalog& catalog_;
  const Clock& clock_;
  const StreamOptions options_;
  Published published_;
  std::vector<Step> staged_;  // REQUIRES: the catalog's turn
  std::atomic<int> finishing_{0};
  std::atomic<bool> stopping_{false};
  // Timers look here whether this is still there; it goes after the lanes have stopped.
  std::shared_ptr<Keeper*> alive_ = std::make_shared<Keeper*>(this);
};

}  // namespace stator::streams
