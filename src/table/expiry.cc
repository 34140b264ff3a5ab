// Tests: expiry_test.cc, expiry_twin_test.cc, tests/blackbox/ttl, tests/crash. Cost: bench/expiry.
#include "table/expiry.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/pause.h"
#include "table/expiry_fill.h"
#include "table/expiry_sweep.h"

namespace stator::table {
namespace {

using catalog::TableRef;
using catalog::TableSchema;
using engine::Space;

constexpr Duration kDrainPoll{1000};
constexpr Duration kRetryPause = std::chrono::seconds(1);
constexpr int kRestFactor = 2;  // how much longer than its work a step is followed by rest
constexpr Duration kLongestRest = std::chrono::milliseconds(250);

void Report(const char* what, const Status& status) {
  if (!status.ok()) LogError(std::string(what) + ": " + status.error().text);
}

Duration RestAfter(MonotonicTime begun) {
  const auto took = std::chrono::duration_cast<Duration>(MonotonicNow() - begun);
  return std::min<Duration>(took * kRestFactor, kLongestRest);
}

// An expiry index by what does not change: a schema that somebody holds keeps the next change of its table waiting.
struct Named {
  catalog::NamespaceId name_space;
  std::string table;
  Space space;
};
Named NameOf(const TableSchema& table) { return {table.name_space, table.name, table.ttl.space}; }

// Where the removal from one table has come to.
struct Sweep {
  Named index;
  std::string from;
};

// `co_await`: suspends until the callback that `begin` was given has been called.
template <class Begin>
class Told {
 public:
  Told(Lane& lane, Begin begin) : lane_(lane), begin_(std::move(begin)) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> task) {
    begin_([this, next = Resumption(task)](Status status) mutable {
      status_ = std::move(status);
      lane_.Post(std::move(next));
    });
  }
  Status await_resume() { return std::move(status_); }

 private:
  Lane& lane_;
  Begin begin_;
  Status status_;
};

}  // namespace

struct ExpiryKeeper::Impl {
  Impl(engine::Engine& the_engine, catalog::Catalog& the_catalog, Mutator& the_mutator, const Clock& the_clock,
       ExpiryOptions the_options)
      : engine(the_engine),
        catalog(the_catalog),
        mutator(the_mutator),
        clock(the_clock),
        options(std::move(the_options)) {}

  Lane* Begun();
  TableRef Find(const Named& index) const;
  ExpiryProgress& progress() { return mutator.expiry_progress(); }

  // The lane's own.
  void Look();
  void LookLater();
  void Ended();
  Pause Rest(MonotonicTime begun) { return {*lane.load(), hurry ? Duration(0) : RestAfter(begun)}; }
  Task<Status> LookAtAll();
  Task<Result<bool>> Remove(Sweep& sweep, Time now, Bytes to);
  void BeginFill(std::weak_ptr<const TableSchema> old, Named index);
  Task<Status> Fill(std::weak_ptr<const TableSchema> old, Named index);
  Task<Result<bool>> FillStep(const Named& index, std::string& from);
  Task<Status> Filled(Space space);

  engine::Engine& engine;
  catalog::Catalog& catalog;
  Mutator& mutator;
  const Clock& clock;
  const ExpiryOptions options;

  std::atomic<bool> stopping{false};
  std::atomic<int> filling{0};
  std::atomic<uint64_t> removed{0};
  std::atomic<uint64_t> kept{0};
  std::mutex mutex;
  std::unique_ptr<Lanes> lanes;  // one; guarded by mutex until it is there, then it stays; none begins once `stopping`
  std::atomic<Lane*> lane{nullptr};

  // The lane's own.
  bool looking = false;
  bool again = false;
  bool armed = false;
  bool hurry = false;                   // somebody waits
  std::vector<Callback<Status>> asked;  // to be told of the next look that begins
  int under_way = 0;
  std::promise<void>* idle = nullptr;  // who stops waits for it
};

