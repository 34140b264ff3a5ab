#include "triggers/shard_reader.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace stator::triggers {
namespace {

// What is read before the lane turns to others.
constexpr size_t kReadRecords = 256;
constexpr size_t kReadBytes = size_t{256} << 10;
// What may wait while calls are under way.
constexpr size_t kMinWaitingRecords = 200;
constexpr size_t kMaxWaitingBytes = size_t{16} << 20;
// The steppable clock tells nobody that it was stepped: while a tumbling window is open, it is looked at.
constexpr Duration kWindowLook{200'000};
constexpr Duration kCheckpointRetry{100'000};

int QueuesOf(const Settings& settings) {
  // A window's state is the shard's: one call after the other.
  return settings.tumbling_window_seconds > 0 ? 1 : settings.parallelization_factor;
}

}  // namespace

ShardReader::ShardReader(const Ports& ports, const Options& options, PlanRef plan, streams::StreamRef stream,
                         streams::Shard shard, engine::Position next, Lane& lane, Callback<> finished)
    : ports_(ports),
      options_(options),
      plan_(std::move(plan)),
      stream_(std::move(stream)),
      shard_(std::move(shard)),
      lane_(lane),
      naps_(lane),
      finished_(std::move(finished)),
      next_(next),
      written_(next) {
  const Delivery::Place place{ports_, options_, *plan_, shard_.id, lane_, naps_};
  for (int i = 0; i < QueuesOf(plan_->settings()); ++i) {
    queues_.push_back(std::make_unique<Queue>(plan_->settings(), place, [this] { KeepCheckpoint(); }));
  }
}

void ShardReader::Start() {
  lane_.Post([self = shared_from_this()] {
    if (self->phase_ != Phase::kReading) return;
    self->watch_ = self->ports_.streams.WatchShard(self->shard_, &self->lane_, [weak = self->weak_from_this()] {
      if (const auto reader = weak.lock()) reader->Pump();
    });
    self->Pump();
  });
}

void ShardReader::Stop(Callback<> stopped) {
  lane_.Post([self = shared_from_this(), stopped = std::move(stopped)]() mutable {
    self->stopped_ = std::move(stopped);
    self->watch_ = engine::Subscription();
    if (self->phase_ != Phase::kFinished) self->phase_ = Phase::kStopping;
    self->naps_.Stop();
    self->FinishOrStop();
  });
}

// Reads, hands over, looks at what is left to do. Ends of calls come back here, also while it runs.
void ShardReader::Pump() {
  pump_again_ = true;
  if (pumping_) return;
  pumping_ = true;
  while (std::exchange(pump_again_, false)) {
    if (phase_ == Phase::kReading && Fill()) {
      lane_.Post([self = shared_from_this()] { self->Pump(); });
    }
    Launch();
  }
  pumping_ = false;
  ArmTimer();
  KeepCheckpoint();
  FinishOrStop();
}

bool ShardReader::HasRoom() const {
  size_t records = 0;
  size_t bytes = 0;
  for (const auto& queue : queues_) {
    records += queue->batcher.records();
    bytes += queue->batcher.bytes();
  }
  const size_t enough = 2 * queues_.size() * static_cast<size_t>(plan_->settings().batch_size);
  return records < std::max(enough, kMinWaitingRecords) && bytes < kMaxWaitingBytes;
}

// Whether there is more that could be read at once.
bool ShardReader::Fill() {
  if (!HasRoom()) return false;
  const MonotonicTime now = MonotonicNow();
  size_t taken = 0;
  const Status read = ports_.streams.Read(shard_, next_, kReadRecords, kReadBytes, [&](const streams::Change& change) {
    ++taken;
    Take(change, now);
    return HasRoom();
  });
  if (!read.ok()) {
    LogError("event source mapping " + plan_->mapping->uuid + ": reading " + shard_.id + ": " + read.error().text);
    WakeIn(options_.back_off.start);
    return false;
  }
  if (taken == 0) LookForEnd();
  return taken > 0 && HasRoom();
}

void ShardReader::Take(const streams::Change& change, MonotonicTime now) {
  next_ = change.position + 1;
  if (!plan_->filters.Pass(*stream_, change)) return;
  const size_t count = queues_.size();
  const size_t queue = count == 1 ? 0 : streams::ItemHash(stream_->key, change) % count;
  queues_[queue]->batcher.Add(*stream_, change, now);
}

// There was nothing to read at next_: if the shard is closed now and was so before the look, there never will be.
void ShardReader::LookForEnd() {
  if (!shard_.closed()) {
    const streams::StreamRef newest = ports_.streams.Find(stream_->name_space, stream_->arn);
    const streams::Shard* shard = newest ? newest->FindShard(shard_.id) : nullptr;
    if (!shard || !shard->closed()) return;
    stream_ = newest;
    shard_ = *shard;
    if (!shard_.EndsBefore(next_)) {
      pump_again_ = true;
      return;
    }
  }
  phase_ = Phase::kDrained;
  watch_ = engine::Subscription();
  for (const auto& queue : queues_) queue->batcher.Close();
}

bool ShardReader::EndWindowNow(const Queue& queue) const {
  const std::optional<Time> end = queue.delivery.WindowEnd();
  if (!end || !queue.batcher.empty()) return false;
  return phase_ == Phase::kDrained || ports_.clock.Now() >= *end;
}

void ShardReader::Launch() {
  if (phase_ != Phase::kReading && phase_ != Phase::kDrained) return;
  const MonotonicTime now = MonotonicNow();
  for (const auto& queue : queues_) {
    Delivery& delivery = queue->delivery;
    if (delivery.busy()) continue;
    if (queue->batcher.Ready(now)) {
      Run(delivery.Run(queue->batcher.Take()));
    } else if (EndWindowNow(*queue)) {
      Run(delivery.EndWindow());
    }
  }
}

void ShardReader::Run(Task<bool> task) {
  stator::Start(std::move(task), [self = shared_from_this()](bool) { self->Pump(); });
}

void ShardReader::ArmTimer() {
  if (phase_ != Phase::kReading && phase_ != Phase::kDrained) return;
  const MonotonicTime now = MonotonicNow();
  for (const auto& queue : queues_) {
    if (queue->delivery.busy()) continue;
    if (const auto ready = queue->batcher.ReadyAt()) {
      WakeIn(std::chrono::ceil<Duration>(std::max(*ready - now, MonotonicTime::duration::zero())));
    } else if (queue->delivery.WindowEnd()) {
      WakeIn(kWindowLook);
    }
  }
}

// One wake-up at a time, unless an earlier one is needed.
void ShardReader::WakeIn(Duration delay) {
  const MonotonicTime at = MonotonicNow() + delay;
  if (wake_at_ && *wake_at_ <= at) return;
  wake_at_ = at;
  lane_.After(delay, [weak = weak_from_this(), at] {
    const auto self = weak.lock();
    if (!self || self->wake_at_ != at) return;
    self->wake_at_.reset();
    self->Pump();
  });
}

// --- How far it has come. ---

engine::Position ShardReader::Undone() const {
  engine::Position undone = next_;
  for (const auto& queue : queues_) {
    if (!queue->batcher.empty()) undone = std::min(undone, queue->batcher.front().position);
    if (const auto delivering = queue->delivery.Undone()) undone = std::min(undone, *delivering);
  }
  return undone;
}

bool ShardReader::Idle() const {
  return std::none_of(queues_.begin(), queues_.end(), [](const auto& queue) { return queue->delivery.busy(); });
}

// Writes a checkpoint when there is something new to say and the last one is long enough ago.
void ShardReader::KeepCheckpoint() {
  if (writing_ || phase_ == Phase::kFinished || phase_ == Phase::kStopped) return;
  const engine::Position undone = Undone();
  if (undone == written_) return;
  const auto due = written_at_ + options_.checkpoint_spacing;
  const MonotonicTime now = MonotonicNow();
  if (now >= due) return WriteCheckpoint({undone, false});
  WakeIn(std::chrono::ceil<Duration>(due - now));
}

void ShardReader::WriteCheckpoint(Checkpoint checkpoint) {
  writing_ = true;
  engine::Batch batch;
  PutCheckpoint(&batch, plan_->mapping->uuid, shard_.id, checkpoint);
  ports_.engine.Commit(std::move(batch), &lane_, [self = shared_from_this(), checkpoint](engine::Committed committed) {
    self->AfterCheckpoint(checkpoint, committed.outcome == engine::Outcome::kDone);
  });
}

void ShardReader::AfterCheckpoint(Checkpoint checkpoint, bool written) {
  writing_ = false;
  written_at_ = MonotonicNow();
  if (!written && phase_ != Phase::kStopping) return WakeIn(kCheckpointRetry);
  if (!written) phase_ = Phase::kStopped;  // what is not remembered is delivered again
  if (written) written_ = checkpoint.next;
  if (written && checkpoint.finished) phase_ = Phase::kFinished;
  KeepCheckpoint();
  FinishOrStop();
}

// The last checkpoint of a shard, or of a reader that stops, comes when no call is under way.
void ShardReader::FinishOrStop() {
  if (writing_ || pumping_ || !Idle()) return;
  if (phase_ == Phase::kDrained) {
    const bool waiting = std::any_of(queues_.begin(), queues_.end(), [](const auto& queue) {
      return !queue->batcher.empty() || queue->delivery.WindowEnd().has_value();
    });
    if (!waiting) WriteCheckpoint({next_, true});
    return;
  }
  if (phase_ == Phase::kStopping) {
    if (Undone() != written_) return WriteCheckpoint({Undone(), false});
    phase_ = Phase::kStopped;
  }
  if (phase_ == Phase::kFinished && finished_) std::exchange(finished_, nullptr)();
  if ((phase_ == Phase::kFinished || phase_ == Phase::kStopped) && stopped_) std::exchange(stopped_, nullptr)();
}

}  // namespace stator::triggers
