#include "triggers/retry.h"

#include <algorithm>

namespace stator::triggers {
namespace {

// Splitting uses up no attempts.
Decision Split(const Segment& segment) {
  Decision decision;
  decision.is = Decision::Is::kSplit;
  decision.first = decision.second = segment;
  decision.first.end = decision.second.begin = segment.begin + segment.size() / 2;
  return decision;
}

}  // namespace

Decision AfterFailure(const Settings& settings, const Segment& failed, size_t first_failed) {
  Decision decision;
  decision.first = failed;
  decision.first.begin = first_failed;
  if (settings.bisect_on_error) {
    // Where the function says, if that is a cut at all.
    if (first_failed > failed.begin) return decision;
    if (failed.size() > 1) return Split(failed);
  }
  ++decision.first.failures;
  decision.wait = true;
  if (settings.maximum_retries >= 0 && decision.first.failures > settings.maximum_retries) {
    decision.is = Decision::Is::kGiveUp;
  }
  return decision;
}

Duration BackOff::After(int attempts) const {
  Duration wait = start;
  for (int i = 1; i < attempts && wait < cap; ++i) wait *= 2;
  return std::min(wait, cap);
}

}  // namespace stator::triggers
