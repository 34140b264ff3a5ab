// Listens, and deals accepted connections out to the lanes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/callback.h"
#include "base/lane.h"
#include "errors/result.h"
#include "http/limits.h"
#include "http/message.h"

namespace stator::http {

class Proxy;

struct ListenerOptions {
  // Addresses, not names. The first must be there; others that this machine does not have are passed over
  // (a machine without IPv6 has no ::1).
  std::vector<std::string> hosts{"127.0.0.1", "::1"};
  int port = 0;  // 0: the system chooses, the same for all hosts
  Limits limits;
  // PEM files; both or neither. With them the port speaks TLS only.
  std::string certificate_file;
  std::string key_file;
  // What is done with requests that name another host. Borrowed; null: they are answered as if they named this one.
  Proxy* proxy = nullptr;
  // Where large replies are compressed. Borrowed until the lanes have stopped; null: on the lanes.
  WorkerPool* workers = nullptr;
};

// Counts since the start, and what is there now.
struct ListenerFigures {
  uint64_t accepted = 0;
  uint64_t requests = 0;
  uint64_t refused = 0;
  uint64_t connections = 0;
  uint64_t buffered_bytes = 0;
};

// Threads: Open, Stop and the destructor from one thread outside the lanes, or before they run; figures from any.
class Listener {
 public:
  // Takes the port at once; connections are answered as soon as the lanes run. `lanes` and `handler` outlive the
  // listener. An error when the port is taken, an address is not one, or a certificate cannot be used.
  static Result<std::unique_ptr<Listener>> Open(ListenerOptions options, Lanes& lanes, Handler& handler);
  // REQUIRES: the lanes no longer run.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const;
  ListenerFigures figures() const;

  // Any thread, once, while the lanes run. Accepts no more, closes idle connections, lets requests under way finish;
  // after `grace` closes what is left. Then calls `done`, on some lane.
  void Stop(Duration grace, Callback<> done);

 private:
  struct Impl;
  explicit Listener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator::http
