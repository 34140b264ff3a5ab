// The shapes of the operations on event source mappings.
#pragma once

#include "services/lambda/model.h"

namespace stator::services::lambda::model {

extern const Shape kCreateMappingInput;
extern const Shape kUpdateMappingInput;
extern const Shape kMappingUuidInput;  // get, delete
extern const Shape kListMappingsInput;

}  // namespace stator::services::lambda::model
