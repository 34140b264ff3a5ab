// The thread of the store. One batch is on its way at a time, so records are written in the order of their changes, and
// what could not be written goes back to the front of the queue.
#include <pthread.h>

#include "base/log.h"
#include "base/resumption.h"
#include "engine/commit_and_wait.h"
#include "errors/logs.h"
#include "logs/store_impl.h"

namespace stator::logs {
namespace {

constexpr size_t kLargestBatch = size_t{1} << 20;
constexpr Duration kRetry = std::chrono::milliseconds(200);

}  // namespace

void LogStore::Impl::Start() {
  sweep_due_ = MonotonicNow();
  thread_ = std::thread([this] { Run(); });
  pthread_setname_np(thread_.native_handle(), "logs");
}

Status LogStore::Impl::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(mutex_);
  if (failing_) return Fail(errors::kLogsUnavailable);
  return {};
}

void LogStore::Impl::Wake() {
  if (asleep_ && (IsUrgent() || std::min(due_, sweep_due_) < asleep_until_)) wake_.notify_all();
}

void LogStore::Impl::Note() {
  if (!HasWork()) due_ = MonotonicNow() + options_.linger;
}

void LogStore::Impl::Changed(const GroupRef& group) {
  Note();
  changed_groups_.insert(group);
}

void LogStore::Impl::Changed(const GroupRef& group, const StreamRef& stream) {
  Changed(group);
  changed_streams_.insert({group, stream});
}

bool LogStore::Impl::Written::await_suspend(std::coroutine_handle<> task) {
  const std::lock_guard lock(impl_.mutex_);
  if (impl_.stopping_) return false;
  task_ = task;
  behind_ = impl_.counters_.next_sequence;
  impl_.waiters_.push_back(this);
  impl_.wake_.notify_all();
  return true;
}

bool LogStore::Impl::HasWork() const {
  return !queue_.empty() || !changed_groups_.empty() || !changed_streams_.empty() || !erased_records_.empty() ||
         !marks_.empty() || !erased_marks_.empty() || !waiters_.empty();
}

bool LogStore::Impl::IsUrgent() const { return stopping_ || !waiters_.empty() || queue_bytes_ >= options_.batch_bytes; }

void LogStore::Impl::Run() {
  Lock lock(mutex_);
  while (true) {
    const bool work = HasWork();
    if (stopping_ && !work) return;
    const MonotonicTime now = MonotonicNow();
    if (work && (IsUrgent() || now >= due_)) {
      if (!Write(lock)) {
        if (stopping_) return;
        due_ = MonotonicNow() + kRetry;
        wake_.wait_until(lock, due_, [this] { return stopping_; });
      }
    } else if (!stopping_ && now >= sweep_due_) {
      const uint64_t asked = sweeps_asked_;
      const bool more = SweepSome(lock);
      if (more) continue;
      sweep_due_ = MonotonicNow() + options_.sweep_every;
      sweeps_done_ = asked;
      swept_.notify_all();
    } else {
      asleep_ = true;
      asleep_until_ = work ? std::min(due_, sweep_due_) : sweep_due_;
      wake_.wait_until(lock, asleep_until_);
      asleep_ = false;
    }
  }
}

// False: nothing could be written.
bool LogStore::Impl::Write(Lock& lock) {
  Flush flush = Take();
  if (flush.batch.empty()) {
    Tell(true);
    return true;
  }
  engine::Batch batch = std::move(flush.batch);
  lock.unlock();
  const engine::Outcome outcome = engine::CommitAndWait(engine_, std::move(batch)).outcome;
  lock.lock();
  if (outcome == engine::Outcome::kDone) {
    failing_ = false;
    Settle(flush);
    Tell(true);
    TellOfDropped();
    return true;
  }
  if (!failing_) LogWarn("logs: the store takes no log events now; they wait in memory");
  failing_ = true;
  Restore(std::move(flush));
  Tell(false);
  return false;
}

