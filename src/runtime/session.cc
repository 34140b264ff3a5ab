// See session.h: the process. session_api.cc has the calls it makes.
#include "runtime/session.h"

#include <cerrno>

namespace stator::runtime {
namespace {

constexpr size_t kReadAtOnce = size_t{64} << 10;
constexpr int kReadsInARow = 4;
// Whoever prints faster than kReadsInARow buffers per pause waits in the pipe.
constexpr Duration kReadPause{10'000};
constexpr int kDrainReads = 32;

}  // namespace

bool Session::Open() {
  api_ = ApiServer::Open(lane_, *this);
  return api_ != nullptr;
}

void Session::Start(absl::AnyInvocable<SpawnRequest()> make) {
  self_ = shared_from_this();
  starting_ = true;
  pipe_ = MakePipe();
  if (!pipe_.reading.open()) {
    Spawned failed;
    failed.step = "pipe";
    failed.error = EMFILE;
    return lane_.Post([this, failed = std::move(failed)]() mutable { OnSpawned(std::move(failed)); });
  }
  shared_.workers.Post([this, make = std::move(make)]() mutable {
    SpawnRequest request = make();
    request.output = pipe_.writing.fd();
    Spawned spawned = Spawn(request);
    lane_.Post([this, spawned = std::move(spawned)]() mutable { OnSpawned(std::move(spawned)); });
  });
}

void Session::OnSpawned(Spawned spawned) {
  starting_ = false;
  pipe_.writing.Close();
  if (!spawned.ok) {
    if (User* user = std::exchange(user_, nullptr)) user->OnNotSpawned(spawned.step, spawned.error);
    return Dispose();
  }
  process_ = std::move(spawned.process);
  running_ = true;
  if (kill_) process_.KillGroup();
  lane_.poller().Watch(pipe_.reading.fd(), output_watcher_);
  lane_.poller().Watch(process_.exit_fd(), exit_watcher_);
}

void Session::ReadOutput() {
  if (reading_later_) return;
  std::vector<logs::LogEvent> events;
  const auto buffer = std::make_unique_for_overwrite<char[]>(kReadAtOnce);
  bool more = true;
  for (int i = 0; i < kReadsInARow && more; ++i) {
    const PipeRead read = ReadPipe(pipe_.reading, buffer.get(), kReadAtOnce);
    more = read.outcome == PipeRead::Outcome::kDone;
    if (more) lines_.Take({buffer.get(), read.bytes}, shared_.clock.Now(), &events);
  }
  if (user_ && !events.empty()) user_->OnOutput(std::move(events));
  if (!more || !running_) return;
  reading_later_ = true;
  lane_.After(kReadPause, [self = shared_from_this()] {
    self->reading_later_ = false;
    if (self->running_) self->ReadOutput();
  });
}

void Session::DrainOutput() {
  if (!pipe_.reading.open()) return;
  std::vector<logs::LogEvent> events;
  const auto buffer = std::make_unique_for_overwrite<char[]>(kReadAtOnce);
  const Time now = shared_.clock.Now();
  for (int i = 0; i < kDrainReads; ++i) {
    const PipeRead read = ReadPipe(pipe_.reading, buffer.get(), kReadAtOnce);
    if (read.outcome != PipeRead::Outcome::kDone) break;
    lines_.Take({buffer.get(), read.bytes}, now, &events);
  }
  lines_.Flush(now, &events);
  if (user_ && !events.empty()) user_->OnOutput(std::move(events));
}

void Session::OnProcessEnd() {
  if (!running_) return;
  lane_.poller().Forget(process_.exit_fd(), exit_watcher_);
  lane_.poller().Forget(pipe_.reading.fd(), output_watcher_);
  const ExitStatus status = process_.Reap();
  running_ = false;
  DrainOutput();
  if (User* user = std::exchange(user_, nullptr)) user->OnExit(status);
  Dispose();
}

void Session::Kill() {
  kill_ = true;
  if (running_) process_.KillGroup();
}

void Session::End(Callback<> gone) {
  user_ = nullptr;
  if (!self_) {  // over already
    if (gone) lane_.Post(std::move(gone));
    return;
  }
  gone_ = std::move(gone);
  Kill();
}

// From the event loop, with nothing of ours on the stack: a connection may be calling us now.
void Session::Dispose() {
  lane_.Post([self = std::move(self_)] {
    if (self->next_) {
      http::Reply reply;
      reply.status = 500;
      reply.close = true;
      self->FinishNext(std::move(reply));
    }
    self->api_.reset();
    self->pipe_.reading.Close();
    if (self->gone_) std::exchange(self->gone_, nullptr)();
  });
}

}  // namespace stator::runtime
