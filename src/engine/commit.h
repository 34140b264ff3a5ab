// Awaiting a commit: `const Committed c = co_await Commit(engine, std::move(batch), lane);` goes on on `lane`.
#pragma once

#include <coroutine>
#include <utility>

#include "engine/engine.h"

namespace stator::engine {

class CommitAwaiter {
 public:
  CommitAwaiter(Engine& engine, Batch batch, Lane& lane) : engine_(engine), batch_(std::move(batch)), lane_(lane) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> task) {
    engine_.Commit(std::move(batch_), &lane_, [this, task](Committed committed) {
      committed_ = committed;
      task.resume();
    });
  }
  Committed await_resume() const noexcept { return committed_; }

 private:
  Engine& engine_;
  Batch batch_;
  Lane& lane_;
  Committed committed_;
};

inline CommitAwaiter Commit(Engine& engine, Batch batch, Lane& lane) { return {engine, std::move(batch), lane}; }

}  // namespace stator::engine
