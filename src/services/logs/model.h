// The requests of the CloudWatch Logs API as shapes (dispatch/shape.h).
#pragma once

#include "dispatch/shape.h"

namespace stator::services::logs::model {

extern const dispatch::Shape kCreateLogGroup;
extern const dispatch::Shape kDeleteLogGroup;
extern const dispatch::Shape kDescribeLogGroups;
extern const dispatch::Shape kPutRetentionPolicy;
extern const dispatch::Shape kDeleteRetentionPolicy;
extern const dispatch::Shape kCreateLogStream;
extern const dispatch::Shape kDeleteLogStream;
extern const dispatch::Shape kDescribeLogStreams;
extern const dispatch::Shape kPutLogEvents;
extern const dispatch::Shape kGetLogEvents;
extern const dispatch::Shape kFilterLogEvents;
extern const dispatch::Shape kTagLogGroup;
extern const dispatch::Shape kUntagLogGroup;
extern const dispatch::Shape kListTagsLogGroup;
extern const dispatch::Shape kTagResource;
extern const dispatch::Shape kUntagResource;
extern const dispatch::Shape kListTagsForResource;

}  // namespace stator::services::logs::model
