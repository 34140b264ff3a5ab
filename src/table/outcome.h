// What a commit's outcome means for who asked for it, and how often it is tried.
#pragma once

#include <algorithm>

#include "base/clock.h"
#include "engine/engine.h"
#include "errors/common.h"
#include "errors/table.h"

namespace stator::table {

// The key's queue keeps local writers apart, so a conflict is a shared slot of the engine's guard array or a writer
// elsewhere; either passes quickly.
inline constexpr int kMaxAttempts = 24;

inline Duration BackOff(int attempt) { return Duration(50 << std::min(attempt, 8)); }

// REQUIRES: not kDone.
inline Error ErrorOf(engine::Outcome outcome) {
  switch (outcome) {
    case engine::Outcome::kFull:
      return Fail(errors::kStorageFull);
    case engine::Outcome::kUnavailable:
      return Fail(errors::kStorageBusy);
    case engine::Outcome::kConflict:
      return Fail(errors::kStorageContended);
    case engine::Outcome::kUnknown:
    case engine::Outcome::kDone:
      break;
  }
  return Fail(errors::kInternal);
}

}  // namespace stator::table
