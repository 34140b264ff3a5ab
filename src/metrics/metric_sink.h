// Where figures go that CloudWatch would show: what runs functions knows no more of metrics than this.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"

namespace stator::metrics {

// The metrics of AWS/Lambda (the Monitor page of a function), and those of AWS/DynamoDB.
enum class Metric : uint8_t {
  kInvocations,           // count
  kErrors,                // count
  kThrottles,             // count
  kDuration,              // milliseconds
  kConcurrentExecutions,  // count, a level
  kIteratorAge,           // milliseconds from a record's writing to its delivery
  kAsyncEventsDropped,    // count
  kDeadLetterErrors,      // count
  kExpiredItems,          // of a table: count of the items that went because their time to live was over
};

class MetricSink {
 public:
  virtual ~MetricSink() = default;
  // One sample of a function, or of what OfTable names (metrics/metric_store.h). Never blocks. Threads: any.
  virtual void Add(const std::string& of, Metric metric, double value, Time at) = 0;
};

}  // namespace stator::metrics
