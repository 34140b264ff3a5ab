// Waits for file descriptors: epoll, edge-triggered.
//
// Each descriptor is registered once, for both directions, and tells only of changes; whoever watches reads and writes
// until the system says "not now". Compared with asking again before each read, a served request costs one system call
// less.
#pragma once

#include "base/clock.h"

namespace stator {

class Poller {
 public:
  struct Ready {
    bool readable = false;
    bool writable = false;
    bool ended = false;  // the peer sends no more, or it is broken: reading comes to its end
  };
  class Watcher {
   public:
    virtual ~Watcher() = default;
    // The descriptor may have become ready. May forget or destroy any watcher.
    virtual void OnReady(Ready ready) = 0;
  };

  Poller();
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  ~Poller();

  // Calls `watcher` now if the descriptor is ready, and whenever it becomes so, from inside Wait. False if the system
  // refuses.
  bool Watch(int fd, Watcher& watcher);
  // Tells once more, in the next Wait, if the descriptor is ready.
  void Remind(int fd, Watcher& watcher);
  // Before the descriptor is closed.
  void Forget(int fd, Watcher& watcher);

  // Waits until something is ready, Wake is called, or `until`; calls the watchers.
  void Wait(MonotonicTime until);
  // Any thread. The present Wait, or the next, returns at once.
  void Wake();

 private:
  struct Batch;

  int epoll_ = -1;
  int wake_ = -1;
  Batch* batch_ = nullptr;  // what Wait is calling now
};

}  // namespace stator
