// TCP sockets that never block.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.h"

namespace stator {

// Owns one.
class Socket {
 public:
  Socket() = default;
  explicit Socket(int fd) : fd_(fd) {}
  Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Socket() { Close(); }

  int fd() const { return fd_; }
  bool open() const { return fd_ >= 0; }
  void Close();

  // What happened to `bytes`; a failure is final.
  enum class Outcome { kDone, kNotNow, kFailed };
  struct Moved {
    Outcome outcome = Outcome::kDone;
    size_t bytes = 0;
  };
  // kDone with 0 bytes: the peer has finished sending.
  Moved Receive(char* to, size_t size);
  // As much of both pieces as goes now.
  Moved Send(Bytes first, Bytes second);
  void FinishSending();
  // Why connecting failed, once it has ended; empty: it did not.
  std::string ConnectFailure() const;

 private:
  int fd_ = -1;
};

struct Accepted {
  Socket socket;
  std::string peer;       // "127.0.0.1"
  bool loopback = false;  // the address that was connected to
};

enum class ListenOutcome { kDone, kNotAnAddress, kTaken, kFailed };
struct Listening {
  ListenOutcome outcome = ListenOutcome::kFailed;
  Socket socket;
  int port = 0;
  std::string reason;  // of kFailed
};
// `host`: an IPv4 or IPv6 address. Port 0: the system chooses. A taken port is never shared.
Listening ListenOn(const std::string& host, int port, int backlog);

enum class AcceptOutcome { kDone, kNotNow, kNoResources, kLost };  // kLost: that one is gone, try the next
AcceptOutcome AcceptFrom(const Socket& listening, Accepted* accepted);

// The addresses of a name, the preferred ones first; an address is its own. Blocks, for as long as name servers take.
// Empty when there are none.
std::vector<std::string> ResolveHost(const std::string& host);
// Begins to connect; the socket becomes writable when that has succeeded or failed. Not open if the system refuses.
Socket BeginConnect(const std::string& address, int port);

// Writing to a closed connection fails instead of ending the process; libraries that write themselves need it.
void IgnoreBrokenPipes();

}  // namespace stator
