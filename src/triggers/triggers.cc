#include "triggers/triggers.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <map>
#include <mutex>
#include <utility>

#include "base/log.h"
#include "base/pause.h"
#include "base/random.h"
#include "base/task_mutex.h"
#include "engine/commit.h"
#include "errors/triggers.h"
#include "records/records.h"
#include "triggers/checkpoints.h"
#include "triggers/mapping_worker.h"

namespace stator::triggers {
namespace {

records::Key KeyOf(Bytes uuid) { return records::Key(records::Kind::kMapping, {uuid}); }

// Everything after the last part of a function's ARN that names it: "NAME" or "NAME:QUALIFIER".
Bytes FunctionNameOf(Bytes function_arn) {
  constexpr Bytes kBefore = ":function:";
  const size_t at = function_arn.find(kBefore);
  return at == Bytes::npos ? function_arn : function_arn.substr(at + kBefore.size());
}

// `co_await Stopped(worker, lane)`: goes on on the lane when the worker has stopped.
class Stopped {
 public:
  Stopped(MappingWorker& worker, Lane& lane) : worker_(worker), lane_(lane) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> task) {
    worker_.Stop([&lane = lane_, task] { lane.Post(Resumption(task)); });
  }
  void await_resume() const noexcept {}

 private:
  MappingWorker& worker_;
  Lane& lane_;
};

struct Entry {
  MappingRef mapping;  // as last committed
  State state = State::kCreating;
  LastResultRef last_result = std::make_shared<std::atomic<LastResult>>(LastResult::kNone);
  std::shared_ptr<MappingWorker> worker;  // of the settling task
  bool settling = false;
};
using EntryRef = std::shared_ptr<Entry>;

MappingView ViewOf(const Entry& entry) {
  return {entry.mapping, entry.state, entry.last_result->load(std::memory_order_relaxed)};
}

State StateOnTheWay(const Mapping& before, const Mapping& after) {
  if (before.enabled == after.enabled) return State::kUpdating;
  return after.enabled ? State::kEnabling : State::kDisabling;
}

}  // namespace

Bytes NameOf(State state) {
  static constexpr std::array<Bytes, 7> kNames{"Creating", "Enabling", "Enabled", "Disabling",
                                               "Disabled", "Updating", "Deleting"};
  return kNames[static_cast<size_t>(state)];
}

Bytes NameOf(LastResult result) {
  static constexpr std::array<Bytes, 3> kNames{"No records processed", "OK", "PROBLEM: Function call failed"};
  return kNames[static_cast<size_t>(result)];
}

class Triggers::Impl {
 public:
  Impl(const Ports& ports, const Options& options) : ports_(ports), options_(options) {}

  Status Load();
  void Start(Lanes& lanes);
  void Stop(Duration grace);
  Task<Result<MappingView>> Create(Mapping mapping, Lane& lane);
  Task<Result<MappingView>> Update(std::string uuid, Change change, Lane& lane);
  Task<Result<MappingView>> Delete(std::string uuid, Lane& lane);
  Task<Status> RemoveAll(Lane& lane);
  Result<MappingView> Find(Bytes uuid) const;
  std::vector<MappingView> List(const Wanted& wanted, Bytes after, size_t limit) const;

 private:
  Task<Status> Commit(const Mapping& mapping, Lane& lane);
  Task<Status> Erase(std::string uuid, Lane& lane);
  Status CheckNew(const Mapping& mapping) const;
  EntryRef EntryOf(Bytes uuid) const;
  MappingView Publish(const EntryRef& entry, Mapping mapping, State state);
  void BeginSettling(const EntryRef& entry);
  Task<bool> Settle(EntryRef entry, Lane& lane);
  bool Settled(const EntryRef& entry, const MappingRef& target);
  void Gone(const EntryRef& entry, bool erased);
  bool Stopping() const;
  std::vector<EntryRef> All() const;
  std::shared_ptr<MappingWorker> Begin(const Entry& entry, const MappingRef& target);

