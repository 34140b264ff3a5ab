#include "base/lane.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <tuple>

#include "base/check.h"

namespace stator {
namespace {

thread_local Lane* current_lane = nullptr;

void NameThread(const std::string& name) { pthread_setname_np(pthread_self(), name.substr(0, 15).c_str()); }

struct Delayed {
  MonotonicTime at;
  uint64_t order;
  Callback<> fn;
  // For a heap with the earliest on top.
  bool operator<(const Delayed& other) const { return std::tie(at, order) > std::tie(other.at, other.order); }
};

}  // namespace

struct Lane::Impl {
  Poller poller;
  std::atomic<bool> stopping{false};

  std::mutex mutex;
  std::vector<Callback<>> waiting;
  bool asleep = false;  // whoever posts wakes the lane

  // The lane's own.
  std::vector<Callback<>> batch;
  std::vector<Delayed> delayed;
  uint64_t delays = 0;
  MonotonicTime wheel_at = MonotonicTime::max();
  TimerWheel wheel{[this](MonotonicTime at) { wheel_at = at; }};

  // When there is something to do without being told. Puts the lane to sleep if that is later.
  MonotonicTime NextTurn() {
    const std::lock_guard lock(mutex);
    if (!waiting.empty() || stopping) return MonotonicTime::min();
    asleep = true;
    return delayed.empty() ? wheel_at : std::min(wheel_at, delayed.front().at);
  }

  // Everything posted up to now: a burst of completions costs one turn.
  void RunPosted() {
    {
      const std::lock_guard lock(mutex);
      asleep = false;
      batch.swap(waiting);
    }
    for (auto& fn : batch) fn();
    batch.clear();
  }

  void RunTimers() {
    if (delayed.empty() && wheel_at == MonotonicTime::max()) return;
    const MonotonicTime now = MonotonicNow();
    if (wheel_at <= now) {
      wheel_at = MonotonicTime::max();
      wheel.Advance(now);
    }
    while (!delayed.empty() && delayed.front().at <= now) {
      std::pop_heap(delayed.begin(), delayed.end());
      Callback<> fn = std::move(delayed.back().fn);
      delayed.pop_back();
      fn();
    }
  }
};

Lane::Lane(int index) : index_(index), impl_(std::make_unique<Impl>()) {}
Lane::~Lane() = default;

void Lane::Post(Callback<> fn) {
  bool wake = false;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->waiting.push_back(std::move(fn));
    wake = std::exchange(impl_->asleep, false);
  }
  if (wake) impl_->poller.Wake();
}

void Lane::After(Duration delay, Callback<> fn) {
  const MonotonicTime at = MonotonicNow() + delay;
  if (Current() != this) {
    return Post([this, at, fn = std::move(fn)]() mutable { Delay(at, std::move(fn)); });
  }
  Delay(at, std::move(fn));
}

void Lane::Delay(MonotonicTime at, Callback<> fn) {
  impl_->delayed.push_back({at, impl_->delays++, std::move(fn)});
  std::push_heap(impl_->delayed.begin(), impl_->delayed.end());
}

void Lane::Run() {
  current_lane = this;
  while (!impl_->stopping) {
    impl_->poller.Wait(impl_->NextTurn());
    impl_->RunPosted();
    impl_->RunTimers();
  }
  current_lane = nullptr;
}

void Lane::Stop() {
  impl_->stopping = true;
  impl_->poller.Wake();
}

TimerWheel& Lane::timers() { return impl_->wheel; }
Poller& Lane::poller() { return impl_->poller; }
Lane* Lane::Current() { return current_lane; }

struct Lanes::Threads {
  std::vector<std::thread> list;
};

Lanes::Lanes(int count) : threads_(std::make_unique<Threads>()) {
  STATOR_CHECK(count > 0);
  for (int i = 0; i < count; ++i) lanes_.push_back(std::make_unique<Lane>(i));
}

Lanes::~Lanes() { StopAndJoin(); }

void Lanes::Start() {
  for (auto& lane : lanes_) {
    threads_->list.emplace_back([&lane] {
      NameThread("lane-" + std::to_string(lane->index()));
      lane->Run();
    });
  }
}

void Lanes::StopAndJoin() {
  for (auto& lane : lanes_) lane->Stop();
  for (auto& thread : threads_->list) thread.join();
  threads_->list.clear();
}

struct WorkerPool::Impl {
  std::mutex mutex;
  std::condition_variable wake;
  std::deque<Callback<>> queue;
  bool stopping = false;
  std::vector<std::thread> threads;

  void Run() {
    NameThread("worker");
    std::unique_lock lock(mutex);
    while (true) {
      wake.wait(lock, [this] { return stopping || !queue.empty(); });
      if (stopping) return;
      Callback<> fn = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      fn();
      fn = nullptr;
      lock.lock();
    }
  }
};

WorkerPool::WorkerPool(int threads) : impl_(std::make_unique<Impl>()) {
  for (int i = 0; i < threads; ++i) impl_->threads.emplace_back([this] { impl_->Run(); });
}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->stopping = true;
  }
  impl_->wake.notify_all();
  for (auto& thread : impl_->threads) thread.join();
}

void WorkerPool::Post(Callback<> fn) {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->queue.push_back(std::move(fn));
  }
  impl_->wake.notify_one();
}

}  // namespace stator