// Null: it stops.
Lane* ExpiryKeeper::Impl::Begun() {
  const std::lock_guard lock(mutex);
  if (stopping.load()) return nullptr;
  if (!lanes) {
    lanes = std::make_unique<Lanes>(1);
    lanes->Start();
    lane.store(&lanes->at(0));
    lanes->at(0).Post([this] { LookLater(); });
  }
  return lane.load();
}

// Null: it is gone, or going.
TableRef ExpiryKeeper::Impl::Find(const Named& index) const {
  TableRef table = catalog.Find(index.name_space, index.table);
  if (table && (table->ttl.space != index.space || table->state == catalog::State::kDeleting)) table.reset();
  return table;
}

// --- Removing ----------------------------------------------------------------------------------------------------

void ExpiryKeeper::Impl::Look() {
  if (stopping.load()) return;
  if (looking) {
    again = true;
    hurry = hurry || !asked.empty();
    return;
  }
  looking = true;
  hurry = !asked.empty();
  ++under_way;
  auto told = std::make_shared<std::vector<Callback<Status>>>(std::exchange(asked, {}));
  stator::Start(LookAtAll(), [this, told](const Status& status) {
    Report("removing expired items", status);
    looking = false;
    for (auto& tell : *told) tell(status);
    if (std::exchange(again, false)) lane.load()->Post([this] { Look(); });
    LookLater();
    Ended();
  });
}

void ExpiryKeeper::Impl::LookLater() {
  if (std::exchange(armed, true)) return;
  lane.load()->After(options.interval, [this] {
    armed = false;
    Look();
  });
}

void ExpiryKeeper::Impl::Ended() {
  if (--under_way == 0 && idle) std::exchange(idle, nullptr)->set_value();
}

// All tables in turn, so that one with much to remove does not keep the others waiting.
Task<Status> ExpiryKeeper::Impl::LookAtAll() {
  const Time now = clock.Now();
  const DueKeys due = DueAt(now);
  std::vector<Sweep> sweeps;
  for (const TableRef& table : catalog.All()) {
    if (table->ttl.enabled) sweeps.push_back({NameOf(*table), progress().Begin(table->ttl.space, due)});
  }
  Status status;
  while (!sweeps.empty()) {
    std::vector<Sweep> unfinished;
    for (Sweep& sweep : sweeps) {
      if (stopping.load()) co_return status;
      const MonotonicTime begun = MonotonicNow();
      const Result<bool> more = co_await Remove(sweep, now, due.to);
      if (!more.ok()) status = more.error();
      if (!more.ok() || !*more) continue;
      unfinished.push_back(std::move(sweep));
      co_await Rest(begun);
    }
    sweeps = std::move(unfinished);
  }
  co_return status;
}

Task<Result<bool>> ExpiryKeeper::Impl::Remove(Sweep& sweep, Time now, Bytes to) {
  const TableRef table = Find(sweep.index);
  if (!table) {
    progress().Forget(sweep.index.space);
    co_return false;
  }
  const Result<SweepStep> step = co_await SweepExpired(engine, mutator, *table, sweep.from, to, now, *lane.load());
  if (!step.ok()) co_return step.error();
  removed.fetch_add(step->removed, std::memory_order_relaxed);
  if (step->removed > 0 && options.on_removed) options.on_removed(table->name, step->removed);
  kept.fetch_add(step->kept, std::memory_order_relaxed);
  progress().Advance(sweep.index.space, sweep.from);
  co_return step->more;
}

// --- Filling -----------------------------------------------------------------------------------------------------

void ExpiryKeeper::Impl::BeginFill(std::weak_ptr<const TableSchema> old, Named index) {
  ++under_way;
  stator::Start(Fill(std::move(old), std::move(index)), [this](const Status& status) {
    Report("finding what expires", status);
    filling.fetch_sub(1);
    Ended();
  });
}

