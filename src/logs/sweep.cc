// Erasing, a slice at a time, so that writing goes on between slices: what is deleted, then what is too old, then the
// oldest events of all until the rest fits.

#include "base/log.h"
#include "engine/commit_and_wait.h"
#include "logs/store_impl.h"

namespace stator::logs {
namespace {

constexpr size_t kSliceRows = 2000;
constexpr int64_t kSliceMillis = 1000;  // so much of one group goes before another one's events that are a little older

}  // namespace

void LogStore::Impl::SweepAndWait() {
  Lock lock(mutex_);
  const uint64_t asked = ++sweeps_asked_;
  sweep_due_ = MonotonicNow();
  wake_.notify_all();
  swept_.wait(lock, [&] { return stopping_ || sweeps_done_ >= asked; });
}

// True: there is more to be done.
bool LogStore::Impl::SweepSome(Lock& lock) {
  Slice slice;
  if (!NextSlice(&slice)) return false;
  if (slice.state) slice.state->added = kBehindAll;
  lock.unlock();
  const Erased erased = Erase(slice);
  lock.lock();
  if (erased.failed) {
    LogWarn("logs: old events could not be erased; they stay for now");
    return false;
  }
  AfterErase(slice, erased);
  return true;
}

bool LogStore::Impl::NextSlice(Slice* slice) const {
  if (!doomed_.empty()) {
    const auto& [key, doomed] = *doomed_.begin();
    slice->group = doomed.group;
    slice->stream = doomed.stream;
    const auto group = by_id_.find(doomed.group);
    if (group != by_id_.end()) slice->state = group->second;
    if (const auto at = doomed_at_.find(key); at != doomed_at_.end()) slice->from = at->second;
    return true;
  }
  const GroupRef* oldest = nullptr;
  Place second = kBehindAll;
  for (const auto& [name, group] : groups_) {
    if (const int64_t cutoff = Cutoff(*group); group->oldest.millis < cutoff) {
      *slice = Slice{group->record.id, group, 0, group->oldest, Place{cutoff, 0}};
      return true;
    }
    if (oldest) second = std::min(second, std::max(group->oldest, (*oldest)->oldest));
    if (!oldest || group->oldest < (*oldest)->oldest) oldest = &group;
  }
  if (total_bytes_ <= options_.max_bytes || !oldest || (*oldest)->oldest == kBehindAll) return false;
  // A little more than necessary, so that the next event does not begin another sweep.
  const uint64_t wanted = options_.max_bytes - options_.max_bytes / 16;
  const Place from = (*oldest)->oldest;
  const Place to = std::max(second, Place{from.millis + kSliceMillis, 0});
  *slice = Slice{(*oldest)->record.id, *oldest, 0, from, to, total_bytes_ - wanted};
  return true;
}

LogStore::Impl::Erased LogStore::Impl::Erase(const Slice& slice) {
  Erased erased;
  engine::Batch batch;
  size_t rows = 0;
  {
    // Beyond the slice as well: where the next event stands is worth knowing.
    const std::string from = EventKey(slice.group, slice.from);
    const std::string to = EventKey(slice.group, kBehindAll);
    const auto at = engine_.Range(records::kLogEventSpace, from, to, engine::Order::kForward);
    for (; at->Valid(); at->Next(), ++rows) {
      StoredEvent event;
      if (!ReadEventKey(at->key(), &erased.reached) || !StoredEvent::Decode(at->value(), &event)) {
        erased.failed = true;
        return erased;
      }
      erased.ended = erased.reached >= slice.to;
      if (erased.ended || rows >= kSliceRows || erased.bytes >= slice.enough) break;
      if (slice.stream != 0 && event.stream != slice.stream) continue;
      batch.Erase(records::kLogEventSpace, at->key());
      erased.bytes += SizeOf(event.message);
    }
    if (!at->Valid()) {
      erased.ended = true;
      erased.reached = kBehindAll;
    }
    erased.failed = !at->status().ok();
  }
  if (erased.failed || batch.empty()) return erased;
  erased.failed = engine::CommitAndWait(engine_, std::move(batch)).outcome != engine::Outcome::kDone;
  return erased;
}

void LogStore::Impl::AfterErase(const Slice& slice, const Erased& erased) {
  if (slice.state && Find(slice.state->name) == slice.state) {
    GroupState& group = *slice.state;
    const uint64_t bytes = std::min(erased.bytes, group.record.bytes);
    group.record.bytes -= bytes;
    total_bytes_ -= std::min(bytes, total_bytes_);
    if (bytes > 0) Changed(slice.state);
    if (slice.stream == 0) {
      // Nothing of the engine stands before this now; what was added meanwhile, or is not there yet, may.
      const Place waiting = group.waiting.empty() ? kBehindAll : group.waiting.begin()->first;
      group.oldest = std::min({erased.reached, group.added, waiting});
      if (group.oldest == kBehindAll) {
        // Counts may have drifted in a crash; an empty group has none.
        total_bytes_ -= std::min(total_bytes_, group.record.bytes);
        group.record.bytes = 0;
      }
      RemoveOldStreams(slice.state);
    }
  }
  const Doomed doomed{slice.group, slice.stream};
  const std::string mark = doomed.Key();
  if (!doomed_.contains(mark)) return;
  doomed_at_[mark] = erased.reached;
  if (!erased.ended) return;
  doomed_at_.erase(mark);
  doomed_.erase(mark);
  Note();
  erased_marks_.push_back(mark);
}

// Streams whose last event is gone by age go with it.
void LogStore::Impl::RemoveOldStreams(const GroupRef& group) {
  const int64_t cutoff = Cutoff(*group);
  std::vector<StreamRef> old;
  for (const auto& [name, stream] : group->streams) {
    if (stream->record.used && stream->record.last < cutoff) old.push_back(stream);
  }
  for (const StreamRef& stream : old) {
    Note();
    erased_records_.emplace_back(StreamKey(group->record.id, stream->name).bytes());
    changed_streams_.erase({group, stream});
    group->by_id.erase(stream->record.id);
    group->streams.erase(stream->name);
  }
}

}  // namespace stator::logs
