// Where figures go that CloudWatch would show: what runs functions knows no more of metrics than this.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace stator::metrics {

// The metrics of AWS/Lambda (the Monitor page of a function).
enum class FunctionMetric : uint8_t {
  kInvocations,           // count
  kErrors,                // count
  kThrottles,             // count
  kDuration,              // milliseconds
  kConcurrentExecutions,  // count, a level
  kIteratorAge,           // milliseconds from a record's writing to its delivery
  kAsyncEventsDropped,    // count
  kDeadLetterErrors,      // count
};

class MetricSink {
 public:
  virtual ~MetricSink() = default;
  // One sample. Never blocks. Threads: any.
  virtual void Add(const std::string& function, FunctionMetric metric, double value, Time at) = 0;
};

}  // namespace stator::metrics
