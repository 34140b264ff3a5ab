// What becomes of a batch that failed: sent again, cut in two, or given up. Pure; notes/lambda.md, section 2.6, gives
// the order of the decisions.
#pragma once

#include <cstddef>

#include "base/clock.h"
#include "triggers/mapping.h"

namespace stator::triggers {

// A part of a batch that is sent as one event.
struct Segment {
  size_t begin = 0;
  size_t end = 0;
  int failures = 0;  // attempts that failed and count
  int calls = 0;     // all of them

  size_t size() const { return end - begin; }
};

struct Decision {
  enum class Is : uint8_t {
    kAgain,   // `first`, after a while if `wait`
    kSplit,   // `first`, then `second`, at once
    kGiveUp,  // `first` goes to the destination
  };
  Is is = Is::kAgain;
  Segment first;
  Segment second;
  bool wait = false;
};

// `failed` was sent and failed from `first_failed` on; what stands before it is done. REQUIRES: failed.begin <=
// first_failed < failed.end.
Decision AfterFailure(const Settings& settings, const Segment& failed, size_t first_failed);

// Waiting between attempts: doubles from `start` to `cap`.
struct BackOff {
  Duration start{500'000};
  Duration cap{20'000'000};
  // `attempts` >= 1 have been made.
  Duration After(int attempts) const;
};

}  // namespace stator::triggers
