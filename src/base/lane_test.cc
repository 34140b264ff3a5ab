#include "base/lane.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/pause.h"
#include "base/task.h"
#include "base/task_mutex.h"

namespace stator {
namespace {

// Counts down from other threads; Wait returns at zero.
class Countdown {
 public:
  explicit Countdown(int n) : left_(n) {}
  void Done() {
    const std::lock_guard lock(mutex_);
    if (--left_ == 0) zero_.notify_all();
  }
  void Wait() {
    std::unique_lock lock(mutex_);
    zero_.wait(lock, [this] { return left_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable zero_;
  int left_;
};

TEST(LaneTest, RunsInTheOrderPosted) {
  Lane lane(0);
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) lane.Post([&order, i] { order.push_back(i); });
  lane.Post([&] {
    lane.Post([&] {
      order.push_back(101);
      lane.Stop();
    });
    order.push_back(100);
  });
  lane.Run();
  ASSERT_EQ(order.size(), 102u);
  for (int i = 0; i < 102; ++i) EXPECT_EQ(order[static_cast<size_t>(i)], i);
}

TEST(LaneTest, KnowsItself) {
  Lanes lanes(3);
  Countdown countdown(3);
  EXPECT_EQ(Lane::Current(), nullptr);
  for (int i = 0; i < 3; ++i) {
    lanes.at(i).Post([&, i] {
      EXPECT_EQ(Lane::Current(), &lanes.at(i));
      EXPECT_EQ(Lane::Current()->index(), i);
      countdown.Done();
    });
  }
  lanes.Start();
  countdown.Wait();
  lanes.StopAndJoin();
}

TEST(LaneTest, PostedFromManyThreadsNothingIsLost) {
  Lanes lanes(2);
  lanes.Start();
  constexpr int kThreads = 4, kEach = 2'000;
  Countdown countdown(kThreads * kEach);
  std::vector<std::vector<int>> seen(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        lanes.at(0).Post([&, t, i] {
          seen[static_cast<size_t>(t)].push_back(i);
          countdown.Done();
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  countdown.Wait();
  lanes.StopAndJoin();
  for (const auto& one : seen) {
    EXPECT_EQ(one.size(), static_cast<size_t>(kEach));
    EXPECT_TRUE(std::is_sorted(one.begin(), one.end()));
  }
}

TEST(LaneTest, TimersWaitTheirTime) {
  Lane lane(0);
  const MonotonicTime start = MonotonicNow();
  std::vector<int> order;
  lane.After(std::chrono::milliseconds(20), [&] {
    order.push_back(2);
    EXPECT_GE(MonotonicNow() - start, std::chrono::milliseconds(20));
    lane.Stop();
  });
  lane.After(std::chrono::milliseconds(5), [&] { order.push_back(1); });
  lane.Post([&] { order.push_back(0); });
  lane.Run();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(LaneTest, WhatNeverRanIsDestroyed) {
  const auto held = std::make_shared<int>(1);
  {
    Lane lane(0);
    lane.Post([&lane] { lane.Stop(); });
    lane.Run();
    lane.Post([held] {});
    lane.After(std::chrono::hours(1), [held] {});
    EXPECT_EQ(held.use_count(), 3);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(WorkerPoolTest, RunsOffTheCallersThread) {
  WorkerPool pool(2);
  Countdown countdown(100);
  std::atomic<int> elsewhere{0};
  const auto caller = std::this_thread::get_id();
  for (int i = 0; i < 100; ++i) {
    pool.Post([&] {
      if (std::this_thread::get_id() != caller) ++elsewhere;
      countdown.Done();
    });
  }
  countdown.Wait();
  EXPECT_EQ(elsewhere, 100);
}

TEST(WorkerPoolTest, FinishesWhatRunsAndDropsWhatWaits) {
  const auto held = std::make_shared<int>(1);
  Countdown started(1), release(1);
  std::atomic<bool> finished{false};
  std::thread opener;
  {
    WorkerPool pool(1);
    pool.Post([&] {
      started.Done();
      release.Wait();
      finished = true;
    });
    started.Wait();
    for (int i = 0; i < 5; ++i) pool.Post([held] {});
    opener = std::thread([&] { release.Done(); });
  }
  EXPECT_TRUE(finished);
  EXPECT_EQ(held.use_count(), 1);
  opener.join();
}

// Under the address sanitizer the test fails if a waiting task is freed or lost.
TEST(PauseTest, ATaskOfAStoppedLaneIsKeptAndDoesNotRun) {
  struct Counted {
    int& ends;
    ~Counted() { ++ends; }
  };
  static int ends = 0;  // the task outlives the test
  const auto wait = [](Lane& lane, bool paused) -> Task<int> {
    const Counted counted{ends};
    if (paused) {
      Pause pause(lane, std::chrono::hours(1));
      co_await pause;
    } else {
      ToLane turn(lane);
      co_await turn;
    }
    co_return 0;
  };
  bool ran = false;
  {
    Lane lane(0);
    lane.Post([&] {
      Start(wait(lane, true), [&](int) { ran = true; });
      Start(wait(lane, false), [&](int) { ran = true; });
      lane.Stop();
    });
    lane.Run();
  }
  EXPECT_FALSE(ran);
  EXPECT_EQ(ends, 0);
}

Task<int> Critical(TaskMutex& mutex, Lane& lane, std::vector<std::string>& events, std::string name) {
  auto held = co_await mutex.Lock(lane);
  events.push_back(name + " in");
  // Held across a suspension.
  struct Yield {
    Lane& on;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> task) {
      on.Post([task] { task.resume(); });
    }
    void await_resume() const noexcept {}
  };
  Yield yield{lane};
  co_await yield;
  events.push_back(name + " out");
  co_return 0;
}

TEST(TaskMutexTest, OneAtATimeInTurn) {
  Lane lane(0);
  TaskMutex mutex;
  std::vector<std::string> events;
  int done = 0;
  lane.Post([&] {
    for (const char* name : {"a", "b", "c"}) {
      Start(Critical(mutex, lane, events, name), [&](int) {
        if (++done == 3) lane.Stop();
      });
    }
  });
  lane.Run();
  EXPECT_EQ(events, (std::vector<std::string>{"a in", "a out", "b in", "b out", "c in", "c out"}));
}

TEST(TaskMutexTest, AcrossLanes) {
  Lanes lanes(3);
  TaskMutex mutex;
  std::vector<std::string> events;  // guarded by the mutex under test
  constexpr int kTasks = 300;
  Countdown countdown(kTasks);
  for (int i = 0; i < kTasks; ++i) {
    Lane& lane = lanes.at(i % 3);
    lane.Post([&] { Start(Critical(mutex, lane, events, "x"), [&](int) { countdown.Done(); }); });
  }
  lanes.Start();
  countdown.Wait();
  lanes.StopAndJoin();
  ASSERT_EQ(events.size(), 2u * kTasks);
  for (size_t i = 0; i < events.size(); i += 2) {
    EXPECT_EQ(events[i], "x in");
    EXPECT_EQ(events[i + 1], "x out");
  }
}

}  // namespace
}  // namespace stator
