// Connecting to another host, for the proxy.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "base/lane.h"
#include "base/os/socket.h"
#include "base/task.h"

namespace stator::http {

struct Dialed {
  enum class Outcome { kDone, kUnknownHost, kFailed, kTimeout, kBusy };
  Outcome outcome = Outcome::kFailed;
  Socket socket;
  std::string reason;  // of kFailed
};

// Threads: any. Name servers are asked on threads of its own, two, which begin with the first name: they block for as
// long as those take, and nothing else shall wait for it.
class Dialer {
 public:
  // Tries the addresses of the host one after the other. `limit`: for each of the first few. The task goes on on
  // `lane`. `host`: a name, or an address, in brackets if IPv6.
  Task<Dialed> Dial(std::string host, int port, Lane& lane, Duration limit);

 private:
  Task<std::vector<std::string>> Resolve(std::string host, Lane& lane);
  WorkerPool& Names();

  std::atomic<int> waiting_{0};
  std::once_flag begun_;
  std::unique_ptr<WorkerPool> names_;
};

}  // namespace stator::http
