// How functions are to run here, and what they share.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/lane.h"
#include "logs/log_sink.h"
#include "metrics/metric_sink.h"
#include "runtime/surroundings.h"

namespace stator::runtime {

struct Options {
  int processes = 0;                  // most environments at once; 0: sixteen for each core
  int64_t memory_bytes = 0;           // resident, all together; 0: half of the machine's
  Duration idle_time{600'000'000};    // an environment without invocations ends after this long
  Duration longest_wait{10'000'000};  // for a free environment; then the caller is throttled
  Duration init_time{10'000'000};     // of a cold start, before init is repeated within the invocation
  int account_concurrency = 1000;     // of notes/lambda.md; beyond it the caller is throttled
  bool isolate = true;                // hide the data folder where the system allows it
  std::string data_folder;            // to be hidden; empty: nothing
  std::string work_folder;            // where environments keep their /tmp; empty: a new one below /var/tmp
  Surroundings surroundings;
};

// Borrowed by everything below; outlives it.
struct Shared {
  const Options& options;
  const Clock& clock;
  logs::LogSink& logs;
  metrics::MetricSink& metrics;
  WorkerPool& workers;  // lives as long as any function's process: processes die with the thread that began them
};

}  // namespace stator::runtime