  const Ports ports_;
  const Options options_;
  Lanes* lanes_ = nullptr;
  TaskMutex changes_;  // one change at a time

  mutable std::mutex mutex_;
  std::condition_variable settled_;
  bool stopping_ = false;
  std::map<std::string, EntryRef, std::less<>> entries_;  // by UUID
};

Status Triggers::Impl::Load() {
  return records::ForEach(
      ports_.engine, records::Key(records::Kind::kMapping), [&](Bytes, const records::Record& record) -> Status {
        Mapping mapping;
        if (record.version != kMappingVersion || !DecodeMapping(record.payload, &mapping)) {
          LogError("an event source mapping cannot be read and is left alone");
          return {};
        }
        auto entry = std::make_shared<Entry>();
        entry->mapping = std::make_shared<const Mapping>(mapping);
        entry->state = mapping.deleting ? State::kDeleting : mapping.enabled ? State::kEnabled : State::kDisabled;
        entries_.emplace(mapping.uuid, std::move(entry));
        return {};
      });
}

void Triggers::Impl::Start(Lanes& lanes) {
  lanes_ = &lanes;
  for (const EntryRef& entry : All()) BeginSettling(entry);
}

// A worker belongs to its settling task, which stops it.
void Triggers::Impl::Stop(Duration grace) {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  for (const EntryRef& entry : All()) BeginSettling(entry);
  std::unique_lock lock(mutex_);
  settled_.wait_for(lock, grace, [this] {
    return std::none_of(entries_.begin(), entries_.end(), [](const auto& e) { return e.second->settling; });
  });
}

std::vector<EntryRef> Triggers::Impl::All() const {
  std::vector<EntryRef> all;
  const std::lock_guard lock(mutex_);
  all.reserve(entries_.size());
  for (const auto& [uuid, entry] : entries_) all.push_back(entry);
  return all;
}

EntryRef Triggers::Impl::EntryOf(Bytes uuid) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(uuid);
  return found == entries_.end() ? nullptr : found->second;
}

Result<MappingView> Triggers::Impl::Find(Bytes uuid) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(uuid);
  if (found == entries_.end()) return Fail(errors::kMappingNotFound);
  return ViewOf(*found->second);
}

std::vector<MappingView> Triggers::Impl::List(const Wanted& wanted, Bytes after, size_t limit) const {
  std::vector<MappingView> page;
  const std::lock_guard lock(mutex_);
  for (auto at = entries_.upper_bound(after); at != entries_.end() && page.size() < limit; ++at) {
    if (wanted(*at->second->mapping)) page.push_back(ViewOf(*at->second));
  }
  return page;
}

// --- Changes. ---

// What is asked of a mapping that is to be: its patterns are well-formed, and no other has its stream and function.
Status Triggers::Impl::CheckNew(const Mapping& mapping) const {
  STATOR_TRY(const Filters compiled, Filters::Compile(mapping.settings.filters));
  (void)compiled;
  const std::lock_guard lock(mutex_);
  for (const auto& [uuid, entry] : entries_) {
    const Mapping& other = *entry->mapping;
    if (other.deleting || uuid == mapping.uuid) continue;
    if (other.stream_arn == mapping.stream_arn && other.function_arn == mapping.function_arn) {
      return Fail(errors::kMappingExists, mapping.stream_arn, FunctionNameOf(mapping.function_arn), uuid);
    }
  }
  return {};
}

Task<Status> Triggers::Impl::Commit(const Mapping& mapping, Lane& lane) {
  engine::Batch batch;
  records::Put(&batch, KeyOf(mapping.uuid), kMappingVersion, EncodeMapping(mapping));
  const engine::Committed committed = co_await engine::Commit(ports_.engine, std::move(batch), lane);
  if (committed.outcome != engine::Outcome::kDone) co_return Fail(errors::kMappingUnwritten);
  co_return Status();
}

