// What every engine promises, as tests. An engine's own test file includes engine/contract_suite.h and instantiates
// EngineContract over ways to make one:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, EngineContract, testing::Values(Contestant{"memory", ...}), ContestantName);
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "engine/commit_and_wait.h"
#include "engine/engine.h"

namespace stator::engine {

// A place where an engine's bytes live, across closing and opening it again.
class World {
 public:
  virtual ~World() = default;
  virtual std::unique_ptr<Engine> Open(const Clock& clock) = 0;
};

struct Contestant {
  std::string name;
  std::function<std::unique_ptr<World>()> make;
};

inline std::string ContestantName(const testing::TestParamInfo<Contestant>& info) { return info.param.name; }
inline void PrintTo(const Contestant& contestant, std::ostream* out) { *out << contestant.name; }

using Rows = std::vector<std::pair<std::string, std::string>>;

inline Rows ReadAll(const View& view, Space space, Bytes from = {}, Bytes to = {}, Order order = Order::kForward) {
  Rows rows;
  const auto cursor = view.Range(space, from, to, order);
  for (; cursor->Valid(); cursor->Next()) rows.emplace_back(cursor->key(), cursor->value());
  EXPECT_TRUE(cursor->status().ok());
  return rows;
}

inline std::optional<std::string> ReadOne(const View& view, Space space, Bytes key, Version* seen = nullptr) {
  Value value;
  const Result<bool> found = view.Get(space, key, &value);
  EXPECT_TRUE(found.ok());
  if (seen) *seen = value.seen;
  if (!found.ok() || !*found) return std::nullopt;
  return std::string(value.bytes);
}

class EngineContract : public testing::TestWithParam<Contestant> {
 protected:
  static constexpr Space kA{7};
  static constexpr Space kB{8};
  static constexpr Space kLog{9};

  EngineContract() : world_(GetParam().make()), engine_(world_->Open(clock_)) {}

  Engine& engine() { return *engine_; }
  bool durable() const { return engine_->traits().durable; }
  void Reopen() {
    engine_.reset();
    engine_ = world_->Open(clock_);
  }

  Committed Commit(Batch batch) { return CommitAndWait(*engine_, std::move(batch)); }
  Committed Put(Space space, Bytes key, Bytes value) {
    Batch batch;
    batch.Put(space, key, value);
    return Commit(std::move(batch));
  }
  Committed Erase(Space space, Bytes key) {
    Batch batch;
    batch.Erase(space, key);
    return Commit(std::move(batch));
  }
  Committed Append(Space log, Bytes record) {
    Batch batch;
    batch.Put(kA, "beside", record);
    batch.Append(log, record);
    return Commit(std::move(batch));
  }
  std::optional<std::string> Read(Space space, Bytes key, Version* seen = nullptr) {
    return ReadOne(*engine_, space, key, seen);
  }
  std::vector<std::string> Keys(Space space, Bytes from, Bytes to, Order order) {
    std::vector<std::string> keys;
    for (auto& [key, value] : ReadAll(*engine_, space, from, to, order)) keys.push_back(key);
    return keys;
  }

  struct Logged {
    Position position;
    Time time;
    std::string record;
  };
  std::vector<Logged> Log(Space log, Position from = 0, size_t limit = 1'000'000, size_t max_bytes = 1 << 30) {
    std::vector<Logged> records;
    EXPECT_TRUE(engine_
                    ->ReadLog(log, from, limit, max_bytes,
                              [&](const LogRecord& r) {
                                records.push_back({r.position, r.time, std::string(r.record)});
                                return true;
                              })
                    .ok());
    return records;
  }

  Clock clock_;
  std::unique_ptr<World> world_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace stator::engine
