// bench_load: a load generator small enough not to be what is measured. bench/compare drives it.
//
// It prints one JSON object to stdout; complaints go to stderr, exit code 1 for a run that failed, 2 for bad arguments.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "load/process.h"
#include "load/request.h"
#include "load/runner.h"

namespace load {
namespace {

struct Arguments {
  std::string workload;
  std::string requests_file;  // requests from here instead
  Target target{"bench", 100'000};
  Plan plan;
  std::vector<int> cores;
  std::vector<std::string> start_command;  // measure its start instead of sending load
};

int Usage() {
  std::fprintf(stderr,
               "usage: bench_load --op NAME [--port P] [--table T] [--items N] [--connections C] [--requests R]\n"
               "                   [--seconds S] [--warmup R] [--seed N] [--pid PID]... [--core N]...\n"
               "       bench_load --requests-from FILE (instead of --op)\n"
               "       bench_load --port P --start COMMAND...\n"
               "NAME is one of: %s\n",
               std::string(WorkloadNames()).c_str());
  return 2;
}

// False for an unknown name.
bool Take(Arguments* to, std::string_view name, const char* value) {
  const uint64_t number = std::strtoull(value, nullptr, 10);
  if (name == "--op") {
    to->workload = value;
  } else if (name == "--requests-from") {
    to->requests_file = value;
  } else if (name == "--host") {
    to->plan.host = value;
  } else if (name == "--port") {
    to->plan.port = static_cast<int>(number);
  } else if (name == "--table") {
    to->target.table = value;
  } else if (name == "--items") {
    to->target.items = number;
  } else if (name == "--connections") {
    to->plan.connections = static_cast<int>(number);
  } else if (name == "--requests") {
    to->plan.requests = number;
  } else if (name == "--seconds") {
    to->plan.seconds = std::strtod(value, nullptr);
  } else if (name == "--warmup") {
    to->plan.warmup = number;
  } else if (name == "--seed") {
    to->plan.seed = number;
  } else if (name == "--pid") {
    to->plan.servers.push_back(static_cast<pid_t>(number));
  } else if (name == "--core") {
    to->cores.push_back(static_cast<int>(number));
  } else {
    return false;
  }
  return true;
}

bool Parse(int count, char** words, Arguments* to) {
  for (int i = 1; i < count; i += 2) {
    if (std::strcmp(words[i], "--start") == 0) {
      to->start_command.assign(words + i + 1, words + count);
      return !to->start_command.empty();
    }
    if (i + 1 == count || !Take(to, words[i], words[i + 1])) return false;
  }
  to->plan.items = to->target.items;
  return to->plan.connections > 0 && (to->plan.requests > 0 || to->plan.seconds > 0);
}

int Report(const Outcome& outcome) {
  if (!outcome.failure.empty()) {
    std::fprintf(stderr, "bench_load: %s\n", outcome.failure.c_str());
    return 1;
  }
  if (outcome.errors > 0) std::fprintf(stderr, "bench_load: first error: %s\n", outcome.first_error.c_str());
  const double replies = static_cast<double>(outcome.replies);
  std::printf("{\"replies\": %llu, \"errors\": %llu, \"seconds\": %.4f, \"per_second\": %.1f, \"p50_us\": %.1f, ",
              static_cast<unsigned long long>(outcome.replies), static_cast<unsigned long long>(outcome.errors),
              outcome.seconds, replies / outcome.seconds, 1e-3 * static_cast<double>(outcome.latency.Quantile(0.5)));
  std::printf("\"p99_us\": %.1f, \"server_cpu_us\": %.3f, \"client_cpu_us\": %.3f, \"reply_bytes\": %.1f}\n",
              1e-3 * static_cast<double>(outcome.latency.Quantile(0.99)), 1e6 * outcome.server_cpu / replies,
              1e6 * outcome.client_cpu / replies, static_cast<double>(outcome.reply_bytes) / replies);
  return 0;
}

int Main(int count, char** words) {
  Arguments arguments;
  if (!Parse(count, words, &arguments)) return Usage();
  if (!arguments.cores.empty() && !PinTo(arguments.cores)) {
    std::fprintf(stderr, "bench_load: cannot run on the cores asked for\n");
    return 1;
  }
  if (!arguments.start_command.empty()) {
    constexpr double kLimitSeconds = 30;
    std::printf("{\"start_ms\": %.3f}\n",
                StartMilliseconds(arguments.start_command, arguments.plan.port, kLimitSeconds));
    return 0;
  }
  std::optional<Workload> work = arguments.requests_file.empty() ? MakeWorkload(arguments.workload, arguments.target)
                                                                 : ReadWorkload(arguments.requests_file);
  if (!work) return Usage();
  return Report(Run(arguments.plan, std::move(*work)));
}

}  // namespace
}  // namespace load

int main(int count, char** words) { return load::Main(count, words); }
