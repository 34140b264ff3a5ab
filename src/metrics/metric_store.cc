// Tests: metric_store_test.cc.
#include "metrics/metric_store.h"

#include <pthread.h>

#include <array>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "base/log.h"
#include "engine/commit_and_wait.h"
#include "errors/metrics.h"
#include "metrics/row.h"
#include "records/fixed_spaces.h"

namespace stator::metrics {
namespace {

using records::kMetricSpace;

constexpr char kTableMark = '/';
constexpr Bytes kFunctionSpace = "AWS/Lambda";
constexpr Bytes kTableSpace = "AWS/DynamoDB";

struct Facts {
  Bytes name_space;
  Bytes name;
  Bytes unit;
};
constexpr std::array<Facts, kMetrics> kFacts = {{{kFunctionSpace, "Invocations", "Count"},
                                                 {kFunctionSpace, "Errors", "Count"},
                                                 {kFunctionSpace, "Throttles", "Count"},
                                                 {kFunctionSpace, "Duration", "Milliseconds"},
                                                 {kFunctionSpace, "ConcurrentExecutions", "Count"},
                                                 {kFunctionSpace, "IteratorAge", "Milliseconds"},
                                                 {kFunctionSpace, "AsyncEventsDropped", "Count"},
                                                 {kFunctionSpace, "DeadLetterErrors", "Count"},
                                                 {kTableSpace, "TimeToLiveDeletedItemCount", "Count"}}};

constexpr size_t kLargestBatch = size_t{1} << 20;

int64_t MinuteOf(Time time) { return time.seconds() / 60; }

using Gathered = std::map<std::pair<std::string, int64_t>, Row>;  // by what it is of and minute

struct Total {
  double sum = 0;
  uint64_t count = 0;
  double last = 0;
};
using Totals = std::array<Total, kMetrics>;

bool Stored(engine::Engine& engine, engine::Batch batch) {
  return engine::CommitAndWait(engine, std::move(batch)).outcome == engine::Outcome::kDone;
}

Error Damaged() { return Fail(errors::kMetricsDamaged); }

}  // namespace

std::string OfTable(Bytes table) { return std::string(1, kTableMark).append(table); }

Bytes NamespaceOf(Metric metric) { return kFacts[static_cast<size_t>(metric)].name_space; }
Bytes NameOf(Metric metric) { return kFacts[static_cast<size_t>(metric)].name; }
Bytes UnitOf(Metric metric) { return kFacts[static_cast<size_t>(metric)].unit; }

bool MetricNamed(Bytes name_space, Bytes name, Metric* metric) {
  for (size_t i = 0; i < kFacts.size(); ++i) {
    if (kFacts[i].name_space != name_space || kFacts[i].name != name) continue;
    *metric = static_cast<Metric>(i);
    return true;
  }
  return false;
}

class MetricStore::Impl {
 public:
  Impl(engine::Engine& engine, const Clock& clock, const MetricOptions& options)
      : engine_(engine), clock_(clock), options_(options) {}

  Status Load();
  void Start() {
    thread_ = std::thread([this] { Run(); });
    pthread_setname_np(thread_.native_handle(), "metrics");
  }
  Status Stop();
  void Add(const std::string& of, Metric metric, double value, Time at);
  Result<Series> Read(Bytes of, Metric metric, int64_t from, int64_t to) const;
  Status Write();
  Status RemoveAll();
  std::vector<std::string> Sources() const {
    const std::lock_guard lock(mutex_);
    return {sources_.begin(), sources_.end()};
  }
  std::vector<std::string> Functions() const {
    std::vector<std::string> functions = Sources();
    std::erase_if(functions, [](const std::string& of) { return of[0] == kTableMark; });
    return functions;
  }
  std::vector<std::string> Tables() const {
    std::vector<std::string> tables;
    for (const std::string& of : Sources()) {
      if (of[0] == kTableMark) tables.push_back(of.substr(1));
    }
    return tables;
  }
  std::map<std::string, Totals> CopyTotals() const {
    const std::lock_guard lock(mutex_);
    return totals_;
  }

 private:
  void Run();
  int64_t Cutoff() const { return MinuteOf(clock_.Now() + -options_.keep); }
  Status WriteRows(const Gathered& gathered);
  Status ForgetOld();
  Result<bool> ForgetOldOf(const std::string& of, engine::Batch* batch) const;
  Status ReadOne(const std::string& of, Metric metric, int64_t from, int64_t to, Series* series) const;

  engine::Engine& engine_;
  const Clock& clock_;
  const MetricOptions options_;

