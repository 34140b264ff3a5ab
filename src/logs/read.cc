// Two sorted runs are read as one: the events in the engine, and those on their way to it. The latter are taken first,
// so an event that is written in between is found in both and counts once.
#include <absl/container/flat_hash_map.h>

#include "errors/logs.h"
#include "logs/store_impl.h"

namespace stator::logs {
namespace {

// What a page may hold is decided event by event, in the order of reading.
class Reader {
 public:
  Reader(const LogStore::Impl& impl, const ReadRequest& request) : impl_(impl), request_(request) {}

  Result<Page> Run();

 private:
  Status Prepare();
  void Choose(const GroupState& group);
  bool Forward() const { return request_.order == engine::Order::kForward; }
  // False: the page is full; the event is not in it.
  bool Take(Place place, StreamId stream, int64_t ingested, Bytes message);
  const std::string* NameOf(StreamId stream);

  const LogStore::Impl& impl_;
  const ReadRequest& request_;
  GroupRef group_;
  Place from_, to_;
  bool chosen_ = false;                               // only streams in names_
  absl::flat_hash_map<StreamId, std::string> names_;  // "" of one that is gone
  std::vector<EventRef> waiting_;
  Page page_;
  size_t bytes_ = 0;
  size_t scanned_ = 0;
};

Status Reader::Prepare() {
  const std::lock_guard lock(impl_.mutex_);
  group_ = impl_.Find(request_.group);
  if (!group_) return Fail(errors::kLogGroupNotFound);
  from_ = std::max({request_.from, Place{impl_.Cutoff(*group_), 0}, group_->oldest});
  to_ = request_.to;
  for (const std::string& name : request_.streams) {
    if (!group_->streams.contains(name)) return Fail(errors::kLogStreamNotFound);
  }
  if (!request_.streams.empty() || !request_.stream_prefix.empty()) Choose(*group_);
  if (from_ >= to_) return {};
  const auto end = group_->waiting.lower_bound(to_);
  for (auto at = group_->waiting.lower_bound(from_); at != end; ++at) waiting_.push_back(at->second);
  if (!Forward()) std::reverse(waiting_.begin(), waiting_.end());
  return {};
}

// The chosen streams' times bound the range.
void Reader::Choose(const GroupState& group) {
  chosen_ = true;
  int64_t first = kBehindAll.millis;
  int64_t last = -1;
  const auto add = [&](const StreamState& stream) {
    names_.emplace(stream.record.id, stream.name);
    if (!stream.record.used) return;
    first = std::min(first, stream.record.first);
    last = std::max(last, stream.record.last);
  };
  for (const std::string& name : request_.streams) add(*group.streams.find(name)->second);
  if (!request_.stream_prefix.empty()) {
    const std::string& prefix = request_.stream_prefix;
    for (auto at = group.streams.lower_bound(prefix); at != group.streams.end() && at->first.starts_with(prefix);
         ++at) {
      add(*at->second);
    }
  }
  from_ = std::max(from_, Place{first, 0});
  to_ = std::min(to_, Place{last + 1, 0});
}

const std::string* Reader::NameOf(StreamId stream) {
  auto found = names_.find(stream);
  if (found == names_.end()) {
    if (chosen_) return nullptr;
    const std::lock_guard lock(impl_.mutex_);
    const auto known = group_->by_id.find(stream);
    found = names_.emplace(stream, known == group_->by_id.end() ? std::string() : known->second->name).first;
  }
  return found->second.empty() ? nullptr : &found->second;
}

bool Reader::Take(Place place, StreamId stream, int64_t ingested, Bytes message) {
  if (page_.events.size() >= request_.limit || scanned_ > request_.max_scanned) return false;
  scanned_ += SizeOf(message);
  const std::string* name = NameOf(stream);
  const bool wanted = name && (!request_.matches || request_.matches(message));
  if (wanted) {
    bytes_ += SizeOf(message);
    if (bytes_ > request_.max_bytes && !page_.events.empty()) return false;
    page_.events.push_back({*name, place, ingested, std::string(message)});
  }
  page_.rest = Forward() ? place.Next() : place;
  return true;
}

Result<Page> Reader::Run() {
  STATOR_OK(Prepare());
  page_.rest = Forward() ? request_.from : request_.to;
  if (from_ >= to_) return std::move(page_);
  const std::string from = EventKey(group_->record.id, from_);
  const std::string to = EventKey(group_->record.id, to_);
  const auto cursor = impl_.engine_.Range(records::kLogEventSpace, from, to, request_.order);
  const auto before = [this](Place a, Place b) { return Forward() ? a < b : b < a; };
  size_t next = 0;
  while (cursor->Valid() || next < waiting_.size()) {
    Place place;
    StoredEvent stored;
    if (cursor->Valid() && (!ReadEventKey(cursor->key(), &place) || !StoredEvent::Decode(cursor->value(), &stored))) {
      return Fail(errors::kLogsDamaged);
    }
    const Event* event = next < waiting_.size() ? waiting_[next].get() : nullptr;
    if (event && (!cursor->Valid() || !before(place, event->place))) {
      if (!Take(event->place, event->stream, event->ingested, event->message)) {
        page_.more = true;
        break;
      }
      ++next;
      if (cursor->Valid() && place == event->place) cursor->Next();
      continue;
    }
    if (!Take(place, stored.stream, stored.ingested, stored.message)) {
      page_.more = true;
      break;
    }
    cursor->Next();
  }
  STATOR_OK(cursor->status());
  return std::move(page_);
}

}  // namespace

Result<Page> LogStore::Read(const ReadRequest& request) const {
  Reader reader(*impl_, request);
  return reader.Run();
}

}  // namespace stator::logs
