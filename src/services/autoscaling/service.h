// The Application Auto Scaling API, as far as tools that look after tables ask it: nothing is registered, so that
// descriptions are empty and whatever is named is not found. Nothing scales here, and nothing can be registered.
#pragma once

#include "dispatch/operation.h"

namespace stator::services::autoscaling {

inline constexpr std::string_view kTargetPrefix = "AnyScaleFrontendService";

// Every operation of this service.
void RegisterAll(dispatch::Registry& registry);

}  // namespace stator::services::autoscaling
