// A mapping at work: a reader for each shard that is its turn. A child shard's turn comes when its parent is finished,
// or gone by age.
//
// Threads: a lane of its own choice; Start and Stop from any.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "triggers/shard_reader.h"

namespace stator::triggers {

class MappingWorker : public std::enable_shared_from_this<MappingWorker> {
 public:
  // Borrows all but the plan; they outlive the end of Stop.
  MappingWorker(const Ports& ports, const Options& options, Lanes& lanes, PlanRef plan);

  void Start();
  // Ends after the calls that are under way; `stopped` runs on some lane. REQUIRES: once, after Start.
  void Stop(Callback<> stopped);

 private:
  void Refresh();
  bool MayBegin(const streams::Stream& stream, const streams::Shard& shard) const;
  void Begin(const streams::StreamRef& stream, const streams::Shard& shard);
  void Finished(const std::string& shard);
  void ForgetGone(const streams::Stream* stream);
  void ReaderStopped();

  const Ports& ports_;
  const Options& options_;
  Lanes& lanes_;
  const PlanRef plan_;
  Lane& lane_;

  engine::Subscription watch_;
  Checkpoints checkpoints_;  // as they were when this began; finished ones are kept up to date
  std::map<std::string, std::shared_ptr<ShardReader>, std::less<>> readers_;
  bool stopping_ = false;
  size_t still_stopping_ = 0;
  Callback<> stopped_;
};

}  // namespace stator::triggers
