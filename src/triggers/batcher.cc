#include "triggers/batcher.h"

#include <utility>

namespace stator::triggers {

Time WindowStart(Time record, int seconds) {
  const int64_t length = int64_t{seconds} * 1'000'000;
  return Time{record.micros / length * length};
}

bool Batcher::Full(const EventBatch& batch) const { return batch.size() >= static_cast<size_t>(settings_.batch_size); }

bool Batcher::Fits(const Waiting& last, const streams::Change& change) const {
  if (Full(last.batch)) return false;
  const int window = settings_.tumbling_window_seconds;
  return window == 0 || WindowStart(last.batch.front().time, window) == WindowStart(change.time, window);
}

void Batcher::Add(const streams::Stream& stream, const streams::Change& change, MonotonicTime now) {
  if (waiting_.empty() || !Fits(waiting_.back(), change)) waiting_.push_back({{}, now});
  EventBatch& batch = waiting_.back().batch;
  const size_t before = batch.bytes();
  batch.Add(stream, change);
  ++records_;
  bytes_ += batch.bytes() - before;
  if (batch.bytes() <= kMaxBatchBytes || batch.size() == 1) return;
  // Only its JSON tells how large a record is: the one that was too many begins the next batch.
  Waiting next{{}, now};
  bytes_ -= batch.bytes();
  batch.MoveLastTo(&next.batch);
  bytes_ += batch.bytes() + next.batch.bytes();
  waiting_.push_back(std::move(next));
}

std::optional<MonotonicTime> Batcher::ReadyAt() const {
  if (waiting_.empty()) return std::nullopt;
  const Waiting& first = waiting_.front();
  if (closed_ || waiting_.size() > 1 || Full(first.batch)) return first.begun;
  return first.begun + std::chrono::seconds(settings_.batching_window_seconds);
}

bool Batcher::Ready(MonotonicTime now) const {
  const auto at = ReadyAt();
  return at && *at <= now;
}

EventBatch Batcher::Take() {
  EventBatch batch = std::move(waiting_.front().batch);
  waiting_.pop_front();
  records_ -= batch.size();
  bytes_ -= batch.bytes();
  return batch;
}

}  // namespace stator::triggers
