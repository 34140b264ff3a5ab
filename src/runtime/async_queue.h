// Asynchronous invocations (InvocationType Event): kept until they succeed or are given up.
//
// An event is durable before its 202. It runs as soon as it can; an error is tried again after one minute and then two,
// under the same request id; throttles are tried again without counting, up to the greatest age. Then the outcome goes
// to the destination or dead-letter queue, if there is one. notes/lambda.md, section 1.6; docs/formats/async_events.md
// has the bytes.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/lane.h"
#include "base/task.h"
#include "engine/engine.h"
#include "errors/result.h"
#include "functions/function.h"
#include "metrics/metric_sink.h"
#include "runtime/destinations.h"
#include "runtime/invoker.h"

namespace stator::runtime {

// What PutFunctionEventInvokeConfig and DeadLetterConfig say, as it is when an attempt ends.
struct AsyncSettings {
  int max_retries = 2;
  int max_age_seconds = 21600;
  std::string on_success;  // a destination; empty: none
  std::string on_failure;
  std::string dead_letter;  // gets the event itself
};

struct AsyncEvent {
  std::string function;   // name or ARN, as Resolver::Resolve takes it
  std::string qualifier;  // empty: $LATEST, or the one in `function`
  std::string payload;    // JSON, checked by the caller
  std::string request_id;
  std::string client_context;
};

// Threads: Start and Stop from the server's; the rest any.
class AsyncQueue {
 public:
  struct Needs {
    engine::Engine& engine;
    const Clock& clock;
    Invoker& invoker;
    const functions::Resolver& resolver;
    Destinations& destinations;
    metrics::MetricSink& metrics;
    // Asked when an attempt ends. Threads: any.
    std::function<AsyncSettings(const functions::Function& function, const std::string& qualifier)> settings;
  };
  explicit AsyncQueue(Needs needs);
  ~AsyncQueue();

  // Reads what an earlier run left. Everything runs on `lane`.
  Status Start(Lane& lane);
  // Begins no more attempts; what waits is there again at the next start. The attempts under way are not waited for:
  // they run again, as "at least once" allows.
  void Stop();

  // Done when the event is durable; goes on on `lane`. Fails when the store cannot take it.
  Task<Status> Accept(AsyncEvent event, Lane& lane);

  // Forgets every event, for tests: what waits does not run, what runs is not tried again and tells nobody.
  Task<Status> RemoveAll(Lane& lane);

  // Events that wait or run.
  size_t size() const;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace stator::runtime