LogStore::Impl::Flush LogStore::Impl::Take() {
  Flush flush;
  while (!queue_.empty() && flush.batch.bytes() < kLargestBatch) {
    EventRef event = std::move(queue_.front());
    queue_.pop_front();
    if (!IsAlive(*event)) {
      Forget(*event);
      continue;
    }
    const StoredEvent stored{event->stream, event->ingested, event->message};
    flush.batch.Put(records::kLogEventSpace, EventKey(event->group, event->place), stored.Encode());
    flush.events.push_back(std::move(event));
  }
  flush.groups = std::exchange(changed_groups_, {});
  flush.streams = std::exchange(changed_streams_, {});
  flush.erased = std::exchange(erased_records_, {});
  flush.marks = std::exchange(marks_, {});
  flush.erased_marks = std::exchange(erased_marks_, {});
  PutRecords(&flush);
  return flush;
}

void LogStore::Impl::PutRecords(Flush* flush) const {
  engine::Batch& batch = flush->batch;
  // Erased ones first: a name may be in use again.
  for (const std::string& key : flush->erased) batch.Erase(engine::kRecordSpace, key);
  for (const std::string& mark : flush->marks) batch.Put(records::kLogEventSpace, mark, "");
  for (const std::string& mark : flush->erased_marks) batch.Erase(records::kLogEventSpace, mark);
  for (const GroupRef& group : flush->groups) {
    records::Put(&batch, GroupKey(group->name), kRecordVersion, group->record.Encode());
  }
  for (const auto& [group, stream] : flush->streams) {
    records::Put(&batch, StreamKey(group->record.id, stream->name), kRecordVersion, stream->record.Encode());
  }
  if (!batch.empty()) batch.Put(records::kLogEventSpace, CountersKey(), counters_.Encode());
}

// Events of what is deleted are not written: the sweep may have come past already.
bool LogStore::Impl::IsAlive(const Event& event) const {
  const auto group = by_id_.find(event.group);
  return group != by_id_.end() && group->second->by_id.contains(event.stream);
}

void LogStore::Impl::Settle(const Flush& flush) {
  for (const EventRef& event : flush.events) Forget(*event);
}

// It waits no longer.
void LogStore::Impl::Forget(const Event& event) {
  queue_bytes_ -= SizeOf(event.message);
  const auto group = by_id_.find(event.group);
  if (group != by_id_.end()) group->second->waiting.erase(event.place);
}

void LogStore::Impl::Restore(Flush flush) {
  queue_.insert(queue_.begin(), flush.events.begin(), flush.events.end());
  // What was removed meanwhile stays removed.
  for (const GroupRef& group : flush.groups) {
    if (Find(group->name) == group) changed_groups_.insert(group);
  }
  for (const auto& [group, stream] : flush.streams) {
    if (Find(group->name) == group && group->by_id.contains(stream->record.id))
      changed_streams_.insert({group, stream});
  }
  erased_records_.insert(erased_records_.begin(), flush.erased.begin(), flush.erased.end());
  marks_.insert(marks_.begin(), flush.marks.begin(), flush.marks.end());
  erased_marks_.insert(erased_marks_.begin(), flush.erased_marks.begin(), flush.erased_marks.end());
}

// Those whose events are all written; on failure, all.
void LogStore::Impl::Tell(bool written) {
  const uint64_t next = queue_.empty() ? ~uint64_t{0} : queue_.front()->place.sequence;
  std::vector<Written*> waiting;
  for (Written* waiter : waiters_) {
    if (written && waiter->behind_ > next) {
      waiting.push_back(waiter);
      continue;
    }
    waiter->done_ = written;
    waiter->lane_.Post(Resumption(waiter->task_));
  }
  waiters_ = std::move(waiting);
}

void LogStore::Impl::TellOfDropped() {
  if (untold_.empty() || !HasRoom(options_.waiting_bytes / 2)) return;
  for (const auto& [where, count] : untold_) {
    const GroupRef group = Find(where.first);
    if (!group) continue;
    const auto stream = group->streams.find(where.second);
    if (stream == group->streams.end()) continue;
    Add(group, stream->second, clock_.Now().millis(),
        "stator: " + std::to_string(count) +
            " log events were dropped here: they came faster than they could be "
            "written\n");
  }
  untold_.clear();
}

}  // namespace stator::logs