  // Held over a whole write and a whole read: a minute is either in memory or on the engine. Before mutex_.
  mutable std::mutex writing_;
  int64_t forgot_hour_ = 0;  // guarded by writing_

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // all of these: guarded by mutex_
  Gathered gathered_;
  std::set<std::string> sources_;
  std::map<std::string, Totals> totals_;
  std::thread thread_;
};

// The first key of each function or table, and on behind its last.
Status MetricStore::Impl::Load() {
  std::string from;
  while (true) {
    const auto at = engine_.Range(kMetricSpace, from, "", engine::Order::kForward);
    STATOR_OK(at->status());
    if (!at->Valid()) return {};
    Bytes of;
    int64_t minute = 0;
    if (!ReadRowKey(at->key(), &of, &minute)) return Damaged();
    sources_.emplace(of);
    from = BehindAll(of);
  }
}

Status MetricStore::Impl::Stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (!thread_.joinable()) return {};
  thread_.join();
  return Write();
}

void MetricStore::Impl::Run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    wake_.wait(lock, [this] { return stopping_ || !gathered_.empty(); });
    wake_.wait_for(lock, options_.write_every, [this] { return stopping_; });
    if (stopping_) return;
    lock.unlock();
    if (const Status written = Write(); !written.ok()) LogWarn("metrics: " + written.error().text);
    lock.lock();
  }
}

void MetricStore::Impl::Add(const std::string& of, Metric metric, double value, Time at) {
  if (of.empty() || of.find('\0') != std::string::npos) return;
  const std::lock_guard lock(mutex_);
  if (stopping_) return;
  if (!sources_.contains(of)) {
    if (sources_.size() >= options_.max_sources) return;
    sources_.insert(of);
  }
  Total& total = totals_[of][static_cast<size_t>(metric)];
  total.sum += value;
  total.count += 1;
  total.last = value;
  const bool first = gathered_.empty();
  gathered_[{of, MinuteOf(at)}][metric].Add(value);
  if (first) wake_.notify_all();
}

Status MetricStore::Impl::Write() {
  const std::lock_guard writing(writing_);
  Gathered gathered;
  {
    const std::lock_guard lock(mutex_);
    gathered.swap(gathered_);
  }
  if (Status written = WriteRows(gathered); !written.ok()) return written;
  return ForgetOld();
}

// What cannot be written is gathered again.
Status MetricStore::Impl::WriteRows(const Gathered& gathered) {
  auto next = gathered.begin();
  while (next != gathered.end()) {
    engine::Batch batch;
    auto end = next;
    for (; end != gathered.end() && batch.bytes() < kLargestBatch; ++end) {
      const auto& [of, minute] = end->first;
      const std::string key = RowKey(of, minute);
      Row row;
      engine::Value stored;
      STATOR_TRY(const bool found, engine_.Get(kMetricSpace, key, &stored));
      if (found && !DecodeRow(stored.bytes, &row)) return Damaged();
      Merge(end->second, &row);
      batch.Put(kMetricSpace, key, EncodeRow(row));
    }
    if (!Stored(engine_, std::move(batch))) {
      const std::lock_guard lock(mutex_);
      for (; next != gathered.end(); ++next) Merge(next->second, &gathered_[next->first]);
      return Fail(errors::kMetricsUnwritten);
    }
    next = end;
  }
  return {};
}

// Once an hour.
Status MetricStore::Impl::ForgetOld() {
  const int64_t hour = clock_.Now().seconds() / 3600;
  if (hour == forgot_hour_) return {};
  forgot_hour_ = hour;
  engine::Batch batch;
  for (const std::string& of : Sources()) {
    STATOR_TRY(const bool empty, ForgetOldOf(of, &batch));
    if (!empty) continue;
    const std::lock_guard lock(mutex_);
    const auto waiting = gathered_.lower_bound({of, 0});
    if (waiting == gathered_.end() || waiting->first.first != of) sources_.erase(of);
  }
  if (!batch.empty() && !Stored(engine_, std::move(batch))) {
    return Fail(errors::kMetricsUnwritten);
  }
  return {};
}

// True: nothing of it stays.
Result<bool> MetricStore::Impl::ForgetOldOf(const std::string& of, engine::Batch* batch) const {
  const int64_t cutoff = Cutoff();
  const std::string from = RowKey(of, 0);
  const std::string to = BehindAll(of);
  const auto at = engine_.Range(kMetricSpace, from, to, engine::Order::kForward);
  for (; at->Valid() && batch->bytes() < kLargestBatch; at->Next()) {
    Bytes name;
    int64_t minute = 0;
    if (!ReadRowKey(at->key(), &name, &minute)) return Damaged();
    if (minute >= cutoff) return false;
    batch->Erase(kMetricSpace, at->key());
  }
  STATOR_OK(at->status());
  return !at->Valid();
}

