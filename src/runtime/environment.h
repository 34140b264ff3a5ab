// One environment of a function, as AWS has them: a log stream, a /tmp, and a process that handles one invocation at a
// time. The process may be replaced (crash, time-out); log stream and /tmp stay. notes/lambda.md, section 4.2.
//
//   init of a cold start (10 s) -- fails --> init again within the invocation (the function's time-out) -- fails -->
//   error ready --> invocation --> answered --> ready
//
// Threads: its lane, but for what is const and immutable.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/interpreters.h"
#include "runtime/invoker.h"
#include "runtime/options.h"
#include "runtime/report.h"
#include "runtime/session.h"
#include "runtime/variables.h"
#include "runtime/workspace.h"

namespace stator::runtime {

class Environment final : public std::enable_shared_from_this<Environment>, private Session::User {
 public:
  struct Job {
    Invocation invocation;   // with its request id
    Callback<Invoked> done;  // on the environment's lane; nothing of the job runs any more
  };

  Environment(functions::FunctionRef function, uint64_t fingerprint, Lane& lane, const Shared& shared,
              Workspace& workspace);
  ~Environment() override;

  // REQUIRES: no job is running, Stop was not called.
  void Run(Job job);
  // Answers the job that runs, if there is one, as if its process had been killed; it is.
  void Abort();
  // REQUIRES: no job is running. `gone` is called when no process is left. Once, and the last call.
  void Stop(Callback<> gone);

  const functions::Function& function() const { return *function_; }
  Lane& lane() const { return lane_; }
  uint64_t fingerprint() const { return fingerprint_; }  // of a hot folder, when the environment began
  // Resident bytes as last seen. Any thread.
  int64_t memory() const { return memory_.load(std::memory_order_relaxed); }

 private:
  enum class Phase : uint8_t {
    kIdle,        // no job
    kPreparing,   // looks for the interpreter, makes folders
    kInit,        // of a cold start
    kInvokeInit,  // init within the invocation
    kInvoke,
  };
  class Deadline final : public TimerWheel::Timer {
   public:
    explicit Deadline(Environment& environment) : environment_(environment) {}
    void OnTimer() override { environment_.OnDeadline(); }

   private:
    Environment& environment_;
  };

  void OnNext() override;
  void OnResponse(std::string body) override;
  void OnResponseTooLarge() override;
  void OnError(std::string type, std::string body) override;
  void OnInitError(std::string type, std::string body) override;
  void OnOutput(std::vector<logs::LogEvent> events) override;
  void OnExit(ExitStatus status) override;
  void OnNotSpawned(const char* step, int error) override;

  void Prepare();
  void BeginColdInit();
  void BeginProcess();
  SpawnRequest RequestFor(const std::string& api) const;
  void SayWhatRunsIt();
  void BeginInvocation();
  void SendEvent();
  void OnDeadline();
  void InitFailed(Ending ending, std::string payload);
  void Finish(Invoked::Kind kind, std::string payload, Ending ending);
  void EndSession();
  void GoneIfSo();
  void Watch();
  void Measure(bool group);
  double MillisSince(MonotonicTime from) const;

  void LogLine(std::string line);
  void Log(logs::LogEvent event);
  void FlushLog();
  std::string TakeTail();

  const functions::FunctionRef function_;
  const uint64_t fingerprint_;
  Lane& lane_;
  const Shared& shared_;
  Workspace& workspace_;
  const Credentials credentials_;
  const std::string log_stream_;
  Interpreter interpreter_;
  std::string temporary_;

  Phase phase_ = Phase::kIdle;
  std::shared_ptr<Session> session_;
  std::optional<Job> job_;
  bool started_ = false;  // the one cold start is behind it
  bool prepared_ = false;
  bool out_of_memory_ = false;  // why the process is being killed
  bool watching_ = false;
  bool stopped_ = false;
  MonotonicTime init_began_{};
  MonotonicTime invoke_began_{};
  std::optional<double> init_ms_;  // until a report has told it
  Deadline deadline_{*this};
  std::atomic<int64_t> memory_{0};
  int64_t most_memory_ = 0;

  std::vector<logs::LogEvent> unlogged_;  // goes with what comes next, or at the next look
  std::string tail_;
  int ending_ = 0;  // sessions whose process is not gone yet
  Callback<> gone_;
};

}  // namespace stator::runtime
