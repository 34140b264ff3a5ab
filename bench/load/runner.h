// A closed loop on one thread: every connection sends its next request when the last reply is complete.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "load/histogram.h"
#include "load/request.h"

namespace load {

struct Plan {
  std::string host = "127.0.0.1";
  int port = 8000;
  int connections = 1;
  uint64_t requests = 0;  // 0: no limit
  double seconds = 0;     // 0: no limit; the run ends at the first limit reached
  uint64_t warmup = 0;    // replies before anything is counted
  uint64_t items = 0;
  uint64_t seed = 1;
  std::vector<pid_t> servers;  // whose CPU time is counted
};

struct Outcome {
  std::string failure;  // empty, or why the run was given up
  uint64_t replies = 0;
  uint64_t errors = 0;
  std::string first_error;
  uint64_t reply_bytes = 0;  // of all bodies
  double seconds = 0;
  double server_cpu = 0;  // seconds
  double client_cpu = 0;
  Histogram latency;
};

Outcome Run(const Plan& plan, Workload work);

}  // namespace load