// The mapping and its checkpoints.
Task<Status> Triggers::Impl::Erase(std::string uuid, Lane& lane) {
  engine::Batch batch;
  const Result<Checkpoints> checkpoints = ReadCheckpoints(ports_.engine, uuid);
  if (!checkpoints.ok()) co_return Status(checkpoints.error());
  for (const auto& [shard, checkpoint] : *checkpoints) EraseCheckpoint(&batch, uuid, shard);
  records::Erase(&batch, KeyOf(uuid));
  const engine::Committed committed = co_await engine::Commit(ports_.engine, std::move(batch), lane);
  if (committed.outcome != engine::Outcome::kDone) co_return Fail(errors::kMappingUnwritten);
  co_return Status();
}

// Shows the mapping with the state it is in on its way, which is the answer, and sends it there.
MappingView Triggers::Impl::Publish(const EntryRef& entry, Mapping mapping, State state) {
  MappingView view;
  {
    const std::lock_guard lock(mutex_);
    entry->mapping = std::make_shared<const Mapping>(std::move(mapping));
    entry->state = state;
    entries_.emplace(entry->mapping->uuid, entry);
    view = ViewOf(*entry);
  }
  BeginSettling(entry);
  return view;
}

Task<Result<MappingView>> Triggers::Impl::Create(Mapping mapping, Lane& lane) {
  const auto held = co_await changes_.Lock(lane);
  mapping.uuid = NewUuid();
  mapping.arn += mapping.uuid;
  STATOR_CO_OK(CheckNew(mapping));
  mapping.start = mapping.latest ? ports_.streams.Latest() : 0;
  mapping.last_modified = ports_.clock.Now();
  const Status committed = co_await Commit(mapping, lane);
  if (!committed.ok()) co_return Result<MappingView>(committed.error());
  co_return Publish(std::make_shared<Entry>(), std::move(mapping), State::kCreating);
}

Task<Result<MappingView>> Triggers::Impl::Update(std::string uuid, Change change, Lane& lane) {
  const auto held = co_await changes_.Lock(lane);
  const EntryRef entry = EntryOf(uuid);
  if (!entry || entry->mapping->deleting) co_return Result<MappingView>(Fail(errors::kMappingNotFound));
  const MappingRef before = entry->mapping;
  Mapping mapping = *before;
  STATOR_CO_OK(change(&mapping));
  STATOR_CO_OK(CheckNew(mapping));
  mapping.last_modified = ports_.clock.Now();
  const Status committed = co_await Commit(mapping, lane);
  if (!committed.ok()) co_return Result<MappingView>(committed.error());
  const State state = StateOnTheWay(*before, mapping);
  co_return Publish(entry, std::move(mapping), state);
}

Task<Result<MappingView>> Triggers::Impl::Delete(std::string uuid, Lane& lane) {
  const auto held = co_await changes_.Lock(lane);
  const EntryRef entry = EntryOf(uuid);
  if (!entry || entry->mapping->deleting) co_return Result<MappingView>(Fail(errors::kMappingNotFound));
  Mapping mapping = *entry->mapping;
  mapping.deleting = true;
  mapping.last_modified = ports_.clock.Now();
  const Status committed = co_await Commit(mapping, lane);
  if (!committed.ok()) co_return Result<MappingView>(committed.error());
  co_return Publish(entry, std::move(mapping), State::kDeleting);
}

Task<Status> Triggers::Impl::RemoveAll(Lane& lane) {
  std::vector<std::string> uuids;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [uuid, entry] : entries_) uuids.push_back(uuid);
  }
  for (std::string& uuid : uuids) {
    const Result<MappingView> deleted = co_await Delete(std::move(uuid), lane);
    if (!deleted.ok() && deleted.error().id != errors::kMappingNotFound) co_return Status(deleted.error());
  }
  co_return Status();
}

// --- Following the changes. ---

