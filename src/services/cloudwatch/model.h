// The requests and answers of the CloudWatch API as shapes (dispatch/shape.h).
#pragma once

#include "dispatch/shape.h"

namespace stator::services::cloudwatch::model {

extern const dispatch::Shape kGetMetricDataInput;
extern const dispatch::Shape kGetMetricDataOutput;
extern const dispatch::Shape kGetMetricStatisticsInput;
extern const dispatch::Shape kGetMetricStatisticsOutput;
extern const dispatch::Shape kListMetricsInput;
extern const dispatch::Shape kListMetricsOutput;

}  // namespace stator::services::cloudwatch::model
