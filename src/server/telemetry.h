// What the server keeps of what functions say and do: logs, figures, and the APIs to read them.
#pragma once

#include <memory>
#include <string>

#include "base/lane.h"
#include "dispatch/operation.h"
#include "logs/log_store.h"
#include "metrics/metric_store.h"
#include "server/config.h"

namespace stator::server {

class Telemetry {
 public:
  // Borrows the engine and the clock.
  static Result<std::unique_ptr<Telemetry>> Open(engine::Engine& engine, const Clock& clock, const Config& config);

  logs::LogStore& logs() { return *logs_; }
  metrics::MetricStore& metrics() { return *metrics_; }

  // CloudWatch Logs and CloudWatch. Borrows the workers.
  void Register(dispatch::Registry& registry, WorkerPool& workers);
  // Prometheus' text format.
  std::string Metrics() const;
  // Forgets everything: for tests.
  Task<Status> RemoveAll(WorkerPool& workers, Lane& lane);
  // Writes down what waits: after all that adds to it has stopped.
  Status Stop();

 private:
  std::unique_ptr<logs::LogStore> logs_;
  std::unique_ptr<metrics::MetricStore> metrics_;
};

}  // namespace stator::server
