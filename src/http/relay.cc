// See relay.h; tested through real sockets by connection_proxy_test.cc.
#include "http/relay.h"

#include <limits>

namespace stator::http {
namespace {

constexpr size_t kBuffer = Relay::kBuffers / 2;

}  // namespace

size_t Passage::Take(Bytes bytes) {
  if (ended_ || broken_) return 0;
  if (kind_ == Kind::kAll) return bytes.size();
  if (kind_ == Kind::kLength) {
    const size_t taken = static_cast<size_t>(std::min<uint64_t>(bytes.size(), left_));
    left_ -= taken;
    ended_ = left_ == 0;
    return taken;
  }
  Bytes in = bytes;
  decoded_.clear();
  const Parse parsed = chunks_.Feed(&in, &decoded_, std::numeric_limits<size_t>::max());
  ended_ = parsed == Parse::kDone;
  broken_ = parsed == Parse::kBad;
  return bytes.size() - in.size();
}

Relay::Relay(Transport& client, Socket host, Lane& lane, Passage passage, Duration idle_time, Callback<bool> done)
    : lane_(lane),
      passage_(std::move(passage)),
      idle_time_(idle_time),
      done_(std::move(done)),
      host_user_(*this),
      host_(MakePlainTransport(std::move(host), lane, host_user_)) {
  up_.from = down_.to = &client;
  up_.to = down_.from = host_.get();
  up_.ended = passage_.ended();
  up_.buffer = std::make_unique_for_overwrite<char[]>(kBuffer);
  down_.buffer = std::make_unique_for_overwrite<char[]>(kBuffer);
}

Relay::~Relay() = default;

// Never calls done_ itself: what is over already is found to be so by the timer.
void Relay::Begin(std::string to_host) {
  first_ = std::move(to_host);
  broken_ = !Write(up_, first_) || !Pump(up_) || !Pump(down_);
  lane_.timers().Arm(*this, MonotonicNow() + (broken_ || over() ? Duration(0) : idle_time_));
}

void Relay::OnTimer() { Finish(!over()); }

void Relay::OnRead(Pipe& pipe, size_t bytes) {
  pipe.waits = false;
  Settle(Pass(pipe, bytes) && Pump(pipe));
}

void Relay::OnWritten(Pipe& pipe, bool ok) {
  pipe.waits = false;
  Settle(ok && Pump(pipe));
}

bool Relay::Pump(Pipe& pipe) {
  while (!pipe.ended && !pipe.waits) {
    const auto bytes = pipe.from->Read(pipe.buffer.get(), kBuffer);
    if (!bytes) {
      pipe.waits = true;
    } else if (!Pass(pipe, *bytes)) {
      return false;
    }
  }
  return true;
}

bool Relay::Pass(Pipe& pipe, size_t bytes) {
  if (bytes == 0) return End(pipe);
  Bytes passed(pipe.buffer.get(), bytes);
  if (&pipe == &up_) {
    passed = passed.substr(0, passage_.Take(passed));
    if (passage_.broken()) return false;
    up_.ended = passage_.ended();
  }
  return Write(pipe, passed);
}

bool Relay::Write(Pipe& pipe, Bytes bytes) {
  if (bytes.empty()) return true;
  const Transport::Written written = pipe.to->Write(bytes, {});
  pipe.waits = written == Transport::Written::kLater;
  return written != Transport::Written::kFailed;
}

// The side that `pipe` comes from sends no more. The middle of a request is no place to stop.
bool Relay::End(Pipe& pipe) {
  pipe.ended = true;
  pipe.to->FinishWriting();
  return &pipe == &down_ || passage_.endless();
}

bool Relay::over() const { return down_.ended && (up_.ended || !passage_.endless()); }

void Relay::Settle(bool alive) {
  if (!alive || over()) return Finish(!alive);
  lane_.timers().Arm(*this, MonotonicNow() + idle_time_);
}

void Relay::Finish(bool broken) {
  Callback<bool> done = std::exchange(done_, nullptr);
  if (done) done(broken || broken_);  // the last thing: this may be gone
}

}  // namespace stator::http
