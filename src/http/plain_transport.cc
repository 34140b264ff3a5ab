// TCP without encryption.
//
// The poller tells of changes only, so the transport remembers whether there may be something to read: after a read
// that did not fill its buffer there is not, and the next read waits without asking the system.
#include <algorithm>

#include "base/os/poller.h"
#include "http/transport.h"

namespace stator::http {
namespace {

// Reads that succeed at once, one after the other, before the other connections of the lane get their turn.
constexpr int kReadsInARow = 16;

class PlainTransport final : public Transport, private Poller::Watcher {
 public:
  PlainTransport(Socket socket, Lane& lane, User& user) : socket_(std::move(socket)), lane_(lane), user_(user) {
    if (!lane_.poller().Watch(socket_.fd(), *this)) readable_ = true;  // the first read tells what is wrong
  }
  ~PlainTransport() override { Close(); }

  std::optional<size_t> Read(char* to, size_t size) override {
    to_ = to;
    size_ = size;
    if (!readable_) return std::nullopt;
    if (++reads_in_a_row_ > kReadsInARow) {
      reads_in_a_row_ = 0;
      lane_.poller().Remind(socket_.fd(), *this);
      return std::nullopt;
    }
    return TryRead();
  }

  // A reply nearly always fits into the socket's buffer: written without a turn of the event loop.
  Written Write(Bytes first, Bytes second) override {
    first_ = first;
    second_ = second;
    return TryWrite();
  }

  void FinishWriting() override { socket_.FinishSending(); }

  void Close() override {
    if (!socket_.open()) return;
    lane_.poller().Forget(socket_.fd(), *this);
    socket_.Close();
  }

  Socket Release() override {
    lane_.poller().Forget(socket_.fd(), *this);
    return std::move(socket_);
  }

 private:
  // One callback at most: it may destroy this.
  void OnReady(Poller::Ready ready) override {
    reads_in_a_row_ = 0;
    readable_ = readable_ || ready.readable;
    ended_ = ended_ || ready.ended;
    if (ready.writable && !first_.empty()) {
      const Written written = TryWrite();
      if (written != Written::kLater) {
        if (readable_ && to_) lane_.poller().Remind(socket_.fd(), *this);  // the read gets its turn
        return user_.OnWritten(written == Written::kAll);
      }
    }
    if (readable_ && to_) {
      if (const auto bytes = TryRead()) user_.OnRead(*bytes);
    }
  }

  std::optional<size_t> TryRead() {
    const Socket::Moved moved = socket_.Receive(to_, size_);
    if (moved.outcome == Socket::Outcome::kNotNow) {
      readable_ = false;
      return std::nullopt;
    }
    // A short read has emptied the socket, and what comes later is news; an end that is known is not.
    readable_ = moved.bytes == size_ || ended_;
    to_ = nullptr;
    return moved.bytes;
  }

  Written TryWrite() {
    while (true) {
      const Socket::Moved moved = socket_.Send(first_, second_);
      if (moved.outcome == Socket::Outcome::kNotNow) return Written::kLater;
      if (moved.outcome == Socket::Outcome::kFailed) {
        first_ = second_ = {};
        return Written::kFailed;
      }
      const size_t of_first = std::min(moved.bytes, first_.size());
      first_.remove_prefix(of_first);
      second_.remove_prefix(moved.bytes - of_first);
      if (first_.empty()) first_ = std::exchange(second_, {});
      if (first_.empty()) return Written::kAll;
    }
  }

  Socket socket_;
  Lane& lane_;
  User& user_;
  bool readable_ = false;
  bool ended_ = false;
  int reads_in_a_row_ = 0;
  char* to_ = nullptr;  // null: no read is waited for
  size_t size_ = 0;
  Bytes first_;  // empty: no write is waited for
  Bytes second_;
};

}  // namespace

std::unique_ptr<Transport> MakePlainTransport(Socket socket, Lane& lane, Transport::User& user) {
  return std::make_unique<PlainTransport>(std::move(socket), lane, user);
}

}  // namespace stator::http
