// Between exchanges a read is under way: so the end of the connection is noticed before it is used again.
#include "net/link.h"

#include <utility>

namespace stator::messages {
namespace {

constexpr size_t kBuffer = size_t{16} << 10;

}  // namespace

Link::Link(Socket socket, Lane& lane)
    : lane_(lane),
      transport_(http::MakePlainTransport(std::move(socket), lane, *this)),
      buffer_(std::make_unique_for_overwrite<char[]>(kBuffer)) {}

Link::~Link() = default;

Link::Exchanging Link::Exchange(Bytes head, Bytes body, Duration limit) {
  reader_.Reset();
  end_ = End::kLost;
  busy_ = true;
  lane_.timers().Arm(*this, MonotonicNow() + limit);
  const http::Transport::Written written = transport_->Write(head, body);
  writing_ = written == http::Transport::Written::kLater;
  if (written == http::Transport::Written::kFailed) {
    Finish(End::kLost);
  } else {
    Pump();
  }
  return {*this};
}

void Link::Pump() {
  while (!dead_) {
    const auto bytes = transport_->Read(buffer_.get(), kBuffer);
    if (!bytes) return;
    Take(*bytes);
  }
}

void Link::Take(size_t bytes) {
  if (!busy_) {
    dead_ = true;  // it has ended, or speaks without being asked
    return;
  }
  const auto state = bytes == 0 ? reader_.End() : reader_.Feed({buffer_.get(), bytes});
  if (bytes == 0) dead_ = true;
  if (state == ReplyReader::State::kDone) Finish(End::kDone);
  if (state == ReplyReader::State::kBad) Finish(End::kLost);
}

void Link::OnRead(size_t bytes) {
  Take(bytes);
  Pump();
  if (!busy_) Resume();
}

void Link::OnWritten(bool ok) {
  writing_ = false;
  if (ok) return;
  if (busy_) Finish(End::kLost);
  Resume();
}

void Link::OnTimer() {
  Finish(End::kTimeout);
  Resume();
}

// The last thing: the task may destroy this.
void Link::Resume() {
  if (task_) std::exchange(task_, nullptr).resume();
}

void Link::Finish(End end) {
  end_ = end;
  busy_ = false;
  dead_ = dead_ || end != End::kDone || writing_ || !reader_.keep_alive();
  lane_.timers().Disarm(*this);
}

}  // namespace stator::messages
