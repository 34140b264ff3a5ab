#include "base/os/poller.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

namespace stator {
namespace {

struct Probe final : Poller::Watcher {
  void OnReady(Poller::Ready ready) override {
    ++calls;
    last = ready;
    if (forget) poller->Forget(*forget, *victim);
  }
  int calls = 0;
  Poller::Ready last;
  Poller* poller = nullptr;
  const int* forget = nullptr;
  Probe* victim = nullptr;
};

class PollerTest : public ::testing::Test {
 protected:
  PollerTest() {
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends_), 0);
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, others_), 0);
  }
  ~PollerTest() override {
    for (int fd : {ends_[0], ends_[1], others_[0], others_[1]}) close(fd);
  }
  static MonotonicTime Patience() { return MonotonicNow() + std::chrono::seconds(20); }

  Poller poller_;
  int ends_[2];
  int others_[2];
};

TEST_F(PollerTest, TellsOfChangesOnce) {
  Probe probe;
  ASSERT_TRUE(poller_.Watch(ends_[0], probe));
  poller_.Wait(Patience());
  EXPECT_TRUE(probe.last.writable);
  EXPECT_FALSE(probe.last.readable);
  ASSERT_EQ(write(ends_[1], "x", 1), 1);
  poller_.Wait(Patience());
  EXPECT_TRUE(probe.last.readable);
  EXPECT_EQ(probe.calls, 2);
  poller_.Wait(MonotonicNow());
  EXPECT_EQ(probe.calls, 2);  // not read, but not news either
  poller_.Remind(ends_[0], probe);
  poller_.Wait(Patience());
  EXPECT_EQ(probe.calls, 3);
  EXPECT_FALSE(probe.last.ended);
  shutdown(ends_[1], SHUT_WR);
  poller_.Wait(Patience());
  EXPECT_TRUE(probe.last.ended);
}

TEST_F(PollerTest, AForgottenWatcherIsNotCalledEvenIfItsTurnHadCome) {
  Probe first;
  Probe second;
  first.poller = second.poller = &poller_;
  first.forget = &others_[0];
  first.victim = &second;
  second.forget = &ends_[0];
  second.victim = &first;
  ASSERT_TRUE(poller_.Watch(ends_[0], first));
  ASSERT_TRUE(poller_.Watch(others_[0], second));
  poller_.Wait(Patience());
  EXPECT_EQ(first.calls + second.calls, 1);
}

TEST_F(PollerTest, WakesFromAnotherThreadAndBeforehand) {
  poller_.Wake();
  poller_.Wait(MonotonicTime::max());
  std::thread other([this] { poller_.Wake(); });
  poller_.Wait(MonotonicTime::max());
  other.join();
}

TEST_F(PollerTest, WaitsNoLongerThanAsked) {
  const auto begin = MonotonicNow();
  poller_.Wait(begin + std::chrono::milliseconds(5));
  EXPECT_GE(MonotonicNow() - begin, std::chrono::milliseconds(5));
  poller_.Wait(MonotonicTime::min());
}

}  // namespace
}  // namespace stator
