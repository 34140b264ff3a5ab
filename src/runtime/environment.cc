// See environment.h: the course of an invocation. environment_process.cc has what surrounds it: folders, variables,
// memory, the log.
#include "runtime/environment.h"

#include <cctype>
#include <cstdio>
#include <cstring>

#include "base/random.h"

namespace stator::runtime {
namespace {

// "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0;Lineage=..." without the last.
std::string NewTraceId(Time now) {
  char text[96];
  Random& random = ThreadRandom();
  std::snprintf(text, sizeof text, "Root=1-%08llx-%08llx%016llx;Parent=%016llx;Sampled=0",
                static_cast<unsigned long long>(now.seconds()),
                static_cast<unsigned long long>(random.Next() & 0xffffffff),
                static_cast<unsigned long long>(random.Next()), static_cast<unsigned long long>(random.Next()));
  return text;
}

Ending Error(std::string type) { return {Ending::Kind::kError, std::move(type)}; }

// What functions compare with their own clocks: never stepped.
Time RealNow() { return Clock().Now(); }

// The system's texts as Go writes them, which is what AWS shows.
std::string LowerFirst(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace

void Environment::Run(Job job) {
  STATOR_CHECK(!job_ && !stopped_);
  job_ = std::move(job);
  if (!prepared_) return Prepare();
  if (session_) {
    phase_ = Phase::kInvoke;
    BeginInvocation();
    if (session_->waiting()) SendEvent();
    return;
  }
  phase_ = Phase::kInvokeInit;
  BeginInvocation();
  BeginProcess();
}

void Environment::BeginColdInit() {
  started_ = true;
  phase_ = Phase::kInit;
  LogLine(InitStartLine(*function_));
  BeginProcess();
  lane_.timers().Arm(deadline_, init_began_ + shared_.options.init_time);
}

// From here the function's time-out runs.
void Environment::BeginInvocation() {
  invoke_began_ = MonotonicNow();
  tail_.clear();
  LogLine(StartLine(job_->invocation.request_id, *function_));
  lane_.timers().Arm(deadline_, invoke_began_ + std::chrono::seconds(function_->timeout_seconds));
  Watch();
}

void Environment::SendEvent() {
  phase_ = Phase::kInvoke;
  Session::Event event;
  Invocation& invocation = job_->invocation;
  event.request_id = invocation.request_id;
  event.invoked_arn = invocation.invoked_arn.empty() ? function_->arn : invocation.invoked_arn;
  event.client_context = invocation.client_context;
  event.payload = std::move(invocation.payload);
  const Time now = RealNow();
  event.trace_id = NewTraceId(now);
  const auto left = std::chrono::seconds(function_->timeout_seconds) -
                    std::chrono::duration_cast<std::chrono::microseconds>(MonotonicNow() - invoke_began_);
  event.deadline_ms = (now + left).millis();
  session_->Send(std::move(event));
}

void Environment::OnNext() {
  if (!job_) return;  // idle; the next invocation finds it waiting
  if (phase_ == Phase::kInit) {
    init_ms_ = MillisSince(init_began_);
    BeginInvocation();
  }
  SendEvent();
}

void Environment::OnResponse(std::string body) { Finish(Invoked::Kind::kReturned, std::move(body), {}); }

void Environment::OnError(std::string type, std::string body) {
  // The handler's own errors are no failure of the runtime: the report does not tell of them.
  const bool own = type == "Runtime.Unknown" || type == "Function.Unknown";
  Finish(Invoked::Kind::kFailed, std::move(body), Error(own ? "" : std::move(type)));
}

void Environment::OnResponseTooLarge() {
  constexpr char kType[] = "Function.ResponseSizeTooLarge";
  Finish(Invoked::Kind::kFailed,
         ErrorPayload(kType, "Response payload size exceeded maximum allowed payload size (" +
                                 std::to_string(Session::kMaxResponse) + " bytes)."),
         Error(kType));
}

// The process is expected to exit next; whether it does or not, it is of no use any more.
void Environment::OnInitError(std::string type, std::string body) {
  InitFailed(Error(std::move(type)), std::move(body));
}

void Environment::OnExit(ExitStatus status) {
  session_.reset();
  memory_ = 0;
  if (!job_) return;
  const std::string type = out_of_memory_ ? "Runtime.OutOfMemory" : "Runtime.ExitError";
  const std::string what = !status.by_signal && status.code == 0 ? "Runtime exited without providing a reason"
                                                                 : "Runtime exited with error: " + ToText(status);
  std::string payload = ErrorPayload(type, RequestError(job_->invocation.request_id, what));
  if (phase_ == Phase::kInit || phase_ == Phase::kInvokeInit) return InitFailed(Error(type), std::move(payload));
  Finish(Invoked::Kind::kFailed, std::move(payload), Error(type));
}

void Environment::OnNotSpawned(const char* step, int error) {
  session_.reset();
  if (!job_) return;
  constexpr char kType[] = "Runtime.InvalidEntrypoint";
  std::string what;
  if (interpreter_.kind == Interpreter::Kind::kProvided && std::strcmp(step, "execve") == 0) {
    what = "fork/exec /var/task/bootstrap: " + LowerFirst(std::strerror(error));
  } else {
    what = std::string("this server cannot begin a process (") + step + "): " + LowerFirst(std::strerror(error));
  }
  InitFailed(Error(kType), ErrorPayload(kType, RequestError(job_->invocation.request_id, what)));
}

void Environment::OnDeadline() {
  if (!job_) return;
  Measure(true);
  if (phase_ == Phase::kInit) return InitFailed({Ending::Kind::kTimeout, ""}, "");
  const std::string& id = job_->invocation.request_id;
  const std::string seconds = std::to_string(function_->timeout_seconds) + ".00 seconds";
  std::string payload = ErrorPayload("Sandbox.Timedout", RequestError(id, "Task timed out after " + seconds));
  if (phase_ == Phase::kInvokeInit) {
    LogLine(InitReportLine(MillisSince(init_began_), "invoke", {Ending::Kind::kTimeout, ""}));
  }
  if (session_) session_->DrainOutput();
  LogLine(TimeoutLine(shared_.clock.Now(), id, function_->timeout_seconds));
  EndSession();
  Finish(Invoked::Kind::kFailed, std::move(payload), {Ending::Kind::kTimeout, ""});
}

void Environment::InitFailed(Ending ending, std::string payload) {
  if (session_) session_->DrainOutput();
  const bool cold = phase_ == Phase::kInit;
  LogLine(InitReportLine(MillisSince(init_began_), cold ? "init" : "invoke", ending));
  EndSession();
  if (!cold) return Finish(Invoked::Kind::kFailed, std::move(payload), std::move(ending));
  phase_ = Phase::kInvokeInit;
  BeginInvocation();
  BeginProcess();
}

void Environment::Finish(Invoked::Kind kind, std::string payload, Ending ending) {
  lane_.timers().Disarm(deadline_);
  if (session_) session_->DrainOutput();
  Measure(false);
  ReportFacts facts;
  facts.duration_ms = MillisSince(invoke_began_);
  // The wheel is coarse; the time the function had is exact.
  if (ending.kind == Ending::Kind::kTimeout) facts.duration_ms = 1000.0 * function_->timeout_seconds;
  facts.init_ms = std::exchange(init_ms_, std::nullopt);
  facts.max_memory = most_memory_;
  facts.ending = std::move(ending);

  const std::string& id = job_->invocation.request_id;
  LogLine(EndLine(id));
  LogLine(ReportLine(id, *function_, facts));
  FlushLog();

  const Time now = shared_.clock.Now();
  using metrics::Metric;
  shared_.metrics.Add(function_->name, Metric::kInvocations, 1, now);
  shared_.metrics.Add(function_->name, Metric::kErrors, kind == Invoked::Kind::kFailed ? 1 : 0, now);
  shared_.metrics.Add(function_->name, Metric::kDuration, facts.duration_ms, now);

  Invoked invoked;
  invoked.kind = kind;
  invoked.payload = std::move(payload);
  invoked.request_id = id;
  invoked.executed_version = function_->version;
  if (job_->invocation.log_tail) invoked.log_tail = TakeTail();
  Callback<Invoked> done = std::move(job_->done);
  job_.reset();
  phase_ = Phase::kIdle;
  out_of_memory_ = false;
  done(std::move(invoked));
}

void Environment::EndSession() {
  memory_ = 0;
  auto session = std::exchange(session_, nullptr);
  if (!session) return;
  ++ending_;
  session->End([self = shared_from_this()] {
    --self->ending_;
    self->GoneIfSo();
  });
}

void Environment::Abort() {
  if (!job_) return;
  constexpr char kType[] = "Runtime.ExitError";
  std::string payload =
      ErrorPayload(kType, RequestError(job_->invocation.request_id, "Runtime exited with error: signal: killed"));
  EndSession();
  Finish(Invoked::Kind::kFailed, std::move(payload), Error(kType));
}

void Environment::Stop(Callback<> gone) {
  STATOR_CHECK(!job_ && !stopped_);
  stopped_ = true;
  gone_ = std::move(gone);
  EndSession();
  GoneIfSo();
}

void Environment::GoneIfSo() {
  if (!stopped_ || ending_ > 0 || !gone_) return;
  shared_.workers.Post([self = shared_from_this()] { self->workspace_.RemoveTemporary(self->temporary_); });
  std::exchange(gone_, nullptr)();
}

}  // namespace stator::runtime
