// A lane is an event thread: connections, timers and suspended tasks live on one and are touched by no other.
//
// Work that is handed to a lane runs there in the order in which it was posted. Nothing on a lane may block or run for
// more than a millisecond; that goes to the WorkerPool and posts its result back.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/callback.h"
#include "base/clock.h"
#include "base/os/poller.h"
#include "base/timer_wheel.h"

namespace stator {

class Lane {
 public:
  explicit Lane(int index);
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // Any thread. `fn` runs on this lane, after everything posted before it. Work posted after Stop never runs; it is
  // destroyed with the lane.
  void Post(Callback<> fn);
  // Any thread. `fn` runs on this lane no earlier than `delay` from now.
  void After(Duration delay, Callback<> fn);

  // This lane only. For time-outs: many, mostly moved or disarmed, and coarse.
  TimerWheel& timers();

  // Runs the lane on the calling thread until Stop.
  void Run();
  // Any thread. Run returns soon.
  void Stop();

  int index() const { return index_; }
  // This lane only: `http` has its sockets watched here.
  Poller& poller();
  // The lane running on this thread, or null.
  static Lane* Current();

 private:
  struct Impl;
  void Delay(MonotonicTime at, Callback<> fn);

  const int index_;
  std::unique_ptr<Impl> impl_;
};

// A fixed set of lanes, each on a thread of its own.
class Lanes {
 public:
  explicit Lanes(int count);
  ~Lanes();  // stops and joins
  void Start();
  void StopAndJoin();
  int size() const { return static_cast<int>(lanes_.size()); }
  Lane& at(int index) { return *lanes_[static_cast<size_t>(index)]; }

 private:
  struct Threads;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::unique_ptr<Threads> threads_;
};

// Threads for work over a millisecond. Post may be called from any thread; order is not kept.
class WorkerPool {
 public:
  explicit WorkerPool(int threads);
  ~WorkerPool();  // finishes what runs, drops what waits
  void Post(Callback<> fn);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace stator
