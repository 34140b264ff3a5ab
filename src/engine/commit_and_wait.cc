#include "engine/commit_and_wait.h"

#include <future>
#include <utility>

namespace stator::engine {

Committed CommitAndWait(Engine& engine, Batch batch) {
  std::promise<Committed> promise;
  std::future<Committed> answer = promise.get_future();
  // The promise belongs to the callback: here it could go while the engine's thread is still leaving it.
  engine.Commit(std::move(batch), nullptr,
                [promise = std::move(promise)](Committed committed) mutable { promise.set_value(committed); });
  return answer.get();
}

}  // namespace stator::engine
