// Awaiting a commit: `const Committed c = co_await Commit(engine, std::move(batch), lane);` goes on on `lane`.
#pragma once

#include <atomic>
#include <coroutine>
#include <utility>

#include "base/resumption.h"
#include "engine/engine.h"

namespace stator::engine {

// An engine may complete before Commit returns; then the task does not suspend at all, so that a loop of commits does
// not nest. REQUIRES: awaited on `lane`.
class CommitAwaiter {
 public:
  CommitAwaiter(Engine& engine, Batch batch, Lane& lane) : engine_(engine), batch_(std::move(batch)), lane_(lane) {}
  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> task) {
    engine_.Commit(std::move(batch_), &lane_, [this, next = Resumption(task)](Committed committed) mutable {
      committed_ = committed;
      // Whoever comes second knows that the other is finished with this object.
      if (met_.exchange(true)) return next();
      next.Release();
    });
    return !met_.exchange(true);
  }
  Committed await_resume() const noexcept { return committed_; }

 private:
  Engine& engine_;
  Batch batch_;
  Lane& lane_;
  Committed committed_;
  std::atomic<bool> met_{false};
};

inline CommitAwaiter Commit(Engine& engine, Batch batch, Lane& lane) { return {engine, std::move(batch), lane}; }

}  // namespace stator::engine
