// Tests: memory_engine_test.cc, and every comparison of another engine with this one.
#include "engine/memory/store.h"

namespace stator::engine {

MemoryStore::~MemoryStore() {
  for (const Superseded& superseded : garbage_) superseded.by->Unref();
}

MemorySpace* MemoryStore::FindSpace(Space space) const {
  const auto found = spaces_.find(static_cast<uint32_t>(space));
  return found == spaces_.end() ? nullptr : found->second.get();
}

const MemoryStore::SpacePtr& MemoryStore::MakeSpace(Space space) {
  SpacePtr& slot = spaces_[static_cast<uint32_t>(space)];
  if (!slot) slot = std::make_shared<MemorySpace>();
  return slot;
}

Committed MemoryStore::Apply(const Batch& batch, Time now, std::vector<Space>* appended) {
  const std::unique_lock lock(mutex_);
  last_time_ = std::max(last_time_, now);
  Position position = last_;
  bool writes = false;
  Batch::Entry entry;
  for (Batch::Reader reader(batch); reader.Next(&entry);) {
    if (entry.kind == Batch::Kind::kGuard) {
      if (writes_.At(entry.space, entry.key) > entry.seen) return {Outcome::kConflict, last_, last_time_};
    } else {
      writes = true;
      position += entry.kind == Batch::Kind::kAppend ? 1 : 0;
    }
  }
  if (!writes) return {Outcome::kDone, last_, last_time_};
  if (position == last_) ++position;  // rows alone: the commit has a position of its own
  Position next = last_;
  for (Batch::Reader reader(batch); reader.Next(&entry);) {
    if (entry.kind == Batch::Kind::kGuard) continue;
    if (entry.kind == Batch::Kind::kAppend) ++next;
    if (dropped_.Contains(entry.space)) continue;
    const SpacePtr& space = MakeSpace(entry.space);
    if (entry.kind == Batch::Kind::kAppend) {
      Row* row = Row::New({}, entry.value, false, next);
      bytes_.fetch_add(row->bytes(), std::memory_order_relaxed);
      space->log.push_back({row, last_time_});
      appended->push_back(entry.space);
      continue;
    }
    writes_.Set(entry.space, entry.key, position);
    Write(space, Row::New(entry.key, entry.value, entry.kind == Batch::Kind::kErase, position));
  }
  last_ = position;
  return {Outcome::kDone, last_, last_time_};
}

void MemoryStore::Write(const SpacePtr& space, Row* fresh) {
  if (fresh->erased) {
    const auto place = space->rows.find(Sought(fresh->key()));
    if (place == space->rows.end()) return fresh->Unref();
    return Replace(space, place, fresh);
  }
  const auto [place, inserted] = space->rows.insert(Place{Place::PrefixOf(fresh->key()), fresh});
  bytes_.fetch_add(fresh->bytes(), std::memory_order_relaxed);
  if (!inserted) Replace(space, place, fresh);
}

void MemoryStore::Replace(const SpacePtr& space, MemorySpace::Rows::iterator place, Row* fresh) {
  Row* old = place->row;
  bytes_.fetch_sub(old->erased ? 0 : old->bytes(), std::memory_order_relaxed);
  if (HasReaders()) {
    if (old->position == fresh->position) {  // twice in one commit: the first was never seen
      fresh->older = std::exchange(old->older, nullptr);
      old->Unref();
    } else {
      fresh->older = old;
    }
    place->row = fresh;
    garbage_.push_back({space, fresh->Ref()});
    has_garbage_.store(true, std::memory_order_relaxed);
    return;
  }
  if (fresh->erased) {
    space->rows.erase(place);
    fresh->Unref();
  } else {
    place->row = fresh;
  }
  old->Unref();
}

Row* MemoryStore::Find(Space space, Bytes key, const Position* at, Version* seen) const {
  const std::shared_lock lock(mutex_);
  *seen = at ? *at : last_;
  const MemorySpace* found = FindSpace(space);
  if (!found) return nullptr;
  const auto place = found->rows.find(Sought(key));
  if (place == found->rows.end()) return nullptr;
  Row* row = VisibleAt(place->row, *seen);
  return row ? row->Ref() : nullptr;
}

std::unique_ptr<MemoryStore::Reader> MemoryStore::Enter() {
  const std::shared_lock lock(mutex_);
  return EnterLocked(last_);
}

std::unique_ptr<MemoryStore::Reader> MemoryStore::EnterLocked(Position at) {
  const std::lock_guard lock(readers_mutex_);
  readers_at_.insert(at);
  readers_.store(readers_at_.size(), std::memory_order_release);
  return std::make_unique<Reader>(this, at);
}

void MemoryStore::Leave(Position at) {
  const std::lock_guard lock(readers_mutex_);
  readers_at_.erase(readers_at_.find(at));
  readers_.store(readers_at_.size(), std::memory_order_release);
}

void MemoryStore::Log(Space log, Position from, size_t limit, size_t max_bytes, std::vector<LogEntry>* entries) const {
  const std::shared_lock lock(mutex_);
  const MemorySpace* space = FindSpace(log);
  if (!space) return;
  auto at = std::lower_bound(space->log.begin(), space->log.end(), from,
                             [](const LogEntry& entry, Position position) { return entry.row->position < position; });
  size_t bytes = 0;
  for (; at != space->log.end() && entries->size() < limit; ++at) {
    bytes += at->row->value_size;
    if (bytes > max_bytes && !entries->empty()) return;
    entries->push_back({at->row->Ref(), at->time});
  }
}

Position MemoryStore::newest() const {
  const std::shared_lock lock(mutex_);
  return last_;
}

std::vector<LogEntry> MemoryStore::Trim(Space log, Position before) {
  std::vector<LogEntry> trimmed;
  const std::unique_lock lock(mutex_);
  MemorySpace* space = FindSpace(log);
  while (space && !space->log.empty() && space->log.front().row->position < before) {
    trimmed.push_back(space->log.front());
    bytes_.fetch_sub(trimmed.back().row->bytes(), std::memory_order_relaxed);
    space->log.pop_front();
  }
  return trimmed;
}

MemoryStore::SpacePtr MemoryStore::Drop(Space space) {
  const std::unique_lock lock(mutex_);
  dropped_.Add(space);
  const auto found = spaces_.find(static_cast<uint32_t>(space));
  if (found == spaces_.end()) return nullptr;
  SpacePtr gone = std::move(found->second);
  spaces_.erase(found);
  return gone;
}

std::vector<MemoryStore::SpacePtr> MemoryStore::Clear() {
  std::vector<SpacePtr> gone;
  const std::unique_lock lock(mutex_);
  for (auto& [id, space] : spaces_) gone.push_back(std::move(space));
  spaces_.clear();
  dropped_.Clear();
  bytes_.store(0);
  return gone;
}

bool MemoryStore::Prune() {
  constexpr int kAtOnce = 256;  // so that commits need not wait for long
  const std::unique_lock lock(mutex_);
  Position horizon = last_;
  {
    const std::lock_guard readers(readers_mutex_);
    if (!readers_at_.empty()) horizon = *readers_at_.begin();
  }
  for (int i = 0; i < kAtOnce; ++i) {
    if (garbage_.empty() || garbage_.front().by->position > horizon) {
      has_garbage_.store(!garbage_.empty(), std::memory_order_relaxed);
      return false;
    }
    PruneOne(garbage_.front(), horizon);
    garbage_.front().by->Unref();
    garbage_.pop_front();
  }
  return true;
}

// Cuts the versions behind the one that the oldest reader sees, and the row itself if that is an erasure.
void MemoryStore::PruneOne(const Superseded& superseded, Position horizon) {
  MemorySpace::Rows& rows = superseded.space->rows;
  const auto place = rows.find(Sought(superseded.by->key()));
  if (place == rows.end()) return;
  Row* row = place->row;
  while (row && row->position > horizon) row = row->older;
  if (!row) return;
  if (Row* behind = std::exchange(row->older, nullptr)) behind->Unref();
  if (row != place->row || !row->erased) return;
  rows.erase(place);
  row->Unref();
}

}  // namespace stator::engine
