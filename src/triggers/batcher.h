// Records in, batches out: by number, by time, by bytes, and never across the end of a tumbling window.
// Source: notes/lambda.md, sections 2.4 and 2.7.
#pragma once

#include <deque>
#include <optional>

#include "base/clock.h"
#include "triggers/event_batch.h"
#include "triggers/mapping.h"

namespace stator::triggers {

// Where the tumbling window of a record begins. REQUIRES: seconds > 0.
Time WindowStart(Time record, int seconds);

// Threads: one owner at a time. Times are given by the caller, so tests need not wait.
class Batcher {
 public:
  // Of the JSON of one event; AWS caps a batch at the payload an invocation may have.
  static constexpr size_t kMaxBatchBytes = (size_t{6} << 20) - 4096;

  explicit Batcher(const Settings& settings) : settings_(settings) {}

  void Add(const streams::Stream& stream, const streams::Change& change, MonotonicTime now);
  // No more records will come: what waits need not wait for others.
  void Close() { closed_ = true; }

  // When the next batch may go: a time that has passed, or the end of its batching window. Nothing: there is none.
  std::optional<MonotonicTime> ReadyAt() const;
  bool Ready(MonotonicTime now) const;
  // REQUIRES: not empty().
  EventBatch Take();

  bool empty() const { return waiting_.empty(); }
  size_t records() const { return records_; }
  size_t bytes() const { return bytes_; }
  // The first record that waits. REQUIRES: not empty().
  const EventBatch::Record& front() const { return waiting_.front().batch.front(); }

 private:
  struct Waiting {
    EventBatch batch;
    MonotonicTime begun;
  };
  bool Fits(const Waiting& last, const streams::Change& change) const;
  bool Full(const EventBatch& batch) const;

  const Settings& settings_;
  bool closed_ = false;
  size_t records_ = 0;
  size_t bytes_ = 0;
  std::deque<Waiting> waiting_;  // each but the last is complete
};

}  // namespace stator::triggers