void Triggers::Impl::BeginSettling(const EntryRef& entry) {
  {
    const std::lock_guard lock(mutex_);
    if (entry->settling || !lanes_) return;
    entry->settling = true;
  }
  Lane& lane = lanes_->at(0);
  lane.Post([this, entry, &lane] { stator::Start(Settle(entry, lane), [](bool) {}); });
}

std::shared_ptr<MappingWorker> Triggers::Impl::Begin(const Entry& entry, const MappingRef& target) {
  Result<Filters> filters = Filters::Compile(target->settings.filters);
  if (!filters.ok()) {
    LogError("event source mapping " + target->uuid + ": " + filters.error().text);
    return nullptr;
  }
  auto plan = std::make_shared<const Plan>(Plan{target, std::move(*filters), entry.last_result});
  auto worker = std::make_shared<MappingWorker>(ports_, options_, *lanes_, std::move(plan));
  worker->Start();
  return worker;
}

// Whether things are still as they were when this round began; if not, the next one follows.
bool Triggers::Impl::Settled(const EntryRef& entry, const MappingRef& target) {
  const std::lock_guard lock(mutex_);
  if (entry->mapping != target || (entry->worker && stopping_)) return false;
  entry->settling = false;
  entry->state = target->enabled ? State::kEnabled : State::kDisabled;
  settled_.notify_all();
  return true;
}

void Triggers::Impl::Gone(const EntryRef& entry, bool erased) {
  const std::lock_guard lock(mutex_);
  entry->settling = false;
  if (erased) entries_.erase(entry->mapping->uuid);
  settled_.notify_all();
}

bool Triggers::Impl::Stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

// Brings a mapping to where its record says it should be: what runs is stopped after its calls, and begun anew.
Task<bool> Triggers::Impl::Settle(EntryRef entry, Lane& lane) {
  MappingRef target;
  do {
    if (entry->worker) {
      const std::shared_ptr<MappingWorker> worker = std::move(entry->worker);
      entry->worker.reset();
      co_await Stopped(*worker, lane);
    }
    if (options_.state_delay.count() > 0) co_await Pause(lane, options_.state_delay);
    {
      const std::lock_guard lock(mutex_);
      target = entry->mapping;
    }
    if (target->deleting) {
      std::string uuid = target->uuid;
      const Status erased = co_await Erase(std::move(uuid), lane);
      if (!erased.ok()) LogError("deleting event source mapping " + target->uuid + ": " + erased.error().text);
      Gone(entry, erased.ok());
      co_return true;
    }
    if (target->enabled && !Stopping()) entry->worker = Begin(*entry, target);
  } while (!Settled(entry, target));
  co_return true;
}

Triggers::Triggers(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Triggers::~Triggers() = default;

Result<std::unique_ptr<Triggers>> Triggers::Open(const Ports& ports, const Options& options) {
  auto impl = std::make_unique<Impl>(ports, options);
  STATOR_OK(impl->Load());
  return std::unique_ptr<Triggers>(new Triggers(std::move(impl)));
}

void Triggers::Start(Lanes& lanes) { impl_->Start(lanes); }
void Triggers::Stop(Duration grace) { impl_->Stop(grace); }
Task<Result<MappingView>> Triggers::Create(Mapping mapping, Lane& lane) {
  return impl_->Create(std::move(mapping), lane);
}
Task<Result<MappingView>> Triggers::Update(std::string uuid, Change change, Lane& lane) {
  return impl_->Update(std::move(uuid), std::move(change), lane);
}
Task<Result<MappingView>> Triggers::Delete(std::string uuid, Lane& lane) {
  return impl_->Delete(std::move(uuid), lane);
}
Task<Status> Triggers::RemoveAll(Lane& lane) { return impl_->RemoveAll(lane); }
Result<MappingView> Triggers::Find(Bytes uuid) const { return impl_->Find(uuid); }
std::vector<MappingView> Triggers::List(const Wanted& wanted, Bytes after, size_t limit) const {
  return impl_->List(wanted, after, limit);
}

}  // namespace stator::triggers
