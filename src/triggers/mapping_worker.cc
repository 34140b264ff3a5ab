#include "triggers/mapping_worker.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/log.h"

namespace stator::triggers {
namespace {

Lane& LaneOf(Lanes& lanes, const std::string& name) {
  return lanes.at(static_cast<int>(std::hash<std::string>()(name) % static_cast<size_t>(lanes.size())));
}

}  // namespace

MappingWorker::MappingWorker(const Ports& ports, const Options& options, Lanes& lanes, PlanRef plan)
    : ports_(ports),
      options_(options),
      lanes_(lanes),
      plan_(std::move(plan)),
      lane_(LaneOf(lanes, plan_->mapping->uuid)) {}

void MappingWorker::Start() {
  lane_.Post([self = shared_from_this()] {
    if (self->stopping_) return;
    Result<Checkpoints> checkpoints = ReadCheckpoints(self->ports_.engine, self->plan_->mapping->uuid);
    if (!checkpoints.ok()) {
      // Without them it would begin again from its start: it rests, and another start may do better.
      LogError("event source mapping " + self->plan_->mapping->uuid + ": " + checkpoints.error().text);
      return;
    }
    self->checkpoints_ = std::move(*checkpoints);
    self->watch_ = self->ports_.streams.WatchStreams(&self->lane_, [weak = self->weak_from_this()] {
      if (const auto worker = weak.lock()) worker->Refresh();
    });
    self->Refresh();
  });
}

void MappingWorker::Refresh() {
  if (stopping_) return;
  const streams::StreamRef stream = ports_.streams.Find(catalog::kSharedNamespace, plan_->mapping->stream_arn);
  ForgetGone(stream.get());
  if (!stream) return;
  for (const streams::Shard& shard : stream->shards) {
    if (!readers_.contains(shard.id) && MayBegin(*stream, shard)) Begin(stream, shard);
  }
}

bool MappingWorker::MayBegin(const streams::Stream& stream, const streams::Shard& shard) const {
  const auto own = checkpoints_.find(shard.id);
  if (own != checkpoints_.end() && own->second.finished) return false;
  if (shard.parent.empty() || !stream.FindShard(shard.parent)) return true;
  const auto parent = checkpoints_.find(shard.parent);
  return parent != checkpoints_.end() && parent->second.finished;
}

void MappingWorker::Begin(const streams::StreamRef& stream, const streams::Shard& shard) {
  const auto checkpoint = checkpoints_.find(shard.id);
  const engine::Position next =
      std::max(checkpoint == checkpoints_.end() ? plan_->mapping->start : checkpoint->second.next, shard.first);
  auto finished = [weak = weak_from_this(), id = shard.id] {
    const auto worker = weak.lock();
    if (worker) worker->lane_.Post([worker, id] { worker->Finished(id); });
  };
  auto reader = std::make_shared<ShardReader>(ports_, options_, plan_, stream, shard, next, LaneOf(lanes_, shard.id),
                                              std::move(finished));
  readers_.emplace(shard.id, reader);
  reader->Start();
}

void MappingWorker::Finished(const std::string& shard) {
  checkpoints_[shard].finished = true;
  if (stopping_) return;
  readers_.erase(shard);
  Refresh();
}

// Shards that are gone by age, or with their stream: nothing is left to read, and nothing to remember.
void MappingWorker::ForgetGone(const streams::Stream* stream) {
  const auto gone = [&](const std::string& shard) { return !stream || !stream->FindShard(shard); };
  for (auto reader = readers_.begin(); reader != readers_.end();) {
    if (!gone(reader->first)) {
      ++reader;
      continue;
    }
    reader->second->Stop([kept = reader->second] {});
    reader = readers_.erase(reader);
  }
  engine::Batch batch;
  for (auto known = checkpoints_.begin(); known != checkpoints_.end();) {
    if (!gone(known->first)) {
      ++known;
      continue;
    }
    EraseCheckpoint(&batch, plan_->mapping->uuid, known->first);
    known = checkpoints_.erase(known);
  }
  if (!batch.empty()) ports_.engine.Commit(std::move(batch), &lane_, [](engine::Committed) {});
}

void MappingWorker::Stop(Callback<> stopped) {
  lane_.Post([self = shared_from_this(), stopped = std::move(stopped)]() mutable {
    self->stopping_ = true;
    self->watch_ = engine::Subscription();
    self->stopped_ = std::move(stopped);
    self->still_stopping_ = self->readers_.size() + 1;
    for (const auto& [id, reader] : self->readers_) {
      reader->Stop([self] { self->lane_.Post([self] { self->ReaderStopped(); }); });
    }
    self->ReaderStopped();
  });
}

void MappingWorker::ReaderStopped() {
  if (--still_stopping_ > 0) return;
  readers_.clear();
  std::exchange(stopped_, nullptr)();
}

}  // namespace stator::triggers