// Whoever works under the old schema does not keep the index: what it does must have been done before its item is
// looked at.
Task<Status> ExpiryKeeper::Impl::Fill(std::weak_ptr<const TableSchema> old, Named index) {
  while (!old.expired() && !stopping.load()) co_await Pause(*lane.load(), kDrainPoll);
  std::string from;
  bool more = true;
  while (more) {
    if (stopping.load()) co_return Status();
    const MonotonicTime begun = MonotonicNow();
    const Result<bool> step = co_await FillStep(index, from);
    Report("finding what expires", step.ok() ? Status() : Status(step.error()));
    more = !step.ok() || *step;
    if (!step.ok()) co_await Pause(*lane.load(), kRetryPause);
    if (more) co_await Rest(begun);
  }
  Status filled = co_await Filled(index.space);
  co_return filled;
}

Task<Result<bool>> ExpiryKeeper::Impl::FillStep(const Named& index, std::string& from) {
  const TableRef table = Find(index);
  if (!table) co_return false;
  Result<bool> more = co_await FillExpiryStep(engine, *table, progress(), from, *lane.load());
  co_return more;
}

Task<Status> ExpiryKeeper::Impl::Filled(Space space) {
  while (!stopping.load()) {
    const Status built = co_await catalog.IndexBuilt(space, *lane.load());
    if (built.ok()) break;
    Report("finding what expires", built);
    co_await Pause(*lane.load(), kRetryPause);
  }
  co_return Status();
}

// --- The keeper --------------------------------------------------------------------------------------------------

ExpiryKeeper::ExpiryKeeper(engine::Engine& engine, catalog::Catalog& catalog, Mutator& mutator, const Clock& clock,
                           ExpiryOptions options)
    : impl_(std::make_unique<Impl>(engine, catalog, mutator, clock, std::move(options))) {}
ExpiryKeeper::~ExpiryKeeper() { Stop(); }

void ExpiryKeeper::Start() {
  for (const TableRef& table : impl_->catalog.All()) OnChange(nullptr, table);
}

void ExpiryKeeper::Stop() {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->stopping.exchange(true)) return;
  }
  Lane* const own = impl_->lane.load();
  if (!own) return;
  std::promise<void> idle;
  own->Post([this, &idle] {
    ++impl_->under_way;
    impl_->idle = &idle;
    impl_->Ended();
  });
  idle.get_future().wait();
  impl_->lanes->StopAndJoin();
}

void ExpiryKeeper::OnChange(const TableRef& before, const TableRef& after) {
  const Space had = before && before->ttl.enabled ? before->ttl.space : Space{};
  const Space has = after && after->ttl.enabled ? after->ttl.space : Space{};
  if (had != Space{} && had != has) impl_->progress().Forget(had);
  if (has == Space{} || had == has) return;
  Lane* const lane = impl_->Begun();
  if (!lane || !after->ttl.backfilling) return;
  impl_->filling.fetch_add(1);
  lane->Post([impl = impl_.get(), old = std::weak_ptr<const TableSchema>(before), index = NameOf(*after)]() mutable {
    impl->BeginFill(std::move(old), std::move(index));
  });
}

Task<Status> ExpiryKeeper::RemoveDue(Lane& lane) {
  Impl& impl = *impl_;
  Lane* const own = impl.lane.load();
  if (!own) co_return Status();
  while (impl.filling.load() > 0) co_await Pause(lane, kDrainPoll);
  auto ask = [&impl, own](Callback<Status> tell) {
    own->Post([&impl, tell = std::move(tell)]() mutable {
      impl.asked.push_back(std::move(tell));
      impl.Look();
    });
  };
  Told<decltype(ask)> told(lane, ask);
  Status status = co_await told;
  co_return status;
}

ExpiryKeeper::Figures ExpiryKeeper::figures() const { return {impl_->removed.load(), impl_->kept.load()}; }

}  // namespace stator::table
