// See async_queue.h. Everything but Accept happens on one lane: a heap of events by the time of their next attempt, and
// a bounded number of attempts at once.
#include "runtime/async_queue.h"

#include <algorithm>
#include <atomic>
#include <set>

#include "base/coding.h"
#include "base/log.h"
#include "base/pause.h"
#include "base/random.h"
#include "engine/commit.h"
#include "errors/runtime.h"
#include "records/fixed_spaces.h"
#include "runtime/async_event.h"

namespace stator::runtime {
namespace {

constexpr int kAtOnce = 16;
constexpr size_t kLargestRemoval = size_t{1} << 20;
constexpr Duration kLook{500'000};           // the clock can be stepped: nobody tells when
constexpr Duration kFirstRetry{60'000'000};  // then twice as long
constexpr Duration kThrottled{1'000'000};    // throttles, and a store that is busy

std::string KeyOf(const StoredEvent& stored) {
  std::string key;
  PutBig64(&key, static_cast<uint64_t>(stored.accepted.micros));
  return key + stored.event.request_id;
}

struct Entry {
  Time next;
  std::string key;
  auto operator<=>(const Entry&) const = default;
};

}  // namespace

struct AsyncQueue::Impl : std::enable_shared_from_this<AsyncQueue::Impl> {
  explicit Impl(Needs given) : needs(std::move(given)) {}

  Status Read();
  void Add(Entry entry);
  void Go();
  void LookLater();
  Task<Status> RemoveAll(Lane& caller);
  Status RemoveRows(engine::Batch* batch) const;
  void Count() { size = waiting.size() + static_cast<size_t>(running); }
  Task<Status> Attempt(std::string key);
  Task<Status> Settle(std::string key, StoredEvent stored, functions::FunctionRef function, Invoked invoked);
  Task<Status> Retry(std::string key, StoredEvent stored, Duration delay);
  Task<Status> GiveOver(std::string key, StoredEvent stored, functions::FunctionRef function, Outcome outcome);
  Task<bool> Tell(std::string destination, std::string record, std::string request_id, std::string function);
  Task<Status> Forget(std::string key);

