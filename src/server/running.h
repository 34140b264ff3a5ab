// What runs functions, put together: processes, asynchronous events, destinations.
#pragma once

#include <memory>

#include "functions/functions.h"
#include "runtime/async_queue.h"
#include "runtime/destinations.h"
#include "runtime/runner.h"
#include "server/config.h"

namespace stator::server {

// Threads: the main thread; what it gives is for any.
class Running {
 public:
  // Borrows everything; `surroundings` may be filled until Start.
  static Result<std::unique_ptr<Running>> Open(const Config& config, engine::Engine& engine, const Clock& clock,
                                               functions::Functions& functions, logs::LogSink& logs,
                                               metrics::MetricSink& metrics, const runtime::Surroundings& surroundings);
  ~Running();

  runtime::Runner& runner() { return *runner_; }
  runtime::AsyncQueue& events() { return *events_; }
  runtime::Destinations& destinations() { return *destinations_; }

  // Takes up the events that an earlier run left. Before the lanes run.
  Status Start(Lane& lane);
  // Ends every process. The lanes run. Blocks.
  void Stop();

 private:
  Running() = default;

  const runtime::Surroundings* surroundings_ = nullptr;
  std::unique_ptr<runtime::Runner> runner_;
  std::unique_ptr<WorkerPool> workers_;
  std::unique_ptr<runtime::Destinations> destinations_;
  std::unique_ptr<runtime::AsyncQueue> events_;
};

}  // namespace stator::server
