// The operations on event source mappings.
#pragma once

#include "dispatch/operation.h"
#include "functions/function.h"
#include "streams/streams.h"
#include "triggers/triggers.h"

namespace stator::services::lambda {

// Borrowed by the operations; outlives the registry.
struct MappingNeeds {
  triggers::Triggers& triggers;
  const functions::Resolver& functions;
  const streams::Streams& streams;
};

void RegisterMappingOps(dispatch::Registry& registry, const MappingNeeds& needs);

}  // namespace stator::services::lambda
