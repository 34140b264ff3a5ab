// What surrounds an invocation: see environment.h.
#include <algorithm>
#include <cerrno>

#include "runtime/environment.h"
#include "runtime/isolation.h"

namespace stator::runtime {
namespace {

constexpr Duration kLook{50'000};  // memory, and lines not yet logged
constexpr size_t kTail = 4096;
constexpr size_t kKeptTail = 4 * kTail;

std::vector<std::string> CommandOf(const Interpreter& interpreter, const functions::Function& function,
                                   const Layout& layout) {
  switch (interpreter.kind) {
    case Interpreter::Kind::kPython:
      return {interpreter.path, "-B", layout.runtime_dir + "/bootstrap.py"};  // the code folder is left as it is
    case Interpreter::Kind::kNode:
      return {interpreter.path, "--max-old-space-size=" + std::to_string(function.memory_mb),
              layout.runtime_dir + "/bootstrap.mjs"};
    default:
      return {layout.task_root + "/bootstrap"};
  }
}

}  // namespace

Environment::Environment(functions::FunctionRef function, uint64_t fingerprint, Lane& lane, const Shared& shared,
                         Workspace& workspace)
    : function_(std::move(function)),
      fingerprint_(fingerprint),
      lane_(lane),
      shared_(shared),
      workspace_(workspace),
      credentials_(NewCredentials()),
      log_stream_(NewLogStreamName(shared.clock.Now(), function_->version)) {}

Environment::~Environment() = default;

void Environment::Prepare() {
  phase_ = Phase::kPreparing;
  shared_.workers.Post([self = shared_from_this()] {
    Interpreter interpreter = FindInterpreter(self->function_->runtime);
    std::string temporary = self->workspace_.MakeTemporary();
    if (self->shared_.options.isolate) CanIsolate();
    self->lane_.Post([self, interpreter = std::move(interpreter), temporary = std::move(temporary)]() mutable {
      self->interpreter_ = std::move(interpreter);
      self->temporary_ = std::move(temporary);
      self->prepared_ = true;
      if (self->job_) self->BeginColdInit();
    });
  });
}

void Environment::BeginProcess() {
  init_began_ = MonotonicNow();
  most_memory_ = 0;  // the report tells of this process, not of those before it
  const bool interpreted = interpreter_.kind != Interpreter::Kind::kProvided;
  if (interpreted && interpreter_.path.empty()) {
    constexpr char kType[] = "Runtime.InvalidEntrypoint";
    const std::string what = "this machine has nothing that runs " + function_->runtime;
    return InitFailed({Ending::Kind::kError, kType},
                      ErrorPayload(kType, RequestError(job_->invocation.request_id, what)));
  }
  SayWhatRunsIt();
  session_ = std::make_shared<Session>(lane_, shared_, static_cast<Session::User&>(*this));
  if (!session_->Open()) return OnNotSpawned("listen", EMFILE);
  session_->Start([self = shared_from_this(), api = session_->api_address()] { return self->RequestFor(api); });
}

void Environment::SayWhatRunsIt() {
  if (!IsSubstitute(function_->runtime, interpreter_) || !workspace_.First("runs " + function_->arn)) return;
  LogLine("[stator] " + function_->runtime + " runs on " + interpreter_.path + ", version " + interpreter_.version +
          "\n");
}

SpawnRequest Environment::RequestFor(const std::string& api) const {
  SpawnRequest request;
  Layout layout{function_->code_folder, workspace_.runtime_dir(), temporary_};
  if (shared_.options.isolate && CanIsolate()) {
    request.mounts = MountsFor(
        {shared_.options.data_folder, function_->code_folder, shared_.options.surroundings.ca_bundle}, &layout);
  }
  request.folder = layout.task_root;
  request.arguments = CommandOf(interpreter_, *function_, layout);
  request.program = request.arguments.front();
  request.environment =
      VariablesFor(*function_, interpreter_, layout, credentials_, log_stream_, api, shared_.options.surroundings);
  return request;
}

// While a job runs: looks at the memory, and sends lines that stand alone.
void Environment::Watch() {
  if (watching_) return;
  watching_ = true;
  lane_.After(kLook, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->watching_ = false;
    if (!self->job_ || self->stopped_) return;
    self->FlushLog();
    self->Measure(true);
    if (self->memory_ > int64_t{self->function_->memory_mb} << 20 && self->session_ && !self->out_of_memory_) {
      self->out_of_memory_ = true;
      self->session_->Kill();
    }
    self->Watch();
  });
}

void Environment::Measure(bool group) {
  if (!session_) return;
  const int64_t now = group ? session_->GroupMemory() : std::max(session_->LeaderMemory(), int64_t{0});
  if (now == 0) return;
  memory_ = now;
  most_memory_ = std::max(most_memory_, now);
}

double Environment::MillisSince(MonotonicTime from) const {
  return std::chrono::duration<double, std::milli>(MonotonicNow() - from).count();
}

void Environment::OnOutput(std::vector<logs::LogEvent> events) {
  for (logs::LogEvent& event : events) Log(std::move(event));
  FlushLog();
}

void Environment::LogLine(std::string line) { Log({shared_.clock.Now(), std::move(line)}); }

void Environment::Log(logs::LogEvent event) {
  if (job_ && job_->invocation.log_tail) {
    tail_.append(event.message);
    if (tail_.size() > kKeptTail) tail_.erase(0, tail_.size() - kTail);
  }
  unlogged_.push_back(std::move(event));
}

void Environment::FlushLog() {
  if (unlogged_.empty()) return;
  shared_.logs.Append(function_->log_group, log_stream_, std::exchange(unlogged_, {}));
}

std::string Environment::TakeTail() {
  if (tail_.size() > kTail) tail_.erase(0, tail_.size() - kTail);
  return std::exchange(tail_, {});
}

}  // namespace stator::runtime
