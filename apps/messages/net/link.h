// A connection to a server that is kept alive: one exchange at a time.
//
// Threads: its lane.
#pragma once

#include <coroutine>
#include <memory>
#include <string>

#include "base/lane.h"
#include "base/os/socket.h"
#include "http/transport.h"
#include "net/reply_reader.h"

namespace stator::messages {

class Link final : private http::Transport::User, private TimerWheel::Timer {
 public:
  enum class End { kDone, kLost, kTimeout };

  Link(Socket socket, Lane& lane);
  ~Link() override;

  // `co_await link.Exchange(...)`: sends, and reads one reply. Head and body stay valid until then. After another end
  // than kDone the link is of no use any more.
  struct Exchanging {
    Link& link;
    bool await_ready() const noexcept { return !link.busy_; }
    void await_suspend(std::coroutine_handle<> task) noexcept { link.task_ = task; }
    End await_resume() const noexcept { return link.end_; }
  };
  Exchanging Exchange(Bytes head, Bytes body, Duration limit);

  // After kDone; may be moved from.
  client::HttpReply& reply() { return reader_.reply(); }
  // Something of a reply has come.
  bool heard() const { return reader_.begun(); }
  // Open, and nothing of the last exchange is left on the way.
  bool reusable() const { return !busy_ && !dead_; }

 private:
  void OnRead(size_t bytes) override;
  void OnWritten(bool ok) override;
  void OnTimer() override;
  void Pump();
  void Take(size_t bytes);
  void Finish(End end);
  void Resume();

  Lane& lane_;
  std::unique_ptr<http::Transport> transport_;
  std::unique_ptr<char[]> buffer_;
  ReplyReader reader_;
  std::coroutine_handle<> task_;
  End end_ = End::kDone;
  bool busy_ = false;
  bool dead_ = false;
  bool writing_ = false;
};

}  // namespace stator::messages
