#include "base/lane.h"

#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>

#include "base/check.h"

namespace stator {
namespace {

thread_local Lane* current_lane = nullptr;

void NameThread(const std::string& name) { pthread_setname_np(pthread_self(), name.substr(0, 15).c_str()); }

}  // namespace

// Posted work waits in one queue and one wake-up drains it, so that a burst of completions costs one pass through Asio.
struct Lane::Impl {
  // Sockets and timers of a lane are touched on its thread only, so Asio need not lock them; posting stays locked.
  asio::io_context io{ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  asio::executor_work_guard<asio::io_context::executor_type> guard{io.get_executor()};
  std::mutex mutex;
  std::vector<Callback<>> waiting;
  asio::steady_timer wheel_timer{io};
  TimerWheel wheel{[this](MonotonicTime at) { WakeWheel(at); }};

  void WakeWheel(MonotonicTime at) {
    wheel_timer.expires_at(at);
    wheel_timer.async_wait([this](const asio::error_code& error) {
      if (!error) wheel.Advance(MonotonicNow());
    });
  }

  void Drain() {
    std::vector<Callback<>> batch;
    {
      const std::lock_guard lock(mutex);
      batch.swap(waiting);
    }
    for (auto& fn : batch) fn();
  }
};

Lane::Lane(int index) : index_(index), impl_(std::make_unique<Impl>()) {}
Lane::~Lane() = default;

void Lane::Post(Callback<> fn) {
  bool first = false;
  {
    const std::lock_guard lock(impl_->mutex);
    first = impl_->waiting.empty();
    impl_->waiting.push_back(std::move(fn));
  }
  if (first) asio::post(impl_->io, [this] { impl_->Drain(); });
}

void Lane::After(Duration delay, Callback<> fn) {
  if (Current() != this) {
    // Asio's timers are this lane's own; the way there takes its share of the delay.
    return Post([this, at = MonotonicNow() + delay, fn = std::move(fn)]() mutable {
      After(std::chrono::duration_cast<Duration>(at - MonotonicNow()), std::move(fn));
    });
  }
  auto timer = std::make_shared<asio::steady_timer>(impl_->io, delay);
  timer->async_wait([timer, fn = std::move(fn)](const asio::error_code& error) mutable {
    if (!error) fn();
  });
}

void Lane::Run() {
  current_lane = this;
  impl_->io.run();
  current_lane = nullptr;
}

void Lane::Stop() { impl_->io.stop(); }
TimerWheel& Lane::timers() { return impl_->wheel; }
asio::io_context& Lane::io() { return impl_->io; }
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
