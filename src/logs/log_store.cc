// The state and its changes; the writing is in writer.cc. Tests: log_store_test.cc.
#include "logs/log_store.h"

#include "base/log.h"
#include "base/utf8.h"
#include "errors/logs.h"
#include "logs/pieces.h"
#include "logs/store_impl.h"

namespace stator::logs {
namespace {

constexpr size_t kLongestMessage = size_t{256} << 10;
constexpr size_t kMostUntold = 1000;
constexpr int64_t kDayMillis = 24 * 3600 * 1000;

uint64_t TotalSize(const std::vector<LogEvent>& events) {
  uint64_t bytes = 0;
  for (const LogEvent& event : events) bytes += SizeOf(event.message);
  return bytes;
}

}  // namespace

GroupRef LogStore::Impl::Find(Bytes group) const {
  const auto found = groups_.find(group);
  return found == groups_.end() ? nullptr : found->second;
}

GroupRef LogStore::Impl::MakeGroup(const std::string& name, const std::string& region) {
  auto group = std::make_shared<GroupState>();
  group->name = name;
  group->record.id = counters_.next_group++;
  group->record.created = clock_.Now().millis();
  group->record.region = region;
  groups_.emplace(name, group);
  by_id_.emplace(group->record.id, group);
  Changed(group);
  return group;
}

StreamRef LogStore::Impl::MakeStream(const GroupRef& group, const std::string& name) {
  auto stream = std::make_shared<StreamState>();
  stream->name = name;
  stream->record.id = counters_.next_stream++;
  stream->record.created = clock_.Now().millis();
  group->streams.emplace(name, stream);
  group->by_id.emplace(stream->record.id, stream);
  Changed(group, stream);
  return stream;
}

void LogStore::Impl::RemoveStream(const GroupRef& group, const StreamRef& stream) {
  Note();
  const Doomed doomed{group->record.id, stream->record.id};
  marks_.push_back(doomed.Key());
  doomed_.emplace(doomed.Key(), doomed);
  erased_records_.emplace_back(StreamKey(group->record.id, stream->name).bytes());
  changed_streams_.erase({group, stream});
  group->by_id.erase(stream->record.id);
  group->streams.erase(stream->name);
  sweep_due_ = MonotonicNow();
}

void LogStore::Impl::RemoveGroup(const GroupRef& group) {
  Note();
  const Doomed doomed{group->record.id, 0};
  marks_.push_back(doomed.Key());
  doomed_.emplace(doomed.Key(), doomed);
  erased_records_.emplace_back(GroupKey(group->name).bytes());
  for (const auto& [name, stream] : group->streams) {
    erased_records_.emplace_back(StreamKey(group->record.id, name).bytes());
    changed_streams_.erase({group, stream});
  }
  changed_groups_.erase(group);
  total_bytes_ -= std::min(total_bytes_, group->record.bytes);
  by_id_.erase(group->record.id);
  groups_.erase(group->name);
  sweep_due_ = MonotonicNow();
}

void LogStore::Impl::Add(const GroupRef& group, const StreamRef& stream, int64_t millis, std::string message) {
  auto event = std::make_shared<Event>();
  event->group = group->record.id;
  event->stream = stream->record.id;
  event->place = Place{std::max<int64_t>(millis, 0), counters_.next_sequence++};
  event->ingested = clock_.Now().millis();
  event->message = std::move(message);

  StreamRecord& record = stream->record;
  record.first = record.used ? std::min(record.first, event->place.millis) : event->place.millis;
  record.last = record.used ? std::max(record.last, event->place.millis) : event->place.millis;
  record.used = true;
  record.ingested = event->ingested;
  const uint64_t bytes = SizeOf(event->message);
  group->record.bytes += bytes;
  total_bytes_ += bytes;
  group->oldest = std::min(group->oldest, event->place);
  group->added = std::min(group->added, event->place);
  Note();
  queue_bytes_ += bytes;
  group->waiting.emplace(event->place, event);
  queue_.push_back(std::move(event));
  events_.fetch_add(1, std::memory_order_relaxed);
  Changed(group, stream);
  if (total_bytes_ > options_.max_bytes) sweep_due_ = MonotonicNow();
}

void LogStore::Impl::CountDropped(const std::string& group, const std::string& stream, uint64_t events) {
  dropped_.fetch_add(events, std::memory_order_relaxed);
  if (untold_.size() < kMostUntold || untold_.contains({group, stream})) untold_[{group, stream}] += events;
  const MonotonicTime now = MonotonicNow();
  if (now - warned_ < std::chrono::minutes(1) && warned_ != MonotonicTime()) return;
  warned_ = now;
  LogWarn("logs: lines come faster than they can be written; some of " + group + " are dropped");
}

int64_t LogStore::Impl::Cutoff(const GroupState& group) const {
  const uint32_t days = group.record.retention_days ? group.record.retention_days : options_.retention_days;
  return days == 0 ? 0 : std::max<int64_t>(0, clock_.Now().millis() - days * kDayMillis);
}

LogStore::LogStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LogStore::~LogStore() = default;

Result<std::unique_ptr<LogStore>> LogStore::Open(engine::Engine& engine, const Clock& clock, StoreOptions options) {
  auto impl = std::make_unique<Impl>(engine, clock, std::move(options));
  STATOR_OK(impl->Load());
  impl->Start();
  return std::unique_ptr<LogStore>(new LogStore(std::move(impl)));
}

Status LogStore::Stop() { return impl_->Stop(); }
void LogStore::Sweep() { impl_->SweepAndWait(); }

void LogStore::Append(const std::string& group, const std::string& stream, std::vector<LogEvent> events) {
  // Texts are put right before the lock is taken.
  std::vector<LogEvent> good;
  good.reserve(events.size());
  for (LogEvent& event : events) {
    for (std::string& piece : CutUtf8(MakeUtf8(std::move(event.message)), kLongestMessage)) {
      if (!piece.empty()) good.push_back({event.timestamp, std::move(piece)});
    }
  }
  if (good.empty()) return;
  const std::lock_guard lock(impl_->mutex_);
  if (impl_->stopping_ || !impl_->HasRoom(TotalSize(good))) return impl_->CountDropped(group, stream, good.size());
  GroupRef in = impl_->Find(group);
  if (!in) in = impl_->MakeGroup(group, impl_->options_.region);
  const auto found = in->streams.find(stream);
  const StreamRef to = found == in->streams.end() ? impl_->MakeStream(in, stream) : found->second;
  for (LogEvent& event : good) impl_->Add(in, to, event.timestamp.millis(), std::move(event.message));
  impl_->Wake();
}

Task<Status> LogStore::CreateGroup(std::string group, std::string region, Tags tags, Lane& lane) {
  {
    const std::lock_guard lock(impl_->mutex_);
    if (impl_->Find(group)) co_return Status(Fail(errors::kLogGroupExists));
    impl_->MakeGroup(group, region)->record.tags = std::move(tags);
  }
  const Status written = co_await Impl::Written(*impl_, lane);
  co_return written;
}

Task<Status> LogStore::DeleteGroup(std::string group, Lane& lane) {
  {
    const std::lock_guard lock(impl_->mutex_);
    const GroupRef found = impl_->Find(group);
    if (!found) co_return Status(Fail(errors::kLogGroupNotFound));
    impl_->RemoveGroup(found);
  }
  const Status written = co_await Impl::Written(*impl_, lane);
  co_return written;
}

Task<Status> LogStore::RemoveAll(Lane& lane) {
  {
    const std::lock_guard lock(impl_->mutex_);
    while (!impl_->groups_.empty()) impl_->RemoveGroup(GroupRef(impl_->groups_.begin()->second));
  }
  const Status written = co_await Impl::Written(*impl_, lane);
  co_return written;
}

Task<Status> LogStore::SetRetention(std::string group, uint32_t days, Lane& lane) {
  {
    const std::lock_guard lock(impl_->mutex_);
    const GroupRef found = impl_->Find(group);
    if (!found) co_return Status(Fail(errors::kLogGroupNotFound));
    found->record.retention_days = days;
    impl_->Changed(found);
  }
  const Status written = co_await Impl::Written(*impl_, lane);
  co_return written;
}

Task<Status> LogStore::ChangeTags(std::string group, std::function<Status(Tags*)> change, Lane& lane) {
  {
    const std::lock_guard lock(impl_->mutex_);
    const GroupRef found = impl_->Find(group);
    if (!found) co_return Status(Fail(errors::kLogGroupNotFound));
    Tags tags = found->record.tags;
    Status changed = change(&tags);
    if (!changed.ok()) co_return changed;
    found->record.tags = std::move(tags);
    impl_->Changed(found);
  }
  const Status written = co_await Impl::Written(*impl_, lane);
  co_return written;
}

Task<Status> LogStore::CreateStream(std::string group, std::string stream, Lane& lane) {
  {
    const std::lock_guard lock(impl_->mutex_);
    const GroupRef found = impl_->Find(group);
    if (!found) co_return Status(Fail(errors::kLogGroupNotFound));
    if (found->streams.contains(stream)) co_return Status(Fail(errors::kLogStreamExists));
    impl_->MakeStream(found, stream);
  }
  const Status written = co_await Impl::Written(*impl_, lane);
  co_return written;
}

Task<Status> LogStore::DeleteStream(std::string group, std::string stream, Lane& lane) {
  {
    const std::lock_guard lock(impl_->mutex_);
    const GroupRef found = impl_->Find(group);
    if (!found) co_return Status(Fail(errors::kLogGroupNotFound));
    const auto place = found->streams.find(stream);
    if (place == found->streams.end()) co_return Status(Fail(errors::kLogStreamNotFound));
    impl_->RemoveStream(found, StreamRef(place->second));
  }
  const Status written = co_await Impl::Written(*impl_, lane);
  co_return written;
}

Task<Status> LogStore::Put(std::string group, std::string stream, std::vector<LogEvent> events, Lane& lane) {
  {
    const std::lock_guard lock(impl_->mutex_);
    const GroupRef found = impl_->Find(group);
    if (!found) co_return Status(Fail(errors::kLogGroupNotFound));
    const auto place = found->streams.find(stream);
    if (place == found->streams.end()) co_return Status(Fail(errors::kLogStreamNotFound));
    if (!impl_->HasRoom(TotalSize(events))) co_return Status(Fail(errors::kLogsUnavailable));
    for (LogEvent& event : events) impl_->Add(found, place->second, event.timestamp.millis(), std::move(event.message));
  }
  const Status written = co_await Impl::Written(*impl_, lane);
  co_return written;
}

std::vector<GroupInfo> LogStore::Groups() const {
  const std::lock_guard lock(impl_->mutex_);
  std::vector<GroupInfo> groups;
  groups.reserve(impl_->groups_.size());
  for (const auto& [name, group] : impl_->groups_) groups.push_back({name, group->record});
  return groups;
}

std::optional<GroupInfo> LogStore::Group(Bytes name) const {
  const std::lock_guard lock(impl_->mutex_);
  const GroupRef found = impl_->Find(name);
  if (!found) return std::nullopt;
  return GroupInfo{found->name, found->record};
}

Result<std::vector<StreamInfo>> LogStore::Streams(Bytes group) const {
  const std::lock_guard lock(impl_->mutex_);
  const GroupRef found = impl_->Find(group);
  if (!found) return Fail(errors::kLogGroupNotFound);
  std::vector<StreamInfo> streams;
  streams.reserve(found->streams.size());
  for (const auto& [name, stream] : found->streams) streams.push_back({name, stream->record});
  return streams;
}

Result<int64_t> LogStore::OldestMillis(Bytes group) const {
  const std::lock_guard lock(impl_->mutex_);
  const GroupRef found = impl_->Find(group);
  if (!found) return Fail(errors::kLogGroupNotFound);
  return impl_->Cutoff(*found);
}

std::string LogStore::Metrics() const {
  uint64_t bytes = 0;
  uint64_t waiting = 0;
  {
    const std::lock_guard lock(impl_->mutex_);
    bytes = impl_->total_bytes_;
    waiting = impl_->queue_bytes_;
  }
  std::string out;
  const auto figure = [&out](Bytes name, Bytes type, Bytes help, uint64_t value) {
    out.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name).append(" ");
    out.append(type).append("\n").append(name).append(" ").append(std::to_string(value)).append("\n");
  };
  figure("stator_log_events_total", "counter", "Log events taken.", impl_->events_.load(std::memory_order_relaxed));
  figure("stator_log_events_dropped_total", "counter", "Log events for which there was no room.",
         impl_->dropped_.load(std::memory_order_relaxed));
  figure("stator_log_bytes", "gauge", "Log events kept, in bytes.", bytes);
  figure("stator_log_waiting_bytes", "gauge", "Log events not yet written, in bytes.", waiting);
  return out;
}

}  // namespace stator::logs
