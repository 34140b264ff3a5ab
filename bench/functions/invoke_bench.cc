// Invocations of a function by the runner alone: no table, no stream, no mapping.
//
//   build/release/invoke_bench SECONDS RECORDS RUNTIME HANDLER FOLDER
//
// Calls the function in FOLDER with stream events of RECORDS records, one after the other, and prints invocations and
// records per second, the time from the call to the answer, and the
// memory of the warm process.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/run_on.h"
#include "runtime/runner.h"

namespace stator {
namespace {

class NoLogs final : public logs::LogSink {
 public:
  void Append(const std::string&, const std::string&, std::vector<logs::LogEvent>) override {}
};
class NoMetrics final : public metrics::MetricSink {
 public:
  void Add(const std::string&, metrics::Metric, double, Time) override {}
};

std::string EventOf(int records) {
  std::string event = R"({"Records":[)";
  for (int i = 0; i < records; ++i) {
    if (i > 0) event += ",";
    event += R"({"eventID":"0123456789abcdef0123456789abcdef","eventName":"INSERT","eventVersion":"1.1",)"
             R"("eventSource":"aws:dynamodb","awsRegion":"us-east-1","dynamodb":{"ApproximateCreationDateTime":)"
             R"(1700000000.0,"Keys":{"pk":{"S":"MSG#1"},"sk":{"S":"2026"}},"NewImage":{"pk":{"S":"MSG#1"},"sk":)"
             R"({"S":"2026"},"message":{"S":"hello"}},"SequenceNumber":"100000000000000000001","SizeBytes":70,)"
             R"("StreamViewType":"NEW_IMAGE"},"eventSourceARN":"arn:aws:dynamodb:us-east-1:000000000000:table/t/)"
             R"(stream/2024-01-01T00:00:00.000"})";
  }
  return event + "]}";
}

struct Figures {
  std::vector<double> micros;
  double seconds = 0;
};

Task<int> Run(runtime::Runner& runner, functions::FunctionRef function, std::string event, double seconds, Lane& lane,
              Figures* figures) {
  MonotonicTime began{};
  while (figures->seconds < seconds) {
    runtime::Invocation invocation;
    invocation.function = function;
    invocation.payload = event;
    const MonotonicTime before = MonotonicNow();
    if (figures->micros.empty()) began = before;
    auto invoke = runner.Invoke(std::move(invocation), lane);
    const runtime::Invoked invoked = co_await invoke;
    if (invoked.kind != runtime::Invoked::Kind::kReturned) {
      std::fprintf(stderr, "the function failed: %s\n", invoked.payload.c_str());
      co_return 1;
    }
    const MonotonicTime after = MonotonicNow();
    figures->micros.push_back(std::chrono::duration<double, std::micro>(after - before).count());
    if (figures->micros.size() == 1) began = after;  // a cold start does not count
    figures->seconds = std::chrono::duration<double>(after - began).count();
  }
  co_return 0;
}

int Main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: %s SECONDS RECORDS RUNTIME HANDLER FOLDER\n", argv[0]);
    return 2;
  }
  auto function = std::make_shared<functions::Function>();
  function->name = "bench";
  function->arn = "arn:aws:lambda:us-east-1:000000000000:function:bench";
  function->version = "$LATEST";
  function->region = "us-east-1";
  function->runtime = argv[3];
  function->handler = argv[4];
  function->code_folder = argv[5];
  function->memory_mb = 256;
  const int records = std::atoi(argv[2]);

  Clock clock;
  NoLogs logs;
  NoMetrics metrics;
  Lanes lanes(1);
  auto runner = runtime::Runner::Open({}, clock, logs, metrics);
  if (!runner.ok()) return 1;
  lanes.Start();
  Figures figures;
  const int code = RunOn(lanes.at(0), [&](Lane& lane) {
    return Run(**runner, function, EventOf(records), std::atof(argv[1]), lane, &figures);
  });
  const int64_t memory = (*runner)->figures().memory;
  (*runner)->Stop();
  lanes.StopAndJoin();
  if (code != 0 || figures.micros.size() < 2) return 1;
  const double count = static_cast<double>(figures.micros.size() - 1);
  std::printf("cold start   %8.1f ms\n", figures.micros[0] / 1000);
  std::sort(figures.micros.begin() + 1, figures.micros.end());
  const auto at = [&](double share) { return figures.micros[1 + static_cast<size_t>(share * (count - 1))]; };
  std::printf("invocations  %8.0f /s\nrecords      %8.0f /s\n", count / figures.seconds,
              count * records / figures.seconds);
  std::printf("p50          %8.0f us\np99          %8.0f us\n", at(0.50), at(0.99));
  std::printf("memory       %8.1f MB\n", static_cast<double>(memory) / (1 << 20));
  return 0;
}

}  // namespace
}  // namespace stator

int main(int argc, char** argv) { return stator::Main(argc, argv); }
