#include "runtime/runner.h"

#include <unistd.h>

#include <condition_variable>
#include <thread>

#include "base/pause.h"
#include "base/random.h"

namespace stator::runtime {
namespace {

constexpr int kWorkers = 2;
constexpr int kProcessesPerCore = 16;
constexpr Duration kLongestLook{30'000'000};

int64_t HalfOfMemory() { return static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE) / 2; }

int ProcessesOf(const Options& options) {
  const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  return options.processes > 0 ? options.processes : kProcessesPerCore * cores;
}

}  // namespace

struct Runner::Impl : std::enable_shared_from_this<Runner::Impl> {
  Impl(Options given, const Clock& clock, logs::LogSink& logs, metrics::MetricSink& metrics)
      : options(std::move(given)),
        shared{options, clock, logs, metrics, *workers},
        environments(
            options, ProcessesOf(options), options.memory_bytes > 0 ? options.memory_bytes : HalfOfMemory(),
            [this](functions::FunctionRef function, uint64_t fingerprint, Lane& lane) {
              return std::make_shared<Environment>(std::move(function), fingerprint, lane, shared, *workspace);
            },
            [this](const Environments::Ref& environment) { Discard(environment); }) {}

  void Submit(Invocation invocation, uint64_t fingerprint, Lane& lane, Callback<Invoked> done);
  void Run(Environments::Granted granted, Invocation invocation, Lane& lane, Callback<Invoked> done);
  void Discard(Environments::Ref environment);
  void LookAfterIdle(Lane& lane);
  void StopAll();

  Options options;
  std::unique_ptr<Workspace> workspace;
  std::unique_ptr<WorkerPool> workers = std::make_unique<WorkerPool>(kWorkers);
  Shared shared;
  Environments environments;

  std::mutex mutex;
  std::condition_variable gone;
  int leaving = 0;       // being discarded
  bool looking = false;  // at idle environments, now and then
  bool stopped = false;
};

void Runner::Impl::Submit(Invocation invocation, uint64_t fingerprint, Lane& lane, Callback<Invoked> done) {
  functions::FunctionRef function = invocation.function;
  auto self = shared_from_this();
  const uint64_t ticket = environments.Acquire(
      std::move(function), fingerprint, lane,
      [self, &lane, invocation = std::move(invocation), done = std::move(done)](Environments::Granted granted) mutable {
        self->Run(std::move(granted), std::move(invocation), lane, std::move(done));
      });
  if (ticket == 0) return;
  lane.After(options.longest_wait, [weak = weak_from_this(), ticket] {
    if (const auto alive = weak.lock()) alive->environments.GiveUp(ticket);
  });
}

void Runner::Impl::Run(Environments::Granted granted, Invocation invocation, Lane& lane, Callback<Invoked> done) {
  const std::string& name = invocation.function->name;
  const Time now = shared.clock.Now();
  if (!granted.environment) {
    shared.metrics.Add(name, metrics::Metric::kThrottles, 1, now);
    Invoked throttled;
    throttled.kind = Invoked::Kind::kThrottled;
    throttled.request_id = std::move(invocation.request_id);
    throttled.throttle_reason = granted.throttle_reason;
    return lane.Post(
        [done = std::move(done), throttled = std::move(throttled)]() mutable { done(std::move(throttled)); });
  }
  shared.metrics.Add(name, metrics::Metric::kConcurrentExecutions, granted.concurrent, now);
  Environments::Ref environment = std::move(granted.environment);
  Lane& home = environment->lane();
  Environment::Job job;
  job.invocation = std::move(invocation);
  job.done = [self = shared_from_this(), environment, &lane, done = std::move(done)](Invoked invoked) mutable {
    // In this order: whoever invokes again finds the environment free.
    lane.Post(
        [self, environment = std::move(environment), done = std::move(done), invoked = std::move(invoked)]() mutable {
          self->environments.Release(std::move(environment));
          done(std::move(invoked));
        });
  };
  if (Lane::Current() == &home) return environment->Run(std::move(job));
  home.Post([environment, job = std::move(job)]() mutable { environment->Run(std::move(job)); });
}

void Runner::Impl::Discard(Environments::Ref environment) {
  {
    const std::lock_guard lock(mutex);
    ++leaving;
  }
  Lane& lane = environment->lane();
  lane.Post([self = shared_from_this(), environment = std::move(environment)] {
    environment->Stop([self, environment] {
      const std::lock_guard lock(self->mutex);
      if (--self->leaving == 0) self->gone.notify_all();
    });
  });
}

void Runner::Impl::LookAfterIdle(Lane& lane) {
  {
    const std::lock_guard lock(mutex);
    if (stopped || std::exchange(looking, true)) return;
  }
  const Duration pause = std::min(options.idle_time, kLongestLook);
  lane.After(pause, [weak = weak_from_this(), &lane] {
    const auto self = weak.lock();
    if (!self) return;
    self->environments.DiscardIdle(MonotonicNow() - self->options.idle_time);
    {
      const std::lock_guard lock(self->mutex);
      self->looking = false;
    }
    if (self->environments.figures().environments > 0) self->LookAfterIdle(lane);
  });
}

void Runner::Impl::StopAll() {
  {
    const std::lock_guard lock(mutex);
    stopped = true;
  }
  environments.Close();
  // Those at work: their jobs end, and their release discards them.
  for (const Environments::Ref& environment : environments.All()) {
    environment->lane().Post([environment] { environment->Abort(); });
  }
  std::unique_lock lock(mutex);
  gone.wait(lock, [this] { return leaving == 0 && environments.figures().environments == 0; });
}

Result<std::unique_ptr<Runner>> Runner::Open(Options options, const Clock& clock, logs::LogSink& logs,
                                             metrics::MetricSink& metrics) {
  STATOR_TRY(auto workspace, Workspace::Open(options.work_folder));
  auto impl = std::make_shared<Impl>(std::move(options), clock, logs, metrics);
  impl->workspace = std::move(workspace);
  return std::unique_ptr<Runner>(new Runner(std::move(impl)));
}

// The workers first: what waits there is dropped, what runs there uses the rest.
Runner::~Runner() { impl_->workers.reset(); }

namespace {

// Begins something that ends in a callback on the awaiting task's own lane.
template <class Begin>
class Later {
 public:
  explicit Later(Begin begin) : begin_(std::move(begin)) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> task) {
    begin_([this, task](Invoked invoked) {
      result_ = std::move(invoked);
      task.resume();
    });
  }
  Invoked await_resume() { return std::move(result_); }

 private:
  Begin begin_;
  Invoked result_;
};

}  // namespace

Task<Invoked> Runner::Invoke(Invocation invocation, Lane& lane) {
  const auto impl = impl_;
  if (invocation.request_id.empty()) invocation.request_id = NewUuid();
  uint64_t fingerprint = 0;
  if (invocation.function->hot) {
    const std::string folder = invocation.function->code_folder;
    co_await ToWorker(*impl->workers);
    fingerprint = FingerprintOf(folder);
    co_await ToLane(lane);
  }
  impl->LookAfterIdle(lane);
  auto begin = [&](Callback<Invoked> done) { impl->Submit(std::move(invocation), fingerprint, lane, std::move(done)); };
  Later later(std::move(begin));
  Invoked invoked = co_await later;
  co_return invoked;
}

void Runner::SetSurroundings(Surroundings surroundings) { impl_->options.surroundings = std::move(surroundings); }
void Runner::Stop() { impl_->StopAll(); }
const std::string& Runner::folder() const { return impl_->workspace->folder(); }
Environments::Figures Runner::figures() const { return impl_->environments.figures(); }

}  // namespace stator::runtime
