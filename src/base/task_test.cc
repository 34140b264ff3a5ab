#include "base/task.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace stator {
namespace {

// Suspends whoever awaits it until Open.
class Gate {
 public:
  bool await_ready() const noexcept { return open_; }
  void await_suspend(std::coroutine_handle<> waiter) noexcept { waiter_ = waiter; }
  void await_resume() const noexcept {}
  void Open() {
    open_ = true;
    if (waiter_) std::exchange(waiter_, nullptr).resume();
  }

 private:
  bool open_ = false;
  std::coroutine_handle<> waiter_;
};

Task<int> Ready(int v) { co_return v; }
Task<int> After(Gate& gate, int v) {
  co_await gate;
  co_return v;
}
Task<int> Sum(Gate& gate) {
  const int first = co_await Ready(1);
  const int second = co_await After(gate, 2);
  const int third = co_await Ready(3);
  co_return first + second + third;
}
Task<int> Deep(int depth, Gate& gate) {
  if (depth == 0) {
    const int bottom = co_await After(gate, 0);
    co_return bottom;
  }
  const int below = co_await Deep(depth - 1, gate);
  co_return below + 1;
}

TEST(TaskTest, RunsAtOnceUntilItIsSuspended) {
  auto task = Ready(5);
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.Take(), 5);
}

TEST(TaskTest, GoesOnWhereItIsResumed) {
  Gate gate;
  auto task = Sum(gate);
  EXPECT_FALSE(task.done());
  gate.Open();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.Take(), 6);
}

// Finishing a long chain of waiters is a jump, not a call within a call: a hundred thousand would not fit on the stack.
TEST(TaskTest, AChainOfWaitersFinishes) {
#if defined(STATOR_SANITIZED) || !defined(__OPTIMIZE__)
  const int depth = 500;  // without tail calls
#else
  const int depth = 10'000;
#endif
  Gate gate;
  auto task = Deep(depth, gate);
  EXPECT_FALSE(task.done());
  gate.Open();
  ASSERT_TRUE(task.done());
  EXPECT_EQ(task.Take(), depth);
}

TEST(TaskTest, StartHandsOverTheResult) {
  Gate gate;
  std::vector<int> results;
  Start(Ready(1), [&](int v) { results.push_back(v); });
  EXPECT_EQ(results, std::vector<int>{1});
  Start(After(gate, 2), [&](int v) { results.push_back(v); });
  EXPECT_EQ(results.size(), 1u);
  gate.Open();
  EXPECT_EQ(results, (std::vector<int>{1, 2}));
}

Task<std::unique_ptr<std::string>> Make(Gate& gate) {
  auto made = std::make_unique<std::string>("moved");
  co_await gate;
  co_return made;
}

TEST(TaskTest, ResultsNeedOnlyBeMovable) {
  Gate gate;
  auto task = Make(gate);
  gate.Open();
  EXPECT_EQ(*task.Take(), "moved");
}

TEST(TaskTest, AFrameDiesWithItsTask) {
  const auto held = std::make_shared<int>(1);
  const auto hold = [](std::shared_ptr<int> copy) -> Task<int> { co_return *copy; };
  {
    auto task = hold(held);
    auto moved = std::move(task);
    EXPECT_TRUE(moved.done());
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(TaskDeathTest, ASuspendedTaskMustNotBeDestroyed) {
  const auto drop = [] {
    Gate gate;
    auto task = After(gate, 1);
  };
  EXPECT_DEATH(drop(), "check failed");
}

}  // namespace
}  // namespace stator
