// The directory's users, asked for from a lane.
//
// Threads: its lane; the directory blocks, so each question goes to a worker.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/lane.h"
#include "base/task.h"
#include "directory/directory.h"
#include "errors/result.h"
#include "rows.h"

namespace stator::messages {

class People {
 public:
  static constexpr Duration kKept = std::chrono::seconds(30);
  static constexpr size_t kMostKept = 10'000;

  // `url`: of the directory. `workers` outlives the tasks.
  People(std::string url, Lane& lane, WorkerPool& workers) : url_(std::move(url)), lane_(lane), workers_(workers) {}

  // Who has that sub in the user pool. Kept for a while: every request asks.
  Task<Result<std::optional<Person>>> BySub(std::string sub);
  Task<Result<std::optional<Person>>> ByHandle(std::string handle);
  Task<Result<std::vector<Person>>> Search(std::string text, size_t limit);

 private:
  struct Kept {
    Person person;
    MonotonicTime until{};
  };

  // Runs on a worker, with a directory of its own. `Ask`: Result<T>(Directory&).
  template <class T, class Ask>
  Task<Result<T>> OnWorker(Ask ask);
  Result<std::unique_ptr<Directory>> Take();
  void Give(std::unique_ptr<Directory> directory);

  const std::string url_;
  Lane& lane_;
  WorkerPool& workers_;
  std::unordered_map<std::string, Kept> by_sub_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Directory>> idle_;  // under mutex_
};

}  // namespace stator::messages