Status MetricStore::Impl::ReadOne(const std::string& of, Metric metric, int64_t from, int64_t to,
                                  Series* series) const {
  const std::string first = RowKey(of, from);
  const std::string end = RowKey(of, to);
  const auto at = engine_.Range(kMetricSpace, first, end, engine::Order::kForward);
  for (; at->Valid(); at->Next()) {
    Bytes name;
    int64_t minute = 0;
    Row row;
    if (!ReadRowKey(at->key(), &name, &minute) || !DecodeRow(at->value(), &row)) return Damaged();
    if (const auto point = row.find(metric); point != row.end()) (*series)[minute].Merge(point->second);
  }
  STATOR_OK(at->status());
  const std::lock_guard lock(mutex_);
  const auto last = gathered_.lower_bound({of, to});
  for (auto fresh = gathered_.lower_bound({of, from}); fresh != last; ++fresh) {
    const auto point = fresh->second.find(metric);
    if (point != fresh->second.end()) (*series)[fresh->first.second].Merge(point->second);
  }
  return {};
}

Result<MetricStore::Series> MetricStore::Impl::Read(Bytes of, Metric metric, int64_t from, int64_t to) const {
  Series series;
  from = std::max(from, Cutoff());
  if (from >= to) return series;
  const std::lock_guard writing(writing_);
  if (!of.empty()) {
    STATOR_OK(ReadOne(std::string(of), metric, from, to, &series));
    return series;
  }
  for (const std::string& each : Functions()) STATOR_OK(ReadOne(each, metric, from, to, &series));
  return series;
}

Status MetricStore::Impl::RemoveAll() {
  const std::lock_guard writing(writing_);
  {
    const std::lock_guard lock(mutex_);
    gathered_.clear();
    sources_.clear();
    totals_.clear();
  }
  for (bool more = true; more;) {
    engine::Batch batch;
    {
      const auto at = engine_.Range(kMetricSpace, "", "", engine::Order::kForward);
      for (; at->Valid() && batch.bytes() < kLargestBatch; at->Next()) batch.Erase(kMetricSpace, at->key());
      STATOR_OK(at->status());
      more = at->Valid();
    }
    if (batch.empty()) continue;
    if (!Stored(engine_, std::move(batch))) return Fail(errors::kMetricsUnwritten);
  }
  return {};
}

MetricStore::MetricStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
MetricStore::~MetricStore() { (void)impl_->Stop(); }

Result<std::unique_ptr<MetricStore>> MetricStore::Open(engine::Engine& engine, const Clock& clock,
                                                       MetricOptions options) {
  auto impl = std::make_unique<Impl>(engine, clock, options);
  STATOR_OK(impl->Load());
  impl->Start();
  return std::unique_ptr<MetricStore>(new MetricStore(std::move(impl)));
}

Status MetricStore::Stop() { return impl_->Stop(); }
void MetricStore::Add(const std::string& of, Metric metric, double value, Time at) {
  impl_->Add(of, metric, value, at);
}
Result<MetricStore::Series> MetricStore::Read(Bytes of, Metric metric, int64_t from, int64_t to) const {
  return impl_->Read(of, metric, from, to);
}
std::vector<std::string> MetricStore::Functions() const { return impl_->Functions(); }
std::vector<std::string> MetricStore::Tables() const { return impl_->Tables(); }
Status MetricStore::Write() { return impl_->Write(); }
Status MetricStore::RemoveAll() { return impl_->RemoveAll(); }

std::string MetricStore::Metrics() const {
  const std::map<std::string, Totals> totals = impl_->CopyTotals();
  std::string out;
  const auto family = [&](Bytes name, Bytes type, Bytes help, Metric metric, auto value) {
    out.append("# HELP stator_function_").append(name).append(" ").append(help);
    out.append("\n# TYPE stator_function_").append(name).append(" ").append(type).append("\n");
    for (const auto& [function, sums] : totals) {
      const Total& total = sums[static_cast<size_t>(metric)];
      if (total.count == 0) continue;
      char number[32];
      std::snprintf(number, sizeof number, "%.15g", value(total));
      out.append("stator_function_").append(name).append("{function=\"").append(function).append("\"} ");
      out.append(number).append("\n");
    }
  };
  const auto sum = [](const Total& total) { return total.sum; };
  const auto last = [](const Total& total) { return total.last; };
  family("invocations_total", "counter", "Invocations.", Metric::kInvocations, sum);
  family("errors_total", "counter", "Invocations that ended in an error.", Metric::kErrors, sum);
  family("throttles_total", "counter", "Invocations refused.", Metric::kThrottles, sum);
  family("duration_milliseconds_total", "counter", "Time spent in invocations.", Metric::kDuration, sum);
  family("async_events_dropped_total", "counter", "Asynchronous events given up.", Metric::kAsyncEventsDropped, sum);
  family("dead_letter_errors_total", "counter", "Failed events that could not be passed on.", Metric::kDeadLetterErrors,
         sum);
  family("concurrent_executions", "gauge", "Invocations at once, when last counted.", Metric::kConcurrentExecutions,
         last);
  family("iterator_age_milliseconds", "gauge", "Age of the last record delivered from a stream.", Metric::kIteratorAge,
         last);
  return out;
}

}  // namespace stator::metrics
