// The power-cut test: the durable engine on a disk that loses its power, again and again.
//
// Each round opens the store, checks it, commits for a while and cuts the power at a random change of the disk (during
// opening, too). Commit n is a function of the seed and n, and every commit takes effect in the order of submission, so
// what must be found afterwards is the state after some commit p: strict has p >= the last acknowledged one; relaxed
// may lose a tail. A state between two commits, a record without its row, a dropped space that is back: each is a
// violation.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/rocksdb/rocksdb_engine.h"

namespace stator::engine {

struct PowerCutPlan {
  uint64_t seed = 1;
  int rounds = 1000;
  Durability durability = Durability::kStrict;
  bool lying_disk = false;  // syncs do nothing: the test must find losses
  std::function<void(int round)> progress = [](int) {};
};

struct PowerCutReport {
  int rounds = 0;
  int cuts_while_opening = 0;
  uint64_t submitted = 0;
  uint64_t acknowledged = 0;
  uint64_t lost_tail = 0;   // acknowledged and lost, where that is allowed
  uint64_t torn_bytes = 0;  // written, not synced, taken away by cuts
  uint64_t syncs = 0;       // of the engine's log, while `acknowledged` grew
  std::vector<std::string> violations;
};

PowerCutReport RunPowerCuts(const PowerCutPlan& plan);

}  // namespace stator::engine
