#include "base/resumption.h"

#include <mutex>
#include <vector>

namespace stator {

void Resumption::Keep(std::coroutine_handle<> task) {
  static std::mutex mutex;
  // Never freed: a stop while the process ends must still find it, and what it holds stays in use.
  static auto& kept = *new std::vector<std::coroutine_handle<>>();
  const std::lock_guard lock(mutex);
  kept.push_back(task);
}

}  // namespace stator
