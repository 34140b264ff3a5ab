// The figures of functions and tables, by minute, for fifteen days.
//
// Samples gather in memory; about once a minute, and at a stop, they are added to the rows of their minutes on the
// engine, and leave memory. A crash loses the last minute. Readers see both.
//
// Threads: any. Read may take milliseconds and waits for a write that is under way: call it from the worker pool.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "metrics/metric_sink.h"
#include "metrics/point.h"

namespace stator::metrics {

inline constexpr size_t kMetrics = 9;

// How a table is named among functions, whose names have no slash: docs/formats/metrics.md.
std::string OfTable(Bytes table);

// As CloudWatch calls it: "Invocations" of "AWS/Lambda", and its unit: "Count".
Bytes NamespaceOf(Metric metric);
Bytes NameOf(Metric metric);
Bytes UnitOf(Metric metric);
bool MetricNamed(Bytes name_space, Bytes name, Metric* metric);

struct MetricOptions {
  Duration keep = std::chrono::hours(24 * 15);
  Duration write_every = std::chrono::minutes(1);
  size_t max_sources = 10'000;  // functions and tables; samples of further ones are dropped
};

class MetricStore : public MetricSink {
 public:
  // Borrows the engine and the clock. Starts a thread.
  static Result<std::unique_ptr<MetricStore>> Open(engine::Engine& engine, const Clock& clock, MetricOptions options);
  ~MetricStore() override;
  // Writes down what waits. Samples are not taken afterwards.
  Status Stop();

  void Add(const std::string& of, Metric metric, double value, Time at) override;

  // Minutes since 1970 and what was sampled in each, of those in [from, to). `of` nothing: of all functions together.
  using Series = std::map<int64_t, Point>;
  Result<Series> Read(Bytes of, Metric metric, int64_t from, int64_t to) const;
  // Functions and tables of which there is any figure, in name order.
  std::vector<std::string> Functions() const;
  std::vector<std::string> Tables() const;

  // Writes down what waits and forgets what is too old, now. The thread does it by itself.
  Status Write();
  // Forgets everything: for tests.
  Status RemoveAll();
  // Prometheus' text format: sums since the start of the process, and the last levels.
  std::string Metrics() const;

  class Impl;

 private:
  explicit MetricStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::metrics
