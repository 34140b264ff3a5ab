// Reads one shard for one mapping, from a position to the shard's end: control of what stands beside it. Records go
// through the filters into batches (batcher.h), batches to the function (delivery.h), what is done into checkpoints
// (checkpoints.h).
//
// It is woken by commits and by the ends of calls; nothing is polled. With a ParallelizationFactor, records are dealt
// to as many queues by the hash of their item's key, so each item's stay in order; the checkpoint is the lowest
// position that one of them has not done.
//
// Threads: one lane; Start and Stop from any.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "triggers/batcher.h"
#include "triggers/checkpoints.h"
#include "triggers/delivery.h"
#include "triggers/nap.h"
#include "triggers/ports.h"

namespace stator::triggers {

class ShardReader : public std::enable_shared_from_this<ShardReader> {
 public:
  // `finished`: the shard was read to its end, everything in it is done, and a checkpoint says so. On its lane.
  ShardReader(const Ports& ports, const Options& options, PlanRef plan, streams::StreamRef stream, streams::Shard shard,
              engine::Position next, Lane& lane, Callback<> finished);

  void Start();
  // Ends after the calls that are under way; `stopped` runs on its lane once a last checkpoint is written. REQUIRES:
  // once. `finished` may still run before it.
  void Stop(Callback<> stopped);

 private:
  struct Queue {
    Queue(const Settings& settings, const Delivery::Place& place, Callback<> progress)
        : batcher(settings), delivery(place, std::move(progress)) {}
    Batcher batcher;
    Delivery delivery;
  };
  enum class Phase : uint8_t { kReading, kDrained, kFinished, kStopping, kStopped };

  void Pump();
  bool Fill();
  void Take(const streams::Change& change, MonotonicTime now);
  bool HasRoom() const;
  void LookForEnd();
  void Launch();
  bool EndWindowNow(const Queue& queue) const;
  void Run(Task<bool> task);
  void ArmTimer();
  void WakeIn(Duration delay);

  engine::Position Undone() const;
  bool Idle() const;
  void KeepCheckpoint();
  void WriteCheckpoint(Checkpoint checkpoint);
  void AfterCheckpoint(Checkpoint checkpoint, bool written);
  void FinishOrStop();

  const Ports& ports_;
  const Options& options_;
  const PlanRef plan_;
  streams::StreamRef stream_;
  streams::Shard shard_;
  Lane& lane_;
  Naps naps_;
  Callback<> finished_;
  Callback<> stopped_;

  Phase phase_ = Phase::kReading;
  engine::Position next_;  // to be read
  std::vector<std::unique_ptr<Queue>> queues_;
  engine::Subscription watch_;
  bool pumping_ = false;
  bool pump_again_ = false;
  std::optional<MonotonicTime> wake_at_;

  engine::Position written_;  // of the last checkpoint
  MonotonicTime written_at_{};
  bool writing_ = false;
};

}  // namespace stator::triggers
