// The CloudWatch API, as far as it shows the figures of functions (namespace AWS/Lambda) and what expired of tables
// (TimeToLiveDeletedItemCount of AWS/DynamoDB): GetMetricData, GetMetricStatistics, ListMetrics.
#pragma once

#include "base/lane.h"
#include "dispatch/operation.h"
#include "metrics/metric_store.h"

namespace stator::services::cloudwatch {

inline constexpr std::string_view kTargetPrefix = "GraniteServiceVersion20100801";

// Borrowed by every operation; outlives the registry.
struct Needs {
  metrics::MetricStore& store;
  WorkerPool& workers;
};

void RegisterDataOps(dispatch::Registry& registry, Needs needs);  // GetMetricData, GetMetricStatistics
void RegisterListOps(dispatch::Registry& registry, Needs needs);  // ListMetrics
// Every operation of this service.
void RegisterAll(dispatch::Registry& registry, Needs needs);

using Run = Task<dispatch::Answer> (*)(Needs, const dispatch::Call&);
void AddOperation(dispatch::Registry& registry, Needs needs, std::string_view name, const dispatch::Shape& input,
                  const dispatch::Shape& output, Run run);

}  // namespace stator::services::cloudwatch
