#include "base/os/poller.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

#include "base/check.h"

namespace stator {
namespace {

constexpr uint32_t kBothWays = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;

// Milliseconds to wait, rounded up: an early return would only wait again.
int WaitMillis(MonotonicTime until) {
  if (until == MonotonicTime::max()) return -1;
  if (until == MonotonicTime::min()) return 0;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - MonotonicNow()).count();
  return static_cast<int>(std::clamp<int64_t>(left, 0, std::numeric_limits<int>::max()));
}

}  // namespace

struct Poller::Batch {
  epoll_event events[128];
  int next = 0;
  int count = 0;
};

Poller::Poller() : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  STATOR_CHECK(epoll_ >= 0 && wake_ >= 0);
  // Edge-triggered: each write to it is news, and nobody needs to read it.
  epoll_event event{.events = EPOLLIN | EPOLLET, .data = {.ptr = nullptr}};
  STATOR_CHECK(epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &event) == 0);
}

Poller::~Poller() {
  close(wake_);
  close(epoll_);
}

bool Poller::Watch(int fd, Watcher& watcher) {
  epoll_event event{.events = kBothWays, .data = {.ptr = &watcher}};
  return epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void Poller::Remind(int fd, Watcher& watcher) {
  epoll_event event{.events = kBothWays, .data = {.ptr = &watcher}};
  epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event);
}

void Poller::Forget(int fd, Watcher& watcher) {
  epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
  if (!batch_) return;
  for (int i = batch_->next; i < batch_->count; ++i) {
    if (batch_->events[i].data.ptr == &watcher) batch_->events[i].data.ptr = nullptr;
  }
}

void Poller::Wait(MonotonicTime until) {
  Batch batch;
  batch.count = epoll_wait(epoll_, batch.events, static_cast<int>(std::size(batch.events)), WaitMillis(until));
  batch_ = &batch;
  while (batch.next < batch.count) {
    const epoll_event& event = batch.events[batch.next++];
    auto* watcher = static_cast<Watcher*>(event.data.ptr);
    if (!watcher) continue;
    const bool broken = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
    const bool ended = broken || (event.events & EPOLLRDHUP) != 0;
    watcher->OnReady({.readable = ended || (event.events & EPOLLIN) != 0,
                      .writable = broken || (event.events & EPOLLOUT) != 0,
                      .ended = ended});
  }
  batch_ = nullptr;
}

void Poller::Wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
}

}  // namespace stator