  Needs needs;
  Lane* lane = nullptr;
  std::atomic<bool> stopped{false};
  std::atomic<size_t> size{0};      // waiting and running
  std::atomic<size_t> arriving{0};  // accepted and not yet on the lane
  // The lane's.
  std::set<Entry> waiting;
  int running = 0;
  int removals = 0;
  bool looking = false;
};

AsyncQueue::AsyncQueue(Needs needs) : impl_(std::make_shared<Impl>(std::move(needs))) {}
AsyncQueue::~AsyncQueue() { Stop(); }

Status AsyncQueue::Start(Lane& lane) {
  impl_->lane = &lane;
  STATOR_OK(impl_->Read());
  lane.Post([impl = impl_] { impl->Go(); });
  return {};
}

void AsyncQueue::Stop() { impl_->stopped = true; }
size_t AsyncQueue::size() const { return impl_->arriving + impl_->size; }
Task<Status> AsyncQueue::RemoveAll(Lane& lane) { return impl_->RemoveAll(lane); }

Status AsyncQueue::Impl::Read() {
  const auto cursor = needs.engine.Range(records::kAsyncEventSpace, "", "", engine::Order::kForward);
  for (; cursor->Valid(); cursor->Next()) {
    const Result<StoredEvent> stored = Decode(cursor->value());
    if (!stored.ok()) {
      LogError(stored.error().text);
      continue;
    }
    waiting.insert({stored->next, std::string(cursor->key())});
  }
  Count();
  return cursor->status();
}

Task<Status> AsyncQueue::Accept(AsyncEvent event, Lane& lane) {
  const auto impl = impl_;
  if (event.request_id.empty()) event.request_id = NewUuid();
  StoredEvent stored;
  stored.event = std::move(event);
  stored.accepted = stored.next = impl->needs.clock.Now();
  Entry entry{stored.next, KeyOf(stored)};
  engine::Batch batch;
  batch.Put(records::kAsyncEventSpace, entry.key, Encode(stored));
  auto commit = engine::Commit(impl->needs.engine, std::move(batch), lane);
  const engine::Committed committed = co_await commit;
  if (committed.outcome != engine::Outcome::kDone) co_return Fail(errors::kAsyncNotStored);
  ++impl->arriving;
  impl->lane->Post([impl, entry = std::move(entry)]() mutable { impl->Add(std::move(entry)); });
  co_return Status();
}

void AsyncQueue::Impl::Add(Entry entry) {
  waiting.insert(std::move(entry));
  Count();
  --arriving;
  Go();
}

void AsyncQueue::Impl::Go() {
  const Time now = needs.clock.Now();
  while (!stopped && running < kAtOnce && !waiting.empty() && waiting.begin()->next <= now) {
    std::string key = waiting.begin()->key;
    waiting.erase(waiting.begin());
    ++running;
    stator::Start(Attempt(std::move(key)), [self = shared_from_this()](const Status& status) {
      --self->running;
      if (!status.ok()) LogWarn(status.error().text);
      self->Go();
    });
  }
  Count();
  if (!waiting.empty()) LookLater();
}

void AsyncQueue::Impl::LookLater() {
  if (stopped || std::exchange(looking, true)) return;
  lane->After(kLook, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->looking = false;
    self->Go();
  });
}

Task<Status> AsyncQueue::Impl::Attempt(std::string key) {
  engine::Value row;
  const Result<bool> found = needs.engine.Get(records::kAsyncEventSpace, key, &row);
  if (!found.ok()) co_return found.error();
  if (!*found) co_return Status();
  STATOR_CO_TRY(StoredEvent stored, Decode(row.bytes));
  row.pin.Reset();
  const int begun = removals;
  const functions::FunctionRef function = needs.resolver.Resolve(stored.event.function, stored.event.qualifier);
  if (!function) {  // deleted meanwhile: nobody is left to ask or to tell
    auto forget = Forget(std::move(key));
    const Status forgotten = co_await forget;
    co_return forgotten;
  }
  const AsyncSettings settings = needs.settings(*function, stored.event.qualifier);
  if (needs.clock.Now() - stored.accepted > std::chrono::seconds(settings.max_age_seconds)) {
    Outcome outcome{"EventAgeExceeded", stored.attempts, true, "", ""};
    auto over = GiveOver(std::move(key), std::move(stored), function, std::move(outcome));
    const Status told = co_await over;
    co_return told;
  }
  Invocation invocation;
  invocation.function = function;
  invocation.invoked_arn =
      stored.event.qualifier.empty() ? function->arn : function->arn + ":" + stored.event.qualifier;
  invocation.payload = stored.event.payload;
  invocation.request_id = stored.event.request_id;
  invocation.client_context = stored.event.client_context;
  auto invoke = needs.invoker.Invoke(std::move(invocation), *lane);
  Invoked invoked = co_await invoke;
  if (stopped) co_return Status();  // it runs again at the next start
  if (removals != begun) co_return Status();
  auto settle = Settle(std::move(key), std::move(stored), function, std::move(invoked));
  const Status settled = co_await settle;
  co_return settled;
}

Task<Status> AsyncQueue::Impl::Settle(std::string key, StoredEvent stored, functions::FunctionRef function,
                                      Invoked invoked) {
  if (invoked.kind == Invoked::Kind::kThrottled) {
    auto retry = Retry(std::move(key), std::move(stored), kThrottled);
    const Status retried = co_await retry;
    co_return retried;
  }
  ++stored.attempts;
  const bool failed = invoked.kind == Invoked::Kind::kFailed;
  const AsyncSettings settings = needs.settings(*function, stored.event.qualifier);
  if (failed && stored.attempts <= settings.max_retries) {
    const Duration delay = kFirstRetry * (int64_t{1} << std::min(stored.attempts - 1, 8));
    auto retry = Retry(std::move(key), std::move(stored), delay);
    const Status retried = co_await retry;
    co_return retried;
  }
  Outcome outcome{failed ? "RetriesExhausted" : "Success", stored.attempts, failed, invoked.executed_version,
                  std::move(invoked.payload)};
  auto over = GiveOver(std::move(key), std::move(stored), function, std::move(outcome));
  const Status told = co_await over;
  co_return told;
}

Task<Status> AsyncQueue::Impl::Retry(std::string key, StoredEvent stored, Duration delay) {
  stored.next = needs.clock.Now() + delay;
  Entry entry{stored.next, key};
  engine::Batch batch;
  batch.Put(records::kAsyncEventSpace, key, Encode(stored));
  const int begun = removals;
  auto commit = engine::Commit(needs.engine, std::move(batch), *lane);
  // If it is not stored, the row has the older time, and this run keeps to the newer.
  co_await commit;
  if (removals != begun) {  // it may have come back after everything was removed
    auto forget = Forget(std::move(key));
    const Status forgotten = co_await forget;
    co_return forgotten;
  }
  waiting.insert(std::move(entry));
  co_return Status();
}

// First the record, then the row: a crash between them tells twice, never nothing.
Task<Status> AsyncQueue::Impl::GiveOver(std::string key, StoredEvent stored, functions::FunctionRef function,
                                        Outcome outcome) {
  const AsyncSettings settings = needs.settings(*function, stored.event.qualifier);
  const std::string& destination = outcome.failed ? settings.on_failure : settings.on_success;
  if (!destination.empty()) {
    std::string record = RecordOf(stored, *function, outcome, needs.clock.Now());
    auto tell = Tell(destination, std::move(record), stored.event.request_id, function->name);
    co_await tell;
  }
  if (outcome.failed) {
    needs.metrics.Add(function->name, metrics::Metric::kAsyncEventsDropped, 1, needs.clock.Now());
    if (!settings.dead_letter.empty()) {
      auto tell = Tell(settings.dead_letter, stored.event.payload, stored.event.request_id, function->name);
      co_await tell;
    }
  }
  auto forget = Forget(std::move(key));
  const Status forgotten = co_await forget;
  co_return forgotten;
}

Task<bool> AsyncQueue::Impl::Tell(std::string destination, std::string record, std::string request_id,
                                  std::string function) {
  auto deliver =
      needs.destinations.Deliver(std::move(destination), std::move(record), std::move(request_id), "", *lane);
  const Status delivered = co_await deliver;
  if (!delivered.ok()) {
    LogWarn("a record of " + function + " was lost: " + delivered.error().text);
    needs.metrics.Add(function, metrics::Metric::kDeadLetterErrors, 1, needs.clock.Now());
  }
  co_return delivered.ok();
}

Task<Status> AsyncQueue::Impl::Forget(std::string key) {
  engine::Batch batch;
  batch.Erase(records::kAsyncEventSpace, key);
  auto commit = engine::Commit(needs.engine, std::move(batch), *lane);
  const engine::Committed committed = co_await commit;
  if (committed.outcome != engine::Outcome::kDone) {
    waiting.insert({needs.clock.Now() + kThrottled, std::move(key)});
    co_return Fail(errors::kAsyncNotStored);
  }
  co_return Status();
}

// Attempts under way see by `removals` that they are of the past.
Task<Status> AsyncQueue::Impl::RemoveAll(Lane& caller) {
  const auto self = shared_from_this();
  co_await ToLane(*lane);
  ++removals;
  waiting.clear();
  Count();
  Status status;
  for (bool more = true; more && status.ok();) {
    engine::Batch batch;
    status = RemoveRows(&batch);
    more = status.ok() && !batch.empty();
    if (!more) break;
    auto commit = engine::Commit(needs.engine, std::move(batch), *lane);
    const engine::Committed committed = co_await commit;
    if (committed.outcome != engine::Outcome::kDone) status = Fail(errors::kAsyncNotStored);
  }
  co_await ToLane(caller);
  co_return status;
}

// As many as one commit takes.
Status AsyncQueue::Impl::RemoveRows(engine::Batch* batch) const {
  const auto cursor = needs.engine.Range(records::kAsyncEventSpace, "", "", engine::Order::kForward);
  for (; cursor->Valid() && batch->bytes() < kLargestRemoval; cursor->Next()) {
    batch->Erase(records::kAsyncEventSpace, cursor->key());
  }
  return cursor->status();
}

}  // namespace stator::runtime
