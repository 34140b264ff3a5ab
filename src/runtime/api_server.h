// A listener on 127.0.0.1 for one process: its connections are a Room of `http`, so requests are read and answered as
// everywhere else, each answer in one write. Threads: its lane.
#pragma once

#include <memory>

#include "base/lane.h"
#include "base/os/socket.h"
#include "http/room.h"

namespace stator::runtime {

class ApiServer final : private Poller::Watcher {
 public:
  // Null: no port to be had. `handler` outlives it.
  static std::unique_ptr<ApiServer> Open(Lane& lane, http::Handler& handler);
  // REQUIRES: no request is being handled, and none of its connections is on the stack.
  ~ApiServer() override;

  int port() const { return port_; }

 private:
  ApiServer(Lane& lane, http::Handler& handler, Listening listening);
  void OnReady(Poller::Ready) override;

  Lane& lane_;
  Socket socket_;
  const int port_;
  http::Shared shared_;
  http::Room room_;
};

}  // namespace stator::runtime
