// The requests of the API as shapes: model.cc.
#pragma once

#include "dispatch/shape.h"

namespace stator::services::autoscaling::model {

extern const dispatch::Shape kDescribeScalableTargetsInput;
extern const dispatch::Shape kDescribeScalingPoliciesInput;
extern const dispatch::Shape kDescribeScheduledActionsInput;
extern const dispatch::Shape kDescribeScalingActivitiesInput;
extern const dispatch::Shape kRegisterScalableTargetInput;
extern const dispatch::Shape kDeregisterScalableTargetInput;
extern const dispatch::Shape kPutScalingPolicyInput;
extern const dispatch::Shape kDeleteScalingPolicyInput;
extern const dispatch::Shape kPutScheduledActionInput;
extern const dispatch::Shape kDeleteScheduledActionInput;

}  // namespace stator::services::autoscaling::model
